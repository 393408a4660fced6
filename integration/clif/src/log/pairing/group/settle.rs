//! Keeps what is known about functions provisional until no later record can change it.

use std::collections::VecDeque;

use super::Group;
use crate::log::pairing::function::Function;
use crate::log::pairing::sets::{Id, NEAR, Sets};
use crate::log::pairing::window::Item;
use crate::log::recording::LogResult;

impl Group {
    /// Marks the sets of the most recent functions as ambiguous.
    pub(super) fn doubt(&mut self) {
        for id in self.recent.functions() {
            if let Some(function) = self.functions.get_mut(&id)
                && matches!(function.sets, Sets::Known(_))
            {
                function.sets = Sets::Ambiguous;
                self.afters.reopen(id, function);
            }
        }
    }

    /// Marks the most recent functions as in doubt, unless one thread has written them: an error
    /// found in them is not certain.
    pub(super) fn doubt_verdicts(&mut self) {
        if self.one_thread {
            return;
        }
        for id in self.recent.functions() {
            if let Some(function) = self.functions.get_mut(&id) {
                function.in_doubt = true;
            }
        }
    }

    /// Settles the sets of a function after further functions have come.
    pub(super) fn settle_later(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        let weight = self.functions.get(&id).map_or(0, Function::weight);
        self.recent.push(Item::Function { id, weight });
        self.suspicious = self.suspicious.filter(|until| self.next < *until);
        // A missing record shows when later functions come without a counterpart: at once if there
        // is one thread, and later the more threads there are.
        while let Some(item) = self.recent.pop(NEAR) {
            self.settle(item, ready);
        }
    }

    pub(super) fn settle(&mut self, item: Item, ready: &mut VecDeque<LogResult>) {
        match item {
            Item::Error(error) => ready.push_back(Err(error)),
            Item::Function { id, .. } => {
                if let Some(function) = self.functions.get_mut(&id) {
                    function.settled = true;
                }
                self.pass_on(id, ready);
            }
        }
    }

    /// Passes a function on, if nothing about it is open any more.
    pub(super) fn pass_on(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        if self.functions.get(&id).is_some_and(Function::is_done) {
            self.finish(id, ready);
        }
    }

    pub(super) fn finish(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        if let Some(function) = self.functions.remove(&id) {
            self.weight -= function.weight();
            let header = function.before.header();
            if let Some(same) = self.headers.get_mut(header) {
                same.remove(&id);
                if same.is_empty() {
                    self.headers.remove(header);
                }
            }
            ready.extend(function.finish());
        }
    }
}
