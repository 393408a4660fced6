//! The checker: both programs in lockstep, each block once.

use std::collections::BTreeSet;
use std::iter;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::state::{References, State, holds, is_always, reference};
use super::{Certificate, Claim, Entry, Fact, Otherwise, Rejected};
use crate::Collector;
use crate::model::{
    Action, After, Before, Block, Cell, Edge, EdgeIndex, InstructionId, Location, Operation,
    OperationKind, Slot, SlotData, SlotOwner, Value,
};

/// Checks that the certificate proves that `after` does on every path what `before`
/// does. Trusts neither it nor the two programs, and panics for none.
///
/// # Errors
///
/// [`Rejected`] if it does not: the first rule that is broken.
///
/// Cost: linear in both programs and, for each edge, in the claims of its target. A
/// write to a cell costs one step for each cell of its slot.
pub fn check(
    before: &Before,
    declared: &[Value],
    after: &After,
    collector: Collector,
    certificate: &Certificate,
) -> Result<(), Rejected> {
    let set = |values: &[Value]| values.iter().copied().collect::<BTreeSet<Value>>();
    let listed = certificate.references.iter().enumerate();
    let blocks = &certificate.blocks;
    let mut checker = Checker {
        before,
        // A null constant is no reference, declared or not.
        declared: &set(declared) - &set(before.nulls()),
        after,
        collector,
        cells: FxHashMap::default(),
        references: listed.map(|(rank, listed)| (listed.value, (rank, *listed))).collect(),
        places: blocks.iter().enumerate().map(|(place, entry)| (entry.block, place)).collect(),
        blocks,
        reached: BTreeSet::from([Block::new(0)]),
        received: BTreeSet::new(),
    };
    for at in after.locations() {
        if let Some(cell) = after.cell(at) {
            checker.cells.entry(cell.slot).or_default().push((cell, at));
        }
    }
    checker.start()?;
    for (place, entry) in blocks.iter().enumerate() {
        checker.block(place, entry)?;
    }
    // R2: what is declared is a reference; and what is one is declared or receives one.
    let Checker { declared, references, received, .. } = checker;
    let is_one = |value| declared.contains(value) || received.contains(value);
    let mut all = declared.iter().chain(certificate.references.iter().map(|r| &r.value));
    let wrong = all.find(|&value| !is_one(value) || !references.contains_key(value));
    wrong.map_or(Ok(()), |&v| Err(Rejected::Reference(v, "is wrongly listed, or not listed")))
}

struct Checker<'c> {
    before: &'c Before,
    declared: BTreeSet<Value>,
    after: &'c After,
    collector: Collector,
    cells: FxHashMap<Slot, Vec<(Cell, Location)>>,
    references: References,
    blocks: &'c [Entry],
    /// Where each block is in the list.
    places: FxHashMap<Block, usize>,
    /// The blocks an edge was seen to enter.
    reached: BTreeSet<Block>,
    /// The values that a reference listed before them was seen to flow into.
    received: BTreeSet<Value>,
}

type Checked = Result<(), Rejected>;

