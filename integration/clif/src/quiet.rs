//! Calls during which the collector does not run.

use crate::ast::Function;
use crate::opcode::{Class, Opcode};

impl Function<'_> {
    /// Makes calls of functions during which the collector cannot run instructions like any other:
    /// no safepoints, and without stack maps. `never_collects` is asked of each declaration as it is
    /// written, `colocated u0:7 sig0`.
    ///
    /// Only plain calls are: a `try_call` stays a safepoint.
    pub fn without_safepoints(&mut self, never_collects: impl Fn(&str) -> bool) {
        let is_quiet = |(_, text): &&(&str, &str)| never_collects(text);
        let quiet: Vec<&str> =
            self.declarations.iter().filter(is_quiet).map(|(name, _)| *name).collect();
        if quiet.is_empty() {
            return;
        }
        for call in &mut self.instructions {
            let is_call = call.opcode.class == Class::Call;
            if is_call && call.callee().is_some_and(|callee| quiet.contains(&callee)) {
                (call.opcode, call.entries) = (&QUIET_CALL, None);
            }
        }
    }
}

static QUIET_CALL: Opcode = Opcode::quiet_call();
