//! Tracks the function that the spiller is working on, and the messages about it.

use super::Group;
use crate::liveness::Step;
use crate::log::pairing::function::Heard;
use crate::log::pairing::sets::Id;

impl Group {
    /// Attributes the messages of the spiller's analysis from here on to this function, unless
    /// another function may be in progress.
    pub(super) fn listen(&mut self, id: Id) {
        let alone = self.afters.count() == 1;
        if !(alone || self.calm || self.one_thread) {
            return;
        }
        if let Some(function) = self.functions.get_mut(&id) {
            function.liveness = Heard::listening(!(alone || self.one_thread));
            self.current = Some(id);
        }
    }

    pub(super) fn liveness(&mut self, step: Step) {
        let current = self.current.and_then(|id| self.functions.get_mut(&id));
        if let Some(function) = current {
            function.liveness.add(step);
        }
    }

    /// Notes that another record came between those of the current function.
    pub(super) fn interrupt(&mut self) {
        let current = self.current.take().and_then(|id| self.functions.get_mut(&id));
        if let Some(function) = current {
            function.liveness.forget();
        }
    }

    /// Notes that more than one thread writes to the log.
    pub(super) fn interleaved(&mut self) {
        if std::mem::replace(&mut self.calm, false) {
            if self.suspicious.is_some() {
                self.doubt();
            }
            for function in self.functions.values_mut() {
                function.liveness.forget_if_of_one_thread();
            }
        }
    }
}