impl Checker<'_> {
    /// S1: the function is entered, and its parameters are defined.
    fn start(&self) -> Checked {
        let entry = Block::new(0);
        let wrong = Rejected::Block(entry, "is not where both functions begin");
        let first = self.blocks.first().filter(|first| first.block == entry).ok_or(wrong)?;
        self.mirrors(entry).filter(|&mirrored| mirrored == Some(entry)).ok_or(wrong)?;
        let (values, places) = (self.before.params(entry), self.after.params(entry));
        if values.len() != places.len() {
            return Err(wrong);
        }
        let mut state = State::default();
        for (&value, &at) in values.iter().zip(places) {
            self.overwrite(&mut state, at);
            state.define(value, at);
            if is_always(&self.references, value) && !self.declared.contains(&value) {
                return Err(Rejected::Reference(value, "is whatever the caller passes"));
            }
        }
        self.claims(&state, first, &FxHashMap::default(), &FxHashMap::default())
    }

    /// The block of *before* that a block mirrors, if any; or nothing if that or the
    /// block itself does not exist.
    fn mirrors(&self, block: Block) -> Option<Option<Block>> {
        let exists = block.index() < self.after.block_count();
        let mirrored = exists.then(|| self.after.mirrors(block));
        mirrored.filter(|m| m.is_none_or(|m| m.index() < self.before.block_count()))
    }

    /// Whether what is claimed of a block's start is known to hold before it is entered, if
    /// it is read back over what is `moved` to after parameters and `meant` by those of
    /// *before*.
    fn claims(
        &self,
        state: &State,
        entry: &Entry,
        moved: &FxHashMap<Location, Location>,
        meant: &FxHashMap<Value, Value>,
    ) -> Checked {
        let value = |value: &Value| *meant.get(value).unwrap_or(value);
        if let Some(&null) = entry.nulls.iter().find(|null| !state.is_null(value(null))) {
            return Err(Rejected::Null(entry.block, null));
        }
        // A declared parameter makes a reference of what it receives.
        let made = meant.iter().filter(|(param, _)| self.declared.contains(param));
        let made: SmallVec<[Value; 2]> = made.map(|(_, &argument)| argument).collect();
        let is_proved = |Claim { at, fact }: &Claim| {
            let any = fact.otherwise == Otherwise::Reference;
            let made = made.iter().copied().filter(|_| any);
            let values = fact.values.iter().map(value).chain(made).collect();
            let fact = Fact { values, otherwise: fact.otherwise };
            state.proves(&self.references, *moved.get(at).unwrap_or(at), &fact)
        };
        let unproved = entry.claims.iter().find(|claim| !is_proved(claim));
        unproved.map_or(Ok(()), |claim| Err(Rejected::Claim(entry.block, claim.at)))
    }

    /// L1: the block performs all operations of the one it mirrors, in order, and is
    /// left by as many edges; a landing block performs none, and is left by one edge.
    fn block(&mut self, place: usize, entry: &Entry) -> Checked {
        let &Entry { block, pending, ref nulls, ref claims } = entry;
        let wrong = |why| Rejected::Block(block, why);
        let known = self.reached.contains(&block) && self.places[&block] == place;
        let mirrored = self.mirrors(block).filter(|_| known);
        let mirrored = mirrored.ok_or(wrong("is listed twice, or before all that lead to it"))?;
        let edges = match (mirrored, pending) {
            (Some(mirrored), None) => self.before.edges(mirrored).len(),
            (None, Some(_)) => 1,
            (Some(_), Some(_)) | (None, None) => return Err(wrong("is on no edge, or two")),
        };
        let ends = mirrored.is_none_or(|mirrored| self.before.is_terminated(mirrored));
        if !ends || !self.after.is_terminated(block) || edges != self.after.edges(block).len() {
            return Err(wrong("is left in another way than in the before function"));
        }
        let mut state = State::default();
        nulls.iter().for_each(|&null| state.know_null(null));
        for Claim { at, fact } in claims {
            state.know(*at, fact.clone());
        }
        let mut operations = mirrored.map(|b| self.before.operations(b)).into_iter().flatten();
        for id in self.after.instructions(block) {
            let operation = match self.after.instruction(id).performs {
                true => Some(operations.next().ok_or(wrong("performs too many operations"))?),
                false => None,
            };
            self.instruction(&mut state, id, operation.map(|id| self.before.operation(id)))?;
        }
        if operations.next().is_some() {
            return Err(wrong("performs too few operations"));
        }
        for (i, edge) in self.after.edges(block).enumerate() {
            let taken = mirrored.map(|mirrored| (mirrored, EdgeIndex::new(i))).or(pending);
            self.edge(&state, place, taken.ok_or(wrong("is on no edge"))?, edge)?;
        }
        Ok(())
    }

    /// L2: the instruction reads each operand, writes each result once, and lets the
    /// collector run if its operation does. One without an operation moves, writes null and
    /// clobbers.
    fn instruction(
        &mut self,
        state: &mut State,
        id: InstructionId,
        operation: Option<Operation<'_>>,
    ) -> Checked {
        let wrong = |why| Rejected::Instruction(id, why);
        let (uses, defs) = operation.map_or((&[][..], &[][..]), |o| (o.uses, o.defs));
        let mut read: SmallVec<[bool; 16]> = smallvec![false; uses.len()];
        let mut written: SmallVec<[u32; 4]> = smallvec![0; defs.len()];
        let is = |kind| operation.is_some_and(|operation| operation.kind == kind);
        let mut safepoints = 0;
        for &action in self.after.instruction(id).actions {
            self.memory(action, operation.is_none()).map_err(wrong)?;
            match action {
                // O1: what is read is the instance that the program means.
                Action::Use { operand, at } => {
                    *read.get_mut(operand as usize).ok_or(wrong("reads too much"))? = true;
                    if !state.proves(&self.references, at, &holds(uses[operand as usize])) {
                        return Err(Rejected::Unproved(id, at, "what the program means"));
                    }
                }
                Action::Define { result, at } => {
                    *written.get_mut(result as usize).ok_or(wrong("writes too much"))? += 1;
                    self.overwrite(state, at);
                    match is(OperationKind::Null) {
                        true => state.null(Some(defs[result as usize]), at),
                        false => state.define(defs[result as usize], at),
                    }
                }
                Action::Null { at } => {
                    self.overwrite(state, at);
                    state.null(None, at);
                }
                Action::Move { from, to } => {
                    let facts = state.copied(&self.references, from);
                    self.overwrite(state, to);
                    facts.into_iter().for_each(|fact| state.know(to, fact));
                }
                Action::Clobber { at } => self.overwrite(state, at),
                // O2: what the collector reads is a fresh reference or null.
                Action::Safepoint { roots } => {
                    safepoints += 1;
                    let roots = self.after.roots(roots);
                    let bad = |at: &&Location| !state.proves(&self.references, **at, &reference());
                    if let Some(&at) = roots.iter().find(bad) {
                        return Err(Rejected::Unproved(id, at, "a fresh reference"));
                    }
                    state.collect(&self.references, roots, self.collector);
                }
            }
        }
        let runs = u32::from(is(OperationKind::Safepoint));
        if read.contains(&false) || written.iter().any(|&n| n != 1) || safepoints != runs {
            return Err(wrong("does not do exactly what its operation does"));
        }
        let forwarded = operation.map_or(&[][..], |operation| operation.forwarded());
        let mut flows = forwarded.iter().flat_map(|&from| defs.iter().map(move |&to| (from, to)));
        flows.try_for_each(|(from, to)| self.flow(from, to))
    }

    /// M1: stack memory is accessed within slots whose addresses nobody else has, by
    /// roots that do not overlap, and the spiller does not write to the program's own.
    fn memory(&self, action: Action, is_spillers: bool) -> Result<(), &'static str> {
        let is_inside = |at, may_escape| {
            let slot = |cell: Cell| self.after.slot(cell.slot).map(|slot| (cell, slot));
            let fits = |(cell, slot): (Cell, &SlotData)| {
                let known = may_escape || slot.escapes.is_none();
                known && cell.size > 0 && cell.end() <= u64::from(slot.size)
            };
            self.cell(at).is_none_or(|cell| slot(cell).is_some_and(fits))
        };
        let owner = |at| self.cell(at).and_then(|cell| Some(self.after.slot(cell.slot)?.owner));
        let is_owned = |at| !is_spillers || owner(at) != Some(SlotOwner::Program);
        let is_right = match action {
            Action::Use { at, .. } | Action::Define { at, .. } => is_inside(at, false),
            Action::Move { from, to } => {
                is_inside(from, false) && is_inside(to, false) && is_owned(to)
            }
            Action::Null { at } => is_inside(at, false) && is_owned(at),
            Action::Clobber { at } => !is_spillers || (is_inside(at, true) && is_owned(at)),
            Action::Safepoint { roots } => {
                let roots = self.after.roots(roots);
                let overlaps = |at| self.overlapping(at).any(|other| roots.contains(&other));
                roots.iter().all(|&at| is_inside(at, false) && !overlaps(at))
            }
        };
        if is_right { Ok(()) } else { Err("accesses what is no place for a value") }
    }

    fn cell(&self, at: Location) -> Option<Cell> {
        (at.index() < self.after.location_count()).then(|| self.after.cell(at)).flatten()
    }

    /// The other cells that share bytes with this one.
    fn overlapping(&self, at: Location) -> impl Iterator<Item = Location> {
        let cell = self.cell(at);
        let cells = cell.and_then(|cell| self.cells.get(&cell.slot)).into_iter().flatten();
        let overlaps = move |other: Cell| cell.is_some_and(|cell| cell.overlaps(other));
        cells.filter(move |c| c.1 != at && overlaps(c.0)).map(|&(_, place)| place)
    }

    fn overwrite(&self, state: &mut State, at: Location) {
        self.overlapping(at).chain([at]).for_each(|at| state.clobber(at));
    }

    /// L3: both take the same edge. S2: what is claimed behind it holds if, read back
    /// over the parallel assignment, it is known in front of it.
    fn edge(
        &mut self,
        state: &State,
        place: usize,
        taken: (Block, EdgeIndex),
        Edge { target, arguments }: Edge<'_, Location>,
    ) -> Checked {
        let from = &self.blocks[place];
        let wrong = |why| Rejected::Block(from.block, why);
        let next = *self.places.get(&target).ok_or(wrong("leads to a block not listed"))?;
        let entry = &self.blocks[next];
        self.reached.insert(target);
        let meant = self.before.edge(taken.0, taken.1).ok_or(wrong("is on no edge"))?;
        let (values, passed) = match self.mirrors(target).ok_or(wrong("leads nowhere"))? {
            Some(block) if block == meant.target => (self.before.params(block), meant.arguments),
            // A landing block. Those on one edge are listed in order: it gets to an end.
            None if entry.pending == Some(taken) && (from.pending.is_none() || place < next) => {
                (&[][..], &[][..])
            }
            Some(_) | None => return Err(wrong("leads elsewhere than in the before function")),
        };
        let params = self.after.params(target);
        let moved: FxHashMap<_, _> = iter::zip(params, arguments).map(|(&p, &a)| (p, a)).collect();
        let meant: FxHashMap<_, _> = iter::zip(values, passed).map(|(&p, &a)| (p, a)).collect();
        let distinct = (moved.len(), meant.len()) == (params.len(), values.len());
        let complete = (params.len(), values.len()) == (arguments.len(), passed.len());
        if !distinct || !complete || params.iter().any(|&at| self.cell(at).is_some()) {
            return Err(wrong("passes what cannot be assigned at once"));
        }
        self.claims(state, entry, &moved, &meant)?;
        for (&param, &argument) in values.iter().zip(passed) {
            self.flow(argument, param)?;
            let always = |value| is_always(&self.references, value);
            if always(param) && !always(argument) && !self.declared.contains(&param) {
                return Err(Rejected::Reference(param, "is none if some edge is taken"));
            }
        }
        Ok(())
    }

    /// R1: what receives a reference is one.
    fn flow(&mut self, from: Value, to: Value) -> Checked {
        let rank = |value| self.references.get(&value).map(|(rank, _)| *rank);
        if rank(from).is_some() && rank(to).is_none() {
            return Err(Rejected::Reference(to, "receives a reference, and is not listed"));
        }
        if rank(from).is_some() && rank(from) < rank(to) {
            self.received.insert(to);
        }
        Ok(())
    }
}
