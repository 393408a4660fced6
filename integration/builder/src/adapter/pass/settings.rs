//! Settings of the pass.

use std::fmt;

use super::codegen::ir::{Function, Value};
use super::frontend::FunctionBuilder;
use super::support::Options;

/// How to finalize a function.
#[derive(Clone, Copy)]
pub struct Settings<'s> {
    /// Options of the verifier: the collector, for one.
    pub options: Options,
    /// Values that the compiler knows to be declared. A value of these that the builder does not
    /// have is reported: the builder lost it, and the spiller never saw it. It need not list all.
    pub known: &'s [Value],
    /// Whether what is declared is taken at its word: a value that is not declared is no reference,
    /// even if one flows into it. For compilers that declare values at random, as fuzzers do.
    pub only_declared: bool,
    /// Prepares the builder that spills. What a builder is told besides what it builds, it must be
    /// told here: `make_stack_map_alias_region`.
    pub prepare: &'s dyn Fn(&mut FunctionBuilder<'_>),
    /// Works on the function between the spiller and the verifier. It must leave alone what is not
    /// the spiller's.
    pub pass: &'s dyn Fn(&mut Function),
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Settings {
            options: Options::default(),
            known: &[],
            only_declared: false,
            prepare: &|_| {},
            pass: &|_| {},
        }
    }
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Settings");
        text.field("options", &self.options).field("known", &self.known);
        text.field("only_declared", &self.only_declared).finish_non_exhaustive()
    }
}
