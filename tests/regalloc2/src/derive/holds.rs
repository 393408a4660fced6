//! The vregs that allocations hold.

use std::collections::{BTreeMap, BTreeSet};

use regalloc2::{Allocation, Block, Function, Inst, OperandKind, OperandPos, Output, VReg};

use super::live::Live;
use super::{MoveOrInst, edges, events, flow, operands};

/// The vregs that each place holds. A place that holds nothing of interest is absent.
pub(super) type State = BTreeMap<Allocation, Vec<VReg>>;

/// The vregs that places hold, at the start of each block and at each safepoint.
pub(super) struct Holds {
    /// At the start of each block; `None` if the block is not reached.
    starts: Vec<Option<State>>,
    at: BTreeMap<Inst, State>,
}

impl Holds {
    pub(super) fn new<F: Function>(
        function: &F,
        output: &Output,
        references: &BTreeSet<VReg>,
        live: &Live,
        safepoints: &BTreeSet<Inst>,
    ) -> Self {
        // Vregs that later become references have to be followed, too.
        let mut followed = references.clone();
        flow(function, &mut followed, |param, argument| (param, argument));
        let mut holds = Holds {
            starts: vec![None; function.num_blocks()],
            at: safepoints.iter().map(|&inst| (inst, State::new())).collect(),
        };
        let entry = function.entry_block().index();
        holds.starts[entry] = Some(State::new());
        let walk = Walk { function, output, followed, safepoints };
        let mut due = BTreeSet::from([entry]);
        while let Some(block) = due.pop_first() {
            let block = Block::new(block);
            let Some(mut state) = holds.starts[block.index()].clone() else { continue };
            walk.block(block, &mut state, &mut holds.at);
            for (target, copies) in edges(function, block) {
                let passed = walk.edge(&state, &copies, live, target);
                let known = &mut holds.starts[target.index()];
                let met = match known {
                    None => passed,
                    Some(known) => meet(known, &passed),
                };
                if known.as_ref() != Some(&met) {
                    *known = Some(met);
                    due.insert(target.index());
                }
            }
        }
        holds
    }

    /// Returns the vregs that places hold at a safepoint.
    pub(super) fn at(&self, inst: Inst) -> &State {
        &self.at[&inst]
    }
}

fn meet(a: &State, b: &State) -> State {
    let both = a.iter().filter_map(|(place, vregs)| {
        let other = b.get(place)?;
        let vregs: Vec<VReg> = vregs.iter().copied().filter(|v| other.contains(v)).collect();
        (!vregs.is_empty()).then_some((*place, vregs))
    });
    both.collect()
}

struct Walk<'a, F> {
    function: &'a F,
    output: &'a Output,
    followed: BTreeSet<VReg>,
    safepoints: &'a BTreeSet<Inst>,
}

impl<F: Function> Walk<'_, F> {
    fn block(&self, block: Block, state: &mut State, at: &mut BTreeMap<Inst, State>) {
        for event in events(self.function, self.output, block) {
            match event {
                MoveOrInst::Move { from, to } => {
                    let held = state.get(&from).cloned().unwrap_or_default();
                    self.write(state, to, held);
                }
                MoveOrInst::Inst(inst) => {
                    self.define(state, inst, OperandPos::Early);
                    if self.safepoints.contains(&inst) {
                        at.insert(inst, state.clone());
                    }
                    self.define(state, inst, OperandPos::Late);
                    for register in self.function.inst_clobbers(inst) {
                        state.remove(&Allocation::reg(register));
                    }
                }
            }
        }
    }

    fn define(&self, state: &mut State, inst: Inst, pos: OperandPos) {
        for (def, place) in operands(self.function, self.output, inst, OperandKind::Def, pos) {
            state.values_mut().for_each(|vregs| vregs.retain(|&vreg| vreg != def.vreg()));
            // The vreg is recorded even if it is not followed, since its class determines the
            // width of the place.
            self.write(state, place, vec![def.vreg()]);
        }
    }

    /// Writes a place, and invalidates all places that overlap it.
    fn write(&self, state: &mut State, place: Allocation, held: Vec<VReg>) {
        let width = |held: &[VReg]| {
            held.first().map_or(1, |vreg| self.function.spillslot_size(vreg.class()))
        };
        if let Some(slot) = place.as_stack() {
            let written = slot.index()..slot.index() + width(&held);
            state.retain(|other, vregs| match other.as_stack() {
                Some(slot) => {
                    let end = slot.index() + width(vregs);
                    slot.index() >= written.end || end <= written.start
                }
                None => true,
            });
        }
        let held: Vec<VReg> = held.into_iter().filter(|v| self.followed.contains(v)).collect();
        match held.is_empty() {
            true => state.remove(&place),
            false => state.insert(place, held),
        };
    }

    /// Returns the state after an edge, restricted to live places.
    fn edge(&self, state: &State, copies: &[(VReg, VReg)], live: &Live, target: Block) -> State {
        let mut passed = State::new();
        for (&place, vregs) in state {
            if !live.start(target).contains(&place) {
                continue;
            }
            let bound = |vreg: &VReg| copies.iter().any(|(param, _)| param == vreg);
            let kept = vregs.iter().copied().filter(|vreg| !bound(vreg));
            let params = copies.iter().filter(|(_, argument)| vregs.contains(argument));
            let params = params.map(|&(param, _)| param).filter(|p| self.followed.contains(p));
            let mut held: Vec<VReg> = kept.chain(params).collect();
            held.sort_unstable();
            held.dedup();
            if !held.is_empty() {
                passed.insert(place, held);
            }
        }
        passed
    }
}
