//! Reads CLIF text of any version into an [`ast::Function`](crate::ast::Function).
//!
//! cranelift-reader reads only the CLIF of its own version. This reader takes
//! all of them, because it asks for less: which values an instruction defines
//! and reads, where control goes, what it does with stack slots. What it cannot
//! place is an error with a line and a column, never a guess.
//!
//! The grammar is what cranelift/codegen/src/write.rs prints. Nothing here
//! recurses on the input, and nothing allocates by a *number* in it.

mod block;
mod check;
mod compare;
mod error;
mod function;
mod instruction;
pub(crate) mod lexer;
mod operands;
mod preamble;
mod slot;
mod source;
mod view;

pub use error::{Problem, SyntaxError};
pub use view::TextView;

use crate::ast::Function;
use crate::names::Names;
use source::Source;

/// The functions of a text, one after the other.
///
/// Between functions, comments and the commands of Cranelift's test files
/// (`test compile`, `target x86_64`, ...) are passed over.
#[derive(Clone, Debug)]
pub struct Functions<'t> {
    source: Source<'t>,
    failed: bool,
}

impl<'t> Functions<'t> {
    /// Reads `text`, whose first line is line `line` of the file it is from.
    pub fn new(text: &'t str, line: u32) -> Self {
        Functions { source: Source::new(text, line), failed: false }
    }

    /// Reads the next function. `names` numbers its values, blocks and slots.
    ///
    /// After an error there is nothing more: it is not known where the next
    /// function starts.
    ///
    /// # Errors
    ///
    /// [`SyntaxError`] with the place and what is wrong there.
    pub fn next(&mut self, names: &mut Names) -> Option<Result<Function<'t>, SyntaxError>> {
        if self.failed {
            return None;
        }
        let result = function::next(&mut self.source, names).transpose();
        self.failed = matches!(result, Some(Err(_)));
        result
    }
}

/// Reads a text that holds exactly one function.
///
/// # Errors
///
/// [`SyntaxError`] with the place and what is wrong there.
pub fn read_function<'t>(
    text: &'t str,
    line: u32,
    names: &mut Names,
) -> Result<Function<'t>, SyntaxError> {
    let mut functions = Functions::new(text, line);
    let nothing = |line, found: &str| SyntaxError {
        line,
        column: 1,
        what: Problem::Expected { expected: "a function", found: found.to_owned() },
    };
    let function = functions.next(names).unwrap_or_else(|| Err(nothing(line, "nothing")))?;
    match functions.source.line() {
        None => Ok(function),
        Some(rest) => Err(rest.error(Problem::Expected {
            expected: "the end of the text",
            found: format!("`{}`", rest.text),
        })),
    }
}
