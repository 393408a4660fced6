//! The worklist: the order in which blocks are visited until nothing changes.

use std::collections::BTreeSet;

use crate::model::Block;

/// Blocks still to be visited, in sweeps over a fixed order: forwards through
/// the blocks that are due, then again from the first.
///
/// Sweeps, and not a plain worklist: a block inside nested loops then waits for
/// the rest of the sweep instead of being visited for every change around it.
#[derive(Debug)]
pub(crate) struct Worklist {
    order: Vec<Block>,
    place: Vec<usize>,
    due: BTreeSet<usize>,
    cursor: usize,
}

impl Worklist {
    /// All blocks of `order` are due.
    pub(crate) fn new(order: impl IntoIterator<Item = Block>, blocks: usize) -> Self {
        let order: Vec<Block> = order.into_iter().collect();
        let mut place = vec![usize::MAX; blocks];
        for (i, block) in order.iter().enumerate() {
            place[block.index()] = i;
        }
        Worklist { due: (0..order.len()).collect(), order, place, cursor: 0 }
    }

    /// Makes a block due, if it is in the order.
    pub(crate) fn push(&mut self, block: Block) {
        let place = self.place[block.index()];
        if place != usize::MAX {
            self.due.insert(place);
        }
    }

    /// The next block that is due.
    pub(crate) fn pop(&mut self) -> Option<Block> {
        let ahead = self.due.range(self.cursor..).next();
        let place = ahead.or_else(|| self.due.first()).copied()?;
        self.due.remove(&place);
        self.cursor = place + 1;
        Some(self.order[place])
    }
}
