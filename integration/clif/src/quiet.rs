//! Calls during which the collector does not run.

use crate::ast::Function;
use crate::opcode::{Class, Opcode};

impl<'t> Function<'t> {
    /// Makes calls of functions during which the collector cannot run instructions like any other:
    /// no safepoints, and without stack maps. `never_collects` is asked of each declaration as it is
    /// written, `colocated u0:7 sig0`.
    ///
    /// Only plain calls are: a `try_call` stays a safepoint.
    pub fn without_safepoints(&mut self, never_collects: impl Fn(&str) -> bool) {
        let quiet = self.quiet_callees(never_collects);
        for call in &mut self.instructions {
            let is_call = call.opcode.class == Class::Call;
            if is_call && call.callee().is_some_and(|callee| quiet.contains(&callee)) {
                (call.opcode, call.entries) = (&QUIET_CALL, None);
            }
        }
    }

    /// Returns the names of the callees that `never_collects` accepts, such as `fn0`.
    fn quiet_callees(&self, never_collects: impl Fn(&str) -> bool) -> Vec<&'t str> {
        let is_quiet = |(_, text): &&(&str, &str)| never_collects(text);
        self.declarations.iter().filter(is_quiet).map(|(name, _)| *name).collect()
    }

    /// Returns the function [without these safepoints](Self::without_safepoints); `None` if it
    /// declares no such callee.
    pub(crate) fn quiet(&self, never_collects: impl Fn(&str) -> bool + Copy) -> Option<Self> {
        if self.quiet_callees(never_collects).is_empty() {
            return None;
        }
        let mut quiet = self.clone();
        quiet.without_safepoints(never_collects);
        Some(quiet)
    }
}

static QUIET_CALL: Opcode = Opcode::quiet_call();
