//! Knowledge about the compiler of a function that the function's text does not show.

use std::sync::Arc;

use crate::ast::Function;

/// Properties of a compiler and its collector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compiler {
    /// The functions during which the collector does not run, by name as CLIF writes it:
    /// `u805306368:24`, `%f`. A `call` of one, which Cranelift's spiller takes for a safepoint as
    /// it does any call, leaves no copy of a reference stale. A `try_call` stays a safepoint.
    ///
    /// It concerns what the function after spilling or after optimization shows by itself. As a
    /// pair, a function is verified with all its calls as safepoints.
    pub quiet: Arc<[String]>,
    /// Whether the collector moves nothing. A pair may be held to the rule for objects that move all
    /// the same, which is stricter; its warnings about addresses in objects are not.
    pub moves_nothing: bool,
    /// Whether what is loaded from memory stays good behind every call, so that the compiler does
    /// not declare it: the collector moves nothing and frees nothing.
    pub keeps_loads: bool,
    /// Whether what the compiler declares is taken at its word, in pairs: a value that is not
    /// declared is no reference, whatever flows into it. Then nothing is said of addresses in objects
    /// and of undeclared values, either.
    pub only_declared: bool,
}

impl Compiler {
    /// Returns what this means for one function.
    ///
    /// Cost: linear in its declarations.
    pub(crate) fn practice<'t>(&self, function: &Function<'t>) -> Practice<'t> {
        let is_quiet = |text: &str| {
            self.quiet.iter().any(|name| text.split_whitespace().any(|word| word == name))
        };
        let quiet = function.declarations.iter().filter(|(_, text)| is_quiet(text));
        Practice { quiet: quiet.map(|&(name, _)| name).collect(), keeps_loads: self.keeps_loads }
    }
}

/// What is known of the [compiler](Compiler), for one function.
#[derive(Debug, Default)]
pub(crate) struct Practice<'t> {
    /// The declared functions during which the collector does not run: `fn3`.
    pub(crate) quiet: Vec<&'t str>,
    /// As [`Compiler::keeps_loads`].
    pub(crate) keeps_loads: bool,
}
