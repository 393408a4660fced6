//! Correct stack maps, computed from an allocation that is assumed to be correct.
//!
//! A map must list every place that holds a reference and is read again. Two analyses compute
//! those places in regalloc2's own terms, so that no part of `stackmap-regalloc2` or of the
//! verifier is used:
//!
//! * backwards, which allocations are **live**: will be read before they are
//!   written (union over paths);
//! * forwards, which vregs each allocation **holds** (intersection over paths),
//!   for the allocations that are live and the vregs that matter.

mod holds;
mod live;

use std::collections::BTreeSet;

use regalloc2::{
    Allocation, Block, Edit, Function, Inst, InstPosition, Operand, OperandKind, OperandPos,
    Output, ProgPoint, VReg,
};
use stackmap_regalloc2::{Root, Safepoint};

/// Adds all vregs that receive a reference through a block parameter.
pub fn close<F: Function>(function: &F, references: &mut BTreeSet<VReg>) {
    flow(function, references, |param, argument| (argument, param));
}

/// Adds all vregs that are passed to a reference as a block argument, so that no reference
/// receives anything else.
pub fn widen<F: Function>(function: &F, references: &mut BTreeSet<VReg>) {
    let mut size = usize::MAX;
    while size != references.len() {
        size = references.len();
        close(function, references);
        flow(function, references, |param, argument| (param, argument));
    }
}

/// Whether some reference receives a vreg that is none. The allocator may put both into one root,
/// and a collector that moves objects then changes the other.
pub fn are_mixed<F: Function>(function: &F, references: &[VReg]) -> bool {
    let mut all: BTreeSet<VReg> = references.iter().copied().collect();
    let known = all.len();
    widen(function, &mut all);
    all.len() > known
}

/// Adds to `set` all vregs that flow from a member, as given by `step`.
fn flow<F: Function>(
    function: &F,
    set: &mut BTreeSet<VReg>,
    step: impl Fn(VReg, VReg) -> (VReg, VReg),
) {
    let mut copies: Vec<(VReg, VReg)> = Vec::new();
    for block in (0..function.num_blocks()).map(Block::new) {
        copies.extend(edges(function, block).flat_map(|(_, copies)| copies));
    }
    let mut size = usize::MAX;
    while size != set.len() {
        size = set.len();
        for &(param, argument) in &copies {
            let (from, to) = step(param, argument);
            if set.contains(&from) {
                set.insert(to);
            }
        }
    }
}

/// Returns the edges out of a block: the target and the `(parameter, argument)` pairs of each.
fn edges<F: Function>(
    function: &F,
    block: Block,
) -> impl Iterator<Item = (Block, Vec<(VReg, VReg)>)> + '_ {
    let last = function.block_insns(block).last();
    function.block_succs(block).iter().enumerate().map(move |(i, &target)| {
        let params = function.block_params(target).iter().copied();
        let arguments = function.branch_blockparams(block, last, i).iter().copied();
        (target, params.zip(arguments).collect())
    })
}

/// An event in a block.
#[derive(Clone, Copy, Debug)]
enum MoveOrInst {
    Move { from: Allocation, to: Allocation },
    Inst(Inst),
}

/// Returns a block's edits and instructions, in order.
fn events<F: Function>(function: &F, output: &Output, block: Block) -> Vec<MoveOrInst> {
    let mut events = Vec::new();
    let range = function.block_insns(block);
    let start = ProgPoint::before(range.first());
    let mut next = output.edits.partition_point(|&(point, _)| point < start);
    for inst in range.iter() {
        while let Some(&(point, Edit::Move { from, to })) = output.edits.get(next)
            && point <= ProgPoint::new(inst, InstPosition::Before)
        {
            events.push(MoveOrInst::Move { from, to });
            next += 1;
        }
        events.push(MoveOrInst::Inst(inst));
    }
    events
}

/// Returns the operands of an instruction with this kind and position, with their places.
fn operands<'a, F: Function>(
    function: &'a F,
    output: &'a Output,
    inst: Inst,
    kind: OperandKind,
    pos: OperandPos,
) -> impl Iterator<Item = (Operand, Allocation)> + 'a {
    let operands = function.inst_operands(inst).iter().copied();
    operands
        .zip(output.inst_allocs(inst).iter().copied())
        .filter(move |(o, _)| o.kind() == kind && o.pos() == pos)
        .filter(|(o, _)| o.as_fixed_nonallocatable().is_none())
}

/// Returns the registers that hold a reference when one of these safepoints begins and that it
/// clobbers or returns a result in. They do not belong in its map.
pub fn overwritten<F: Function>(
    function: &F,
    output: &Output,
    references: &BTreeSet<VReg>,
    safepoints: &BTreeSet<Inst>,
) -> Vec<(Inst, Root)> {
    let live = live::Live::new(function, output, safepoints);
    let held = holds::Holds::new(function, output, references, &live, safepoints);
    let mut found = Vec::new();
    for &inst in safepoints {
        let results = operands(function, output, inst, OperandKind::Def, OperandPos::Late);
        let mut gone: BTreeSet<Allocation> = results.map(|(_, place)| place).collect();
        gone.extend(function.inst_clobbers(inst).into_iter().map(Allocation::reg));
        let holds = held.at(inst).iter().filter(|(place, _)| gone.contains(place));
        let references = holds.filter(|(_, vregs)| vregs.iter().any(|v| references.contains(v)));
        let registers = references.filter_map(|(place, _)| place.as_reg());
        found.extend(registers.map(|register| (inst, Root::Register(register))));
    }
    found
}

/// Returns the stack maps of these safepoints: each place that holds a reference and is read
/// again, in order.
///
/// Cost: a few walks over the function, times the number of live places in a block.
pub fn maps<F: Function>(
    function: &F,
    output: &Output,
    references: &BTreeSet<VReg>,
    safepoints: &BTreeSet<Inst>,
) -> Vec<Safepoint> {
    let live = live::Live::new(function, output, safepoints);
    let held = holds::Holds::new(function, output, references, &live, safepoints);
    let root = |(&place, vregs): (&Allocation, &Vec<VReg>)| {
        let reference = vregs.iter().find(|vreg| references.contains(vreg))?;
        Root::new(place, reference.class())
    };
    let maps = safepoints.iter().map(|inst| {
        let state = held.at(*inst);
        let read = live.at(*inst);
        let held = state.iter().filter(|(place, _)| read.contains(place));
        Safepoint { inst: *inst, roots: held.filter_map(root).collect() }
    });
    maps.collect()
}
