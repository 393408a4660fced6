//! What is known, but may turn out to be otherwise when more records come.

use std::collections::VecDeque;

use super::sets::Id;
use crate::log::error::LogError;

/// Functions that take so much room are not held back until others have come.
const ROOM: usize = 2048;

/// The functions that had their sets assigned last, and the errors between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    items: VecDeque<Item>,
    functions: usize,
    room: usize,
}

/// What is held back.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Function {
        id: Id,
        /// How much room it takes.
        weight: usize,
    },
    /// Held back so that it does not come before what came before it.
    Error(LogError),
}

impl Window {
    /// Holds something back.
    pub(super) fn push(&mut self, item: Item) {
        if let Item::Function { weight, .. } = item {
            self.functions += 1;
            self.room += weight;
        }
        self.items.push_back(item);
    }

    /// What need not be held back any longer, if so many functions are.
    pub(super) fn pop(&mut self, most: usize) -> Option<Item> {
        let is_error = matches!(self.items.front(), Some(Item::Error(_)));
        match is_error || self.functions > most || self.room > ROOM {
            true => self.pop_any(),
            false => None,
        }
    }

    /// The first thing that is held back.
    pub(super) fn pop_any(&mut self) -> Option<Item> {
        let item = self.items.pop_front();
        if let Some(Item::Function { weight, .. }) = item {
            self.functions -= 1;
            self.room -= weight;
        }
        item
    }

    /// The functions that are held back.
    pub(super) fn functions(&self) -> impl Iterator<Item = Id> {
        self.items.iter().filter_map(|item| match item {
            Item::Function { id, .. } => Some(*id),
            Item::Error(_) => None,
        })
    }
}
