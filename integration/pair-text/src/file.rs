//! Splits a file into functions.

use crate::error::{Problem, ReadError, cut};
use crate::function;
use crate::line::{Line, Wrong};
use crate::lines::Lines;
use crate::pair::Pair;
use crate::token::is_reserved;

/// The first line of a file: the name of the form, and its version.
pub const HEADER: &str = "stackmap-pair 1\n";

/// The name of the form, with which the first line of a file begins.
pub const NAME: &str = "stackmap-pair";

/// The maximum length of a file in bytes, so that all counts have 32 bits.
const MOST: usize = 1 << 30;

/// The text of one function of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionText<'t> {
    /// The text, from the line `function` up to the next one.
    pub text: &'t str,
    /// The number of its first line in the file, from 1.
    pub first_line: u32,
}

impl FunctionText<'_> {
    /// Reads the pair.
    ///
    /// Cost: linear in the text.
    ///
    /// # Errors
    ///
    /// The first error in the text.
    pub fn read(self) -> Result<Pair, ReadError> {
        function::read(self.text, self.first_line)
    }
}

/// Splits a file into its functions. What stands between the first line and the first function is
/// an error, as each function may be.
///
/// # Errors
///
/// The text does not begin with [`HEADER`], or is longer than a gibibyte.
pub fn functions(text: &str) -> Result<Functions<'_>, ReadError> {
    let error = |(line, column, what): Wrong| ReadError { function: None, line, column, what };
    if text.len() > MOST {
        return Err(error((1, 1, Problem::LongText { most: MOST })));
    }
    let end = text.find('\n').map_or(text.len(), |end| end + 1);
    header(text[..end].trim_end()).map_err(error)?;
    Ok(Functions { rest: &text[end..], line: 2 })
}

fn header(text: &str) -> Result<(), Wrong> {
    const EXPECTED: &str = "`stackmap-pair 1`";
    let mut line = Line::new(text, 1)?;
    if line.keyword(EXPECTED)?.text != NAME {
        return Err(line.unknown(EXPECTED));
    }
    let version = line.keyword("the version `1`")?;
    if version.text != "1" {
        return Err(line.wrong(version.column, Problem::Version { found: cut(version.text) }));
    }
    line.end()
}

/// The functions of a file, in order.
#[derive(Clone, Debug)]
pub struct Functions<'t> {
    rest: &'t str,
    /// The number of the first line of the rest.
    line: u32,
}

impl<'t> Iterator for Functions<'t> {
    type Item = Result<FunctionText<'t>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let function = self.take();
            if begins_function(function.text) {
                return Some(Ok(function));
            }
            if let Err((line, column, what)) = is_nothing(function) {
                return Some(Err(ReadError { function: None, line, column, what }));
            }
        }
        None
    }
}

impl<'t> Functions<'t> {
    /// Takes the lines up to the next that begins a function.
    fn take(&mut self) -> FunctionText<'t> {
        let (mut end, mut count) = (0, 0);
        for line in self.rest.split_inclusive('\n') {
            if count > 0 && begins_function(line) {
                break;
            }
            end += line.len();
            count += 1;
        }
        let (text, rest) = self.rest.split_at(end);
        let function = FunctionText { text, first_line: self.line };
        (self.rest, self.line) = (rest, self.line.saturating_add(count));
        function
    }
}

/// Whether the first word of a text is `function`.
fn begins_function(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\t']).strip_prefix("function");
    rest.is_some_and(|rest| rest.chars().next().is_none_or(is_reserved))
}

/// Checks that there is nothing but comments.
fn is_nothing(text: FunctionText<'_>) -> Result<(), Wrong> {
    match Lines::new(text.text, text.first_line).next()? {
        Some(line) => Err(line.unexpected("`function`")),
        None => Ok(()),
    }
}
