//! The checker: both programs in lockstep, each block once.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::reject::{Place, Rejected, Rule, rejected};
use super::state::{References, State};
use super::{Certificate, Claim, Entry, Reference};
use crate::Collector;
use crate::model::{After, Before, Block, Cell, EdgeIndex, Location, Slot, Value};

/// Checks that the certificate proves that `after` does on every path what `before` does.
/// Trusts neither the certificate nor the two programs, and never panics.
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
    checker.distinct()?;
    checker.start()?;
    for (place, entry) in blocks.iter().enumerate() {
        checker.block(place, entry)?;
    }
    checker.listed(certificate)
}

/// Both programs, the certificate, and the progress of the checker.
pub(super) struct Checker<'c> {
    pub(super) before: &'c Before,
    pub(super) declared: BTreeSet<Value>,
    pub(super) after: &'c After,
    pub(super) collector: Collector,
    cells: FxHashMap<Slot, Vec<(Cell, Location)>>,
    pub(super) references: References,
    pub(super) blocks: &'c [Entry],
    /// The position of each block in the list.
    pub(super) places: FxHashMap<Block, usize>,
    /// The blocks that are the target of a checked edge.
    pub(super) reached: BTreeSet<Block>,
    /// The values into which a reference listed before them flows.
    received: BTreeSet<Value>,
}

pub(super) type Checked = Result<(), Rejected>;

impl Checker<'_> {
    /// Returns the counterpart of a block in *before*, or `Some(None)` if it has none;
    /// `None` if either block does not exist.
    pub(super) fn counterpart(&self, block: Block) -> Option<Option<Block>> {
        let exists = block.index() < self.after.block_count();
        let counterpart = exists.then(|| self.after.counterpart(block));
        counterpart.filter(|m| m.is_none_or(|m| m.index() < self.before.block_count()))
    }

    /// M2: no two locations are one SSA value or one register: what is written to one of
    /// them is in none of the others. Cells that share bytes are known to.
    fn distinct(&self) -> Checked {
        self.after.repeated_location().map_or(Ok(()), |at| {
            let expected = "locations that are not one value or register";
            Err(rejected(Rule::M2, Place::Location(at), expected, "one that is listed twice"))
        })
    }

    /// L1: a listed block is entered by an edge of a block listed before it. Its counterpart is one
    /// of *before*, or is a split-edge block, on one edge. It is left by as many edges as that
    /// block, or by one.
    fn block(&mut self, place: usize, entry: &Entry) -> Checked {
        let &Entry { block, pending, ref nulls, ref claims } = entry;
        let wrong = |expected, found| rejected(Rule::L1, Place::Block(block), expected, found);
        let expected = "each block once, after one that leads to it";
        if !self.reached.contains(&block) {
            return Err(wrong(expected, "one that none has led to"));
        }
        if self.places[&block] != place {
            return Err(wrong(expected, "one that is listed again"));
        }
        let counterpart = self.counterpart(block);
        let counterpart = counterpart.ok_or_else(|| wrong(expected, "one that does not exist"))?;
        let edges = match (counterpart, pending) {
            (Some(counterpart), None) if self.before.is_terminated(counterpart) => {
                self.before.edges(counterpart).len()
            }
            (Some(_), None) => return Err(wrong("a block of before that ends", "none")),
            (None, Some(_)) => 1,
            (Some(_), Some(_)) | (None, None) => {
                return Err(wrong("a split-edge block on an edge, or another on none", "neither"));
            }
        };
        if !self.after.is_terminated(block) || edges != self.after.edges(block).len() {
            let expected = "a block that is left by as many edges as in before";
            return Err(wrong(expected, "another number"));
        }
        let mut state = State::default();
        nulls.iter().for_each(|&null| state.know_null(null));
        claims.iter().for_each(|Claim { at, fact }| state.know(*at, fact.clone()));
        self.instructions(&mut state, block, counterpart)?;
        for (i, edge) in self.after.edges(block).enumerate() {
            let taken = counterpart.map(|counterpart| (counterpart, EdgeIndex::new(i))).or(pending);
            let taken = taken.ok_or_else(|| wrong("a block on an edge", "one on none"))?;
            self.edge(&state, place, taken, edge)?;
        }
        Ok(())
    }

    /// L1: the block performs all operations of its counterpart, in order; a split-edge
    /// block performs none.
    fn instructions(
        &mut self,
        state: &mut State,
        block: Block,
        counterpart: Option<Block>,
    ) -> Checked {
        let wrong = |found| {
            let expected = "all operations of the counterpart block, and no more";
            rejected(Rule::L1, Place::Block(block), expected, found)
        };
        let mut operations = counterpart.map(|b| self.before.operations(b)).into_iter().flatten();
        for id in self.after.instructions(block) {
            let operation = match self.after.instruction(id).performs {
                true => Some(operations.next().ok_or_else(|| wrong("one more"))?),
                false => None,
            };
            self.instruction(state, id, operation.map(|id| self.before.operation(id)))?;
        }
        operations.next().map_or(Ok(()), |_| Err(wrong("less")))
    }

    /// R1: what is declared, and no null constant, is listed. R2: and what is listed is
    /// declared, or was seen to receive a value listed earlier.
    fn listed(&self, certificate: &Certificate) -> Checked {
        let wrong = |rule, &value: &Value, expected, found| {
            Err(rejected(rule, Place::Value(value), expected, found))
        };
        if let Some(value) = self.declared.iter().find(|&v| !self.references.contains_key(v)) {
            return wrong(
                Rule::R1,
                value,
                "all that is declared to be listed",
                "this, which is not",
            );
        }
        let is_one = |value| self.declared.contains(value) || self.received.contains(value);
        match certificate.references.iter().find(|listed| !is_one(&listed.value)) {
            Some(Reference { value, .. }) => {
                let expected = "what is declared, or receives what is listed earlier";
                wrong(Rule::R2, value, expected, "neither")
            }
            None => Ok(()),
        }
    }

    pub(super) fn cell(&self, at: Location) -> Option<Cell> {
        (at.index() < self.after.location_count()).then(|| self.after.cell(at)).flatten()
    }

    /// Returns the other cells that share bytes with this one.
    pub(super) fn overlapping(&self, at: Location) -> impl Iterator<Item = Location> {
        let cell = self.cell(at);
        let cells = cell.and_then(|cell| self.cells.get(&cell.slot)).into_iter().flatten();
        let overlaps = move |other: Cell| cell.is_some_and(|cell| cell.overlaps(other));
        cells.filter(move |c| c.1 != at && overlaps(c.0)).map(|&(_, place)| place)
    }

    pub(super) fn overwrite(&self, state: &mut State, at: Location) {
        self.overlapping(at).chain([at]).for_each(|at| state.clobber(at));
    }

    /// R1: where a listed value is passed to a parameter, or through a `bitcast` or as an arm
    /// of a `select`, what receives it is listed. R2: and is a reference, if it is listed
    /// later.
    pub(super) fn flow(&mut self, from: Value, to: Value) -> Checked {
        let rank = |value| self.references.get(&value).map(|(rank, _)| *rank);
        match (rank(from), rank(to)) {
            (Some(_), None) => {
                let expected = format!("{to:?} to be listed, which receives {from:?}");
                Err(rejected(Rule::R1, Place::Value(to), expected, "no entry"))
            }
            (Some(earlier), Some(later)) if earlier < later => {
                self.received.insert(to);
                Ok(())
            }
            (Some(_), Some(_)) | (None, _) => Ok(()),
        }
    }
}
