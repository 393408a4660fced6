//! The state that is kept from one function to the next.

use std::fmt;

use cranelift_codegen::ir::Function;
use cranelift_frontend::FunctionBuilderContext;

/// The context of a [`CheckedBuilder`](crate::CheckedBuilder), kept from one
/// function to the next as Cranelift's is.
pub struct CheckedContext {
    /// That of the builder the user sees.
    pub(crate) building: FunctionBuilderContext,
    /// That of the builder that spills. It is kept as well, so that what the
    /// spiller fails to clear between functions shows.
    pub(crate) spilling: FunctionBuilderContext,
    /// The function that is being built.
    ///
    /// `finalize` takes the builder, and the reference to the function with it.
    /// So that the function can be read afterwards, the builder gets a reference
    /// to this, and the user's stays free.
    pub(crate) function: Function,
}

impl CheckedContext {
    /// A context for any number of functions, one after the other.
    pub fn new() -> Self {
        CheckedContext {
            building: FunctionBuilderContext::new(),
            spilling: FunctionBuilderContext::new(),
            function: Function::new(),
        }
    }
}

impl Default for CheckedContext {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CheckedContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedContext").finish_non_exhaustive()
    }
}
