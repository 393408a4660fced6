//! Reads and lowers a single function, without a counterpart to compare it with.

use thiserror::Error;

use crate::ast::Function;
use crate::compiler::Compiler;
use crate::lower::{AfterOnlyFunction, LowerError, lower_after_only};
use crate::names::Names;
use crate::pair::Text;
use crate::text::{SyntaxError, TextView, read_function};
use crate::version::AtLeast;

/// The reason why a single function cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AfterOnlyError {
    /// The text cannot be parsed.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The text can be parsed, but nothing can be proved about the function.
    #[error(transparent)]
    Unsupported(#[from] LowerError),
}

/// Reads and lowers one function. `declared` lists the numbers of the values known to be
/// references. `version` is what is known about the version of Cranelift that printed the function;
/// what the text itself reveals is taken into account as well.
///
/// # Errors
///
/// Returns an [`AfterOnlyError`] if the function cannot be parsed, or if something about it is
/// unknown.
pub fn read_after_only(
    text: Text<'_>,
    declared: &[u32],
    version: AtLeast,
) -> Result<AfterOnlyFunction, AfterOnlyError> {
    read_after_only_of(text, declared, version, &Compiler::default())
}

/// [`read_after_only`], with what is known of the function's compiler.
///
/// # Errors
///
/// As [`read_after_only`].
pub fn read_after_only_of(
    text: Text<'_>,
    declared: &[u32],
    version: AtLeast,
    compiler: &Compiler,
) -> Result<AfterOnlyFunction, AfterOnlyError> {
    let mut names = Names::default();
    let function = read_function(text.text, text.line, &mut names)?;
    Ok(lower_text(&function, &names, declared, version, compiler)?)
}

/// Lowers one function that has already been parsed. See [`read_after_only_of`].
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the function is unknown.
pub fn lower_text(
    function: &Function<'_>,
    names: &Names,
    declared: &[u32],
    version: AtLeast,
    compiler: &Compiler,
) -> Result<AfterOnlyFunction, LowerError> {
    let version = version.max(AtLeast::of_function(function));
    let practice = compiler.practice(function);
    let view = TextView::new(function, names, version.prints_try_call_maps());
    let declared: Vec<u32> =
        declared.iter().filter_map(|&number| names.values.index(number)).collect();
    lower_after_only(&view.with_practice(&practice), declared)
}
