//! One function alone, from text to model.

use thiserror::Error;

use crate::ast::Function;
use crate::lower::{Alone, LowerError, lower_alone};
use crate::names::Names;
use crate::pair::Text;
use crate::text::{SyntaxError, TextView, read_function};
use crate::version::AtLeast;

/// Why a function cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AloneError {
    /// It cannot be read.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It can be read, but not be proved anything about.
    #[error(transparent)]
    Unsupported(#[from] LowerError),
}

/// Reads and lowers one function. `declared` are the numbers of values that are
/// known to be references. `version` is what is known of the Cranelift that
/// printed it; what the text itself shows is taken into account as well.
///
/// # Errors
///
/// [`AloneError`] if the function cannot be read, or if something about it is
/// unknown.
pub fn read_alone(text: Text<'_>, declared: &[u32], version: AtLeast) -> Result<Alone, AloneError> {
    let mut names = Names::default();
    let function = read_function(text.text, text.line, &mut names)?;
    Ok(lower_text(&function, &names, declared, version)?)
}

/// Lowers one function that has been read. See [`read_alone`].
///
/// # Errors
///
/// [`LowerError`] if something about the function is unknown.
pub fn lower_text(
    function: &Function<'_>,
    names: &Names,
    declared: &[u32],
    version: AtLeast,
) -> Result<Alone, LowerError> {
    let version = version.max(AtLeast::of_function(function));
    let view = TextView::new(function, names, version.prints_try_call_maps());
    let declared: Vec<u32> =
        declared.iter().filter_map(|&number| names.values.index(number)).collect();
    lower_alone(&view, declared)
}
