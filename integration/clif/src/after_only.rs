//! Reads and lowers a single function, without a counterpart to compare it with.

use thiserror::Error;

use crate::ast::Function;
use crate::compiler::Compiler;
use crate::exempt::{Exempt, Plan};
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

/// What is known of a single function, beyond its text.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// The numbers of the values known to be references.
    pub declared: &'k [u32],
    /// The values that need not be declared, by number.
    pub exempt: &'k Exempt,
    /// What is known about the version of Cranelift that printed the function; what the text itself
    /// reveals is taken into account as well.
    pub version: AtLeast,
    /// What is known of the compiler.
    pub compiler: &'k Compiler,
}

/// Reads and lowers one function, of which these values are [declared](Known::declared), printed by
/// this [version](Known::version).
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
    let (exempt, compiler) = (&Exempt::default(), &Compiler::default());
    read_after_only_of(text, &Known { declared, exempt, version, compiler })
}

/// [`read_after_only`], with whatever else is known of the function.
///
/// # Errors
///
/// As [`read_after_only`].
pub fn read_after_only_of(
    text: Text<'_>,
    known: &Known<'_>,
) -> Result<AfterOnlyFunction, AfterOnlyError> {
    let mut names = Names::default();
    let mut function = read_function(text.text, text.line, &mut names)?;
    let exempt = known.exempt.by_index(&names);
    Plan::of(&exempt, &function, &mut names).apply(&mut function);
    Ok(lower_known(&function, &names, known, &exempt.numbers)?)
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
    let exempt = &Exempt::default();
    lower_known(function, names, &Known { declared, exempt, version, compiler }, &[])
}

/// [`lower_text`], with numbers by index.
fn lower_known(
    function: &Function<'_>,
    names: &Names,
    known: &Known<'_>,
    numbers: &[u32],
) -> Result<AfterOnlyFunction, LowerError> {
    let version = known.version.max(AtLeast::of_function(function));
    let practice = known.compiler.practice(function);
    let view = TextView::new(function, names, version.prints_try_call_maps());
    let declared = known.declared.iter().filter_map(|&number| names.values.index(number));
    lower_after_only(&view.with_practice(&practice), declared, numbers)
}
