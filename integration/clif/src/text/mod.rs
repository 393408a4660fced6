//! Reads CLIF text of any version into an [`ast::Function`](crate::ast::Function).
//!
//! cranelift-reader reads only the CLIF of its own version. This reader accepts that of all
//! versions, and of later ones as far as its effects can be determined. For known constructs it is
//! as strict as cranelift-reader; a test compares the two. Text that it cannot parse is an error
//! with a line and a column, never a guess.
//!
//! The grammar is the CLIF that cranelift/codegen/src/write.rs prints and cranelift/reader accepts.
//! The reader does not recurse on the input, and does not allocate memory in proportion to a
//! *number* in it.
//!
//! | reads | |
//! |---|---|
//! | `lexer`, `cursor` | tokens |
//! | `function`, `preamble`, `slot`, `block` | a function's outline |
//! | `signature`, `global`, `words`, `flags`, `numbers`, `floats` | its parts |
//! | `instruction`, `operands`, `edges`, `unknown` | instructions, by the format of their opcode |
//! | `check` | whether everything that is named exists |
//!
//! `view` presents the function to the lowering, with the help of `memory`, `compare` and
//! `canonical`; `named` tells which declared entities an instruction names.

mod block;
mod canonical;
mod check;
mod compare;
mod cursor;
mod edges;
mod entities;
pub(crate) mod error;
mod flags;
mod floats;
mod function;
mod global;
mod instruction;
pub(crate) mod lexer;
mod memory;
mod named;
mod numbers;
mod operands;
mod preamble;
mod signature;
mod slot;
mod unknown;
mod view;
mod words;

pub(crate) use signature::numbered;

pub use error::{SyntaxError, SyntaxProblem};
pub use view::TextView;

use crate::ast::Function;
use crate::names::Names;
use cursor::Cursor;
use function::Builder;
use lexer::{Kind, Token};

/// The first words of lines between functions in Cranelift's test files.
const COMMANDS: [&str; 5] = ["test", "set", "target", "regression", "feature"];

/// An error for a function that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable<'t> {
    /// The name of the function, if that can be read.
    pub name: Option<&'t str>,
    /// The error in the function.
    pub error: SyntaxError,
}

/// An iterator over the functions of a text.
///
/// Comments and the commands of Cranelift's test files (`test compile`, `target x86_64`, ...)
/// between functions are skipped.
#[derive(Clone, Debug)]
pub struct Functions<'t> {
    cursor: Cursor<'t>,
}

impl<'t> Functions<'t> {
    /// Creates an iterator for `text`, whose first line is line `line` of its file.
    pub fn new(text: &'t str, line: u32) -> Self {
        Functions { cursor: Cursor::new(text, line) }
    }

    /// Reads the next function. `names` assigns indices to its values, blocks and slots.
    ///
    /// After an error, reading continues at the next line that begins with `function`.
    ///
    /// # Errors
    ///
    /// Returns [`Unreadable`] with the position and kind of an error in a function or in the text
    /// in front of one.
    pub fn next(&mut self, names: &mut Names) -> Option<Result<Function<'t>, Unreadable<'t>>> {
        let read = self.next_readable(names)?;
        Some(read.and_then(|mut function| match function.invalid.take() {
            Some(error) => Err(Unreadable { name: Some(function.name), error }),
            None => Ok(function),
        }))
    }

    /// Like `next`, but a function that is only invalid is not an error.
    fn next_readable(&mut self, names: &mut Names) -> Option<Result<Function<'t>, Unreadable<'t>>> {
        let first = match self.start() {
            Ok(first) => first?,
            Err(error) => {
                self.cursor.recover();
                return Some(Err(Unreadable { name: None, error }));
            }
        };
        let mut builder = Builder::new(names);
        let read = builder.read(&mut self.cursor);
        let mut function = builder.function;
        let Err(error) = read else { return Some(Ok(function)) };
        let error = function.invalid.take().unwrap_or(error);
        // The text of this function may have hidden the beginning of the next one.
        self.cursor.skip_to(first, 1);
        self.cursor.recover();
        let name = Some(function.name).filter(|name| !name.is_empty());
        Some(Err(Unreadable { name, error }))
    }

    /// Skips to the next function, and returns its first token.
    fn start(&mut self) -> Result<Option<Token<'t>>, SyntaxError> {
        while let Some(token) = self.cursor.peek()? {
            if token.kind == Kind::Word && token.text == "function" {
                return Ok(Some(token));
            }
            if !COMMANDS.contains(&token.text) {
                self.cursor.skip_to(token, 1);
                return Err(token.expected("`function`"));
            }
            self.cursor.skip_to(token, self.cursor.line_from(token).len());
        }
        Ok(None)
    }
}

/// Reads a text that contains exactly one function.
///
/// # Errors
///
/// Returns a [`SyntaxError`] with the position and kind of the error.
pub fn read_function<'t>(
    text: &'t str,
    line: u32,
    names: &mut Names,
) -> Result<Function<'t>, SyntaxError> {
    let mut function = read_readable(text, line, names)?;
    function.invalid.take().map_or(Ok(function), Err)
}

/// Like [`read_function`], but a function that is only [invalid](Function::invalid) is not an
/// error.
pub(crate) fn read_readable<'t>(
    text: &'t str,
    line: u32,
    names: &mut Names,
) -> Result<Function<'t>, SyntaxError> {
    let mut functions = Functions::new(text, line);
    let Some(read) = functions.next_readable(names) else {
        let (expected, found) = ("a function", "nothing".to_owned());
        let what = SyntaxProblem::Expected { expected, found };
        return Err(SyntaxError { line, column: 1, what });
    };
    let function = read.map_err(|unreadable| unreadable.error)?;
    match functions.cursor.peek()? {
        None => Ok(function),
        Some(token) => Err(token.expected("the end of the text")),
    }
}
