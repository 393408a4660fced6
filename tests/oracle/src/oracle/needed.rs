//! The values and locations that an execution may still read.
//!
//! States that differ only in contents that are never read again behave alike, and forgetting
//! these contents keeps the states few. Without this module the oracle would give the same
//! answers, but take longer.

use std::collections::BTreeSet;

use stackmap_verifier::model::{Action, After, Before, Block, Location, Value};

/// For each block of *before* the values that may be read from its start on, and
/// for each block of *after* the locations.
pub(super) struct Needed {
    values: Vec<BTreeSet<Value>>,
    locations: Vec<BTreeSet<Location>>,
}

impl Needed {
    pub(super) fn new(before: &Before, after: &After) -> Self {
        Needed {
            values: solve(before.block_count(), |block, needed| values(before, block, needed)),
            locations: solve(after.block_count(), |block, needed| locations(after, block, needed)),
        }
    }

    pub(super) fn value(&self, block: Block, value: Value) -> bool {
        self.values[block.index()].contains(&value)
    }

    pub(super) fn location(&self, block: Block, location: Location) -> bool {
        self.locations[block.index()].contains(&location)
    }
}

type Sets<T> = Vec<BTreeSet<T>>;

fn solve<T: Ord + Clone>(
    blocks: usize,
    needed_at: impl Fn(Block, &Sets<T>) -> BTreeSet<T>,
) -> Sets<T> {
    let mut needed: Sets<T> = vec![BTreeSet::new(); blocks];
    loop {
        let known = needed.clone();
        for block in (0..blocks).rev() {
            needed[block] = needed_at(Block::new(block), &needed);
        }
        if needed == known {
            return needed;
        }
    }
}

fn values(before: &Before, block: Block, needed: &Sets<Value>) -> BTreeSet<Value> {
    let mut read = BTreeSet::new();
    for edge in before.edges(block) {
        let params = before.params(edge.target);
        let behind = needed.get(edge.target.index()).into_iter().flatten();
        read.extend(behind.filter(|value| !params.contains(value)));
        read.extend(edge.arguments);
    }
    for id in before.operations(block).rev() {
        let operation = before.operation(id);
        read.retain(|value| !operation.defs.contains(value));
        read.extend(operation.uses);
    }
    read
}

fn locations(after: &After, block: Block, needed: &Sets<Location>) -> BTreeSet<Location> {
    let mut read = BTreeSet::new();
    for edge in after.edges(block) {
        let params = after.params(edge.target);
        let behind = needed.get(edge.target.index()).into_iter().flatten();
        read.extend(behind.filter(|location| !params.contains(location)));
        read.extend(edge.arguments);
    }
    for id in after.instructions(block).rev() {
        for action in after.instruction(id).actions.iter().rev() {
            match *action {
                Action::Use { at, .. } => drop(read.insert(at)),
                Action::Define { at, .. } | Action::Null { at } | Action::Clobber { at } => {
                    read.remove(&at);
                }
                Action::Move { from, to } => {
                    read.remove(&to);
                    read.insert(from);
                }
                Action::Safepoint { roots } => read.extend(after.roots(roots)),
            }
        }
    }
    read
}
