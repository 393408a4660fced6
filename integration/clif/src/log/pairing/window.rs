//! Results that are held back because later records may change them.

use std::collections::VecDeque;

use super::sets::Id;
use crate::log::error::LogError;

/// The weight of held-back functions above which they are released early.
const ROOM: usize = 2048;

/// The functions whose sets were assigned last, and the errors between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    items: VecDeque<Item>,
    functions: usize,
    room: usize,
}

/// An item that is held back.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Function {
        id: Id,
        /// The weight of the function.
        weight: usize,
    },
    /// An error that is held back only to keep the results in order.
    Error(LogError),
}

impl Window {
    /// Holds an item back.
    pub(super) fn push(&mut self, item: Item) {
        if let Item::Function { weight, .. } = item {
            self.functions += 1;
            self.room += weight;
        }
        self.items.push_back(item);
    }

    /// Removes and returns the first item, if it is an error, if more than `most` functions are
    /// held back, or if their weight exceeds [`ROOM`].
    pub(super) fn pop(&mut self, most: usize) -> Option<Item> {
        let is_error = matches!(self.items.front(), Some(Item::Error(_)));
        match is_error || self.functions > most || self.room > ROOM {
            true => self.pop_any(),
            false => None,
        }
    }

    /// Removes and returns the first item.
    pub(super) fn pop_any(&mut self) -> Option<Item> {
        let item = self.items.pop_front();
        if let Some(Item::Function { weight, .. }) = item {
            self.functions -= 1;
            self.room -= weight;
        }
        item
    }

    /// Returns the functions that are held back.
    pub(super) fn functions(&self) -> impl Iterator<Item = Id> {
        self.items.iter().filter_map(|item| match item {
            Item::Function { id, .. } => Some(*id),
            Item::Error(_) => None,
        })
    }
}
