//! The outline of a function: header, preamble, blocks, closing brace.

use rustc_hash::FxHashMap;
use stackmap_verifier::model::Origin;

use super::cursor::Cursor;
use super::entities::Entities;
use super::error::{SyntaxError, SyntaxProblem};
use super::lexer::{Kind, Token};
use crate::ast::Function;
use crate::names::Names;

/// A function being read.
pub(super) struct Builder<'t, 'n> {
    pub(super) function: Function<'t>,
    pub(super) names: &'n mut Names,
    pub(super) entities: Entities<'t>,
    /// Blocks that are named without an edge to them, with the tokens that name them.
    pub(super) named_blocks: Vec<(u32, Token<'t>)>,
    /// By alias, the value that it is written to stand for, which may be an alias.
    pub(super) aliases: FxHashMap<u32, u32>,
}

impl<'t, 'n> Builder<'t, 'n> {
    pub(super) fn new(names: &'n mut Names) -> Self {
        let (function, entities) = (Function::default(), Entities::default());
        let (named_blocks, aliases) = (Vec::new(), FxHashMap::default());
        Builder { function, names, entities, named_blocks, aliases }
    }

    /// Reads the function that begins here.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        self.header(cursor)?;
        self.preamble(cursor)?;
        self.body(cursor)?;
        self.check()
    }

    /// Reads `function %f(i32) -> i32 system_v {`.
    fn header(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        let keyword = cursor.word("`function`")?;
        self.function.origin = origin(&keyword, keyword.end());
        let start = cursor.clone();
        let Err(error) = self.name_and_signature(cursor, &keyword) else { return Ok(()) };
        // Cranelift prints a name as it is, so it may contain anything.
        *cursor = start;
        let Some(name) = cursor.peek().ok().flatten().filter(|name| name.kind == Kind::Name) else {
            return Err(error);
        };
        for end in cursor.ends_of_name(name, &["("]) {
            let mut attempt = cursor.clone();
            attempt.skip_to(name, end);
            if self.signature(&mut attempt, &keyword, name.start, end).is_ok() {
                *cursor = attempt;
                return Ok(());
            }
        }
        Err(error)
    }

    fn name_and_signature(
        &mut self,
        cursor: &mut Cursor<'t>,
        keyword: &Token<'t>,
    ) -> Result<(), SyntaxError> {
        let start = cursor.peek()?.map_or(0, |token| token.start);
        let name = cursor.name()?;
        self.signature(cursor, keyword, start, name.len())
    }

    /// Reads the signature behind a name of `len` bytes that starts at `start`.
    fn signature(
        &mut self,
        cursor: &mut Cursor<'t>,
        keyword: &Token<'t>,
        start: usize,
        len: usize,
    ) -> Result<(), SyntaxError> {
        self.function.name = cursor.between(start, start + len).trim_end();
        cursor.signature()?;
        self.function.signature = cursor.between(start, cursor.end());
        let brace = cursor.expect('{', "`{`")?;
        let end = if brace.line == keyword.line { brace.end() } else { keyword.end() };
        self.function.origin = origin(keyword, end);
        Ok(())
    }

    fn body(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        while let Some(token) = cursor.peek()? {
            match token.kind {
                Kind::Punct('}') => {
                    cursor.next()?;
                    return self.end_block();
                }
                Kind::Block(number) => self.block(cursor, number)?,
                Kind::Word if token.text == "function" => return Err(self.truncated()),
                Kind::Word | Kind::Value(_) | Kind::Location | Kind::Punct('<') => {
                    self.statement(cursor)?;
                }
                Kind::Slot(_)
                | Kind::Number
                | Kind::Name
                | Kind::Text
                | Kind::Arrow
                | Kind::Punct(_) => {
                    return Err(cursor.expected("an instruction, a block or `}`"));
                }
            }
        }
        Err(self.truncated())
    }

    /// Records a reason why Cranelift rejects the function, although it can be parsed.
    ///
    /// In the after function of a pair, this may be the very fault that is being looked for: then
    /// the comparison reports it more precisely than a syntax error would.
    pub(super) fn invalid(&mut self, error: SyntaxError) {
        self.function.invalid.get_or_insert(error);
    }

    pub(super) fn truncated(&self) -> SyntaxError {
        let at = self.function.origin;
        SyntaxError { line: at.line, column: at.column, what: SyntaxProblem::Truncated }
    }
}

/// Returns the position of a text that starts at `token` and ends at byte `end`.
pub(super) fn origin(token: &Token<'_>, end: usize) -> Origin {
    let length = u32::try_from(end.saturating_sub(token.start)).unwrap_or(u32::MAX);
    Origin { line: token.line, column: token.column, length }
}
