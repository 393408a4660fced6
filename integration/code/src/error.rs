//! The reasons why code could not be checked at all.

use cranelift_codegen::CodegenError;
use thiserror::Error;

/// The reason why there is nothing to check, or nothing to check it with.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CodeError {
    /// The function could not be compiled.
    #[error("it cannot be compiled: {0}")]
    Compile(#[source] CodegenError),
    /// The function is not valid CLIF.
    #[error("it is not valid CLIF: {0}")]
    Invalid(String),
    /// The function could not be lowered again.
    #[error("it cannot be lowered again: {0}")]
    Lower(#[source] CodegenError),
    /// The context has no compiled code.
    #[error("it was not compiled")]
    NotCompiled,
}
