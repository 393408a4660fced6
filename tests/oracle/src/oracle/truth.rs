//! The facts that hold when blocks are entered.

use std::collections::{BTreeSet, HashSet};

use stackmap_verifier::Collector;
use stackmap_verifier::model::{Block, EdgeIndex, Location, Value};

use super::references::may_be;
use super::run::{Machine, Position};
use super::state::State;
use crate::program::Built;

/// An execution, where it enters a block.
#[derive(Clone, Debug)]
pub struct Moment {
    position: Position,
    state: State,
}

impl Moment {
    /// The block that is entered.
    pub fn block(&self) -> Block {
        self.position.block
    }

    /// In a split-edge block, the edge that *before* is about to take.
    pub fn pending(&self) -> Option<(Block, EdgeIndex)> {
        self.position.pending
    }

    /// Whether the location holds a fresh instance of the value.
    pub fn holds(&self, at: Location, value: Value) -> bool {
        self.state.holds(at, value)
    }

    /// Whether the location holds a fresh reference, or null.
    pub fn holds_reference(&self, at: Location) -> bool {
        self.state.root(at).is_none()
    }

    /// Whether the value means null.
    pub fn is_null(&self, value: Value) -> bool {
        self.state.is_null(value)
    }

    /// Whether the location holds null.
    pub fn holds_null(&self, at: Location) -> bool {
        self.state.holds_null(at)
    }

    /// Whether the value is a reference or null; `None` if it is not defined yet.
    pub fn is_reference(&self, value: Value) -> Option<bool> {
        self.state.is_a_reference(value)
    }
}

/// Returns the values that are references on some path.
pub fn references(pair: &Built) -> BTreeSet<Value> {
    may_be(&pair.before, &pair.declared)
}

/// The maximum number of moments.
const MOST_MOMENTS: usize = 500;

/// Returns every state in which a block is entered, on any path, with the contents of locations
/// and the meaning of values. `None` if there are too many, or if the two programs cannot run
/// in lockstep.
pub fn moments(pair: &Built, collector: Collector) -> Option<Vec<Moment>> {
    let machine = Machine::remembering(pair, collector);
    let mut seen = HashSet::new();
    let mut moments: Vec<Moment> = Vec::new();
    let mut due = vec![machine.start().ok()?];
    while let Some((position, state)) = due.pop() {
        if !seen.insert((position, state.clone())) {
            continue;
        }
        moments.push(Moment { position, state: state.clone() });
        if moments.len() > MOST_MOMENTS {
            return None;
        }
        let mut state = state;
        let ran = machine.block(position, &mut state);
        let (reached, faults) = machine.leave(position, &state);
        let is_wrong = ran.parts.is_some() || !ran.misplaced.is_empty() || !faults.is_empty();
        if is_wrong || ran.unknown.is_some() {
            return None;
        }
        due.extend(reached.into_iter().map(|(_, next)| next));
    }
    Some(moments)
}
