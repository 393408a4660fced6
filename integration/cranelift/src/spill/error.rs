//! Errors of running the spiller on text.

use stackmap_clif::expected::NotAReference;
use thiserror::Error;

/// An error for a function that was not spilled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct SpillError {
    /// The line of the file, from 1.
    pub line: u32,
    /// The name of the function, if known.
    pub function: Option<String>,
    /// The kind of error.
    pub what: SpillProblem,
}

/// The kinds of errors for functions that were not spilled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpillProblem {
    /// cranelift-reader rejects the file.
    #[error("{0}")]
    Parse(String),
    /// A word on a `;! declare` line that is not a value.
    #[error("`{0}` is no value")]
    NotAValue(String),
    /// A declared value that the function does not have.
    #[error("{0} is declared, but the function does not define it")]
    Undefined(String),
    /// A second `;! declare` line for one function.
    #[error("a second `;! declare` line for one function")]
    DeclaredTwice,
    /// A `;! declare` line after the last function.
    #[error("no function follows this `;! declare` line")]
    NoFunction,
    /// A `;! references` line that cannot be read.
    #[error(transparent)]
    NotAReference(NotAReference),
    /// A `;! references` line after the last function.
    #[error("no function follows this `;! references` line")]
    NoFunctionOfReferences,
    /// A function without `;! declare` line.
    #[error("this function has no `;! declare` line")]
    NotDeclared,
    /// A function that begins on a line of another one.
    #[error("each function must begin on a line of its own")]
    SharedLine,
    /// The spiller panicked.
    #[error("the spiller panicked: {0}")]
    Panicked(String),
}
