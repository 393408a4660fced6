//! Functions after, and records that cannot be read.

use std::collections::VecDeque;

use super::{Group, Last};
use crate::log::pairing::function::After;
use crate::log::pairing::sets::Given;
use crate::log::pairing::window::Item;
use crate::log::record::{FunctionText, Loss};
use crate::log::recording::LogResult;

impl Group {
    pub(super) fn after(
        &mut self,
        after: FunctionText,
        line: u32,
        ready: &mut VecDeque<LogResult>,
    ) {
        let last = match self.last {
            Last::Before(id) if self.calm => Some(id),
            Last::Before(_) | Last::Nothing | Last::Set | Last::After => None,
        };
        let of_lost = last.filter(|id| {
            self.functions.get(id).is_some_and(|f| f.reported && f.before.text.is_empty())
        });
        if let Some(id) = of_lost {
            // Not even the name of the function before could be read.
            if let Some(function) = self.functions.get_mut(&id) {
                self.afters.give_up(id, function);
            }
            self.last = Last::After;
            return;
        }
        let header = after.header().to_owned();
        match self.afters.place(after, line, last, &mut self.functions) {
            Ok(Some(id)) => {
                if self.last != Last::Before(id) {
                    self.interrupt();
                    self.interleaved();
                }
                self.current = None;
                self.pass_on(id, ready);
            }
            Ok(None) => {
                self.interrupt();
                self.interleaved();
            }
            Err(error) => {
                if self.next == 0 {
                    // The beginning is missing, perhaps with records of other threads.
                    self.interleaved();
                }
                self.interrupt();
                self.recent.push(Item::Error(error));
                self.doubt_texts(&header);
            }
        }
        self.last = Last::After;
    }

    /// Handles a record that could not be read, which has been reported: the other records of its
    /// function are not reported, if it is clear which ones they are.
    pub(super) fn lost(&mut self, loss: Loss, line: u32, ready: &mut VecDeque<LogResult>) {
        match loss {
            Loss::Declared => self.set(Given::Lost),
            Loss::Before(before) => {
                let id = self.before(before, line, ready);
                if let Some(function) = self.functions.get_mut(&id) {
                    function.reported = true;
                }
            }
            Loss::After(after) => {
                self.interrupt();
                let last = match self.last {
                    Last::Before(id) => Some(id),
                    Last::Nothing | Last::Set | Last::After => None,
                };
                if let Some(id) = self.afters.only(after.header(), last) {
                    if let Some(function) = self.functions.get_mut(&id) {
                        function.reported = true;
                        function.after = After::Missing;
                    }
                    self.pass_on(id, ready);
                }
                self.last = Last::After;
            }
            Loss::Rest => {}
        }
    }

    /// Notes that a text with this name and signature is missing. Unless there is one thread, the
    /// texts of the other functions with this name and signature may be exchanged.
    pub(super) fn doubt_texts(&mut self, header: &str) {
        if self.one_thread {
            return;
        }
        for id in self.headers.get(header).into_iter().flatten() {
            if let Some(function) = self.functions.get_mut(id) {
                function.in_doubt = true;
            }
        }
    }
}
