//! A function's outline: header, preamble, blocks, closing brace.

use stackmap_verifier::model::Origin;

use super::error::{Problem, SyntaxError};
use super::lexer::{Kind, Token};
use super::preamble::Signatures;
use super::source::Source;
use crate::ast::Function;
use crate::names::Names;

/// A function being read.
pub(super) struct Builder<'t, 'n> {
    pub(super) function: Function<'t>,
    pub(super) names: &'n mut Names,
    pub(super) signatures: Signatures<'t>,
    /// Aliases whose target was not yet defined when they were read, and where
    /// they stand.
    pub(super) forward_aliases: Vec<(u32, Origin)>,
    /// The statement being read.
    pub(super) tokens: Vec<Token<'t>>,
}

/// What starts a line between functions in Cranelift's test files.
const COMMANDS: [&str; 5] = ["test", "set", "target", "regression", "feature"];

/// Reads the next function, if there is one.
pub(super) fn next<'t>(
    source: &mut Source<'t>,
    names: &mut Names,
) -> Result<Option<Function<'t>>, SyntaxError> {
    loop {
        let Some(line) = source.line() else { return Ok(None) };
        let word = line.text.split_whitespace().next().unwrap_or("");
        if word == "function" {
            break;
        }
        if !COMMANDS.contains(&word) {
            let found = format!("`{word}`");
            return Err(line.error(Problem::Expected { expected: "`function`", found }));
        }
        source.skip_line();
    }
    let function = Function::default();
    let (signatures, forward_aliases, tokens) = (Signatures::default(), Vec::new(), Vec::new());
    let mut builder = Builder { function, names, signatures, forward_aliases, tokens };
    builder.header(source)?;
    builder.preamble(source)?;
    builder.body(source)?;
    builder.check()?;
    Ok(Some(builder.function))
}

impl<'t> Builder<'t, '_> {
    /// `function %f(i32) -> i32 system_v {`
    fn header(&mut self, source: &mut Source<'t>) -> Result<(), SyntaxError> {
        let Some(line) = source.line() else { return Ok(()) };
        source.skip_line();
        let code = line.text.split(';').next().unwrap_or("").trim_end();
        let Some(signature) = code.strip_suffix('{') else {
            let found = "the end of the line".to_owned();
            return Err(line.error(Problem::Expected { expected: "`{`", found }));
        };
        let signature = signature.trim_start_matches("function").trim();
        let Some(paren) = signature.find('(').filter(|&paren| paren > 0) else {
            let found = format!("`{signature}`");
            return Err(line.error(Problem::Expected { expected: "a name and a signature", found }));
        };
        self.function.name = &signature[..paren];
        self.function.signature = signature;
        self.function.origin = origin(&line, line.end());
        Ok(())
    }

    fn body(&mut self, source: &mut Source<'t>) -> Result<(), SyntaxError> {
        loop {
            let mut tokens = std::mem::take(&mut self.tokens);
            source.statement(&mut tokens)?;
            let end = self.statement(source, &tokens);
            self.tokens = tokens;
            if end? {
                return Ok(());
            }
        }
    }

    /// Reads one statement of the body; true for the closing brace.
    fn statement(
        &mut self,
        source: &Source<'t>,
        tokens: &[Token<'t>],
    ) -> Result<bool, SyntaxError> {
        let Some(first) = tokens.first() else {
            let at = self.function.origin;
            let what = Problem::Truncated;
            return Err(SyntaxError { line: at.line, column: at.column, what });
        };
        let second = tokens.get(1).map(|token| token.kind);
        match (first.kind, second) {
            (Kind::Punct('}'), None) => {
                self.end_block()?;
                return Ok(true);
            }
            (Kind::Block(number), _) => self.block(number, tokens)?,
            (Kind::Value(alias), Some(Kind::Arrow)) => self.alias(alias, tokens)?,
            (
                Kind::Value(_)
                | Kind::Slot(_)
                | Kind::Word
                | Kind::Number
                | Kind::Name
                | Kind::Arrow
                | Kind::Punct(_),
                _,
            ) => self.instruction(source, tokens)?,
        }
        Ok(false)
    }
}

/// Where something stands that starts at `token` and ends at byte `end`.
pub(super) fn origin(token: &Token<'_>, end: usize) -> Origin {
    let length = u32::try_from(end.saturating_sub(token.start)).unwrap_or(u32::MAX);
    Origin { line: token.line, column: token.column, length }
}

/// "`token`", or that the statement ends.
pub(super) fn found(token: Option<&Token<'_>>) -> String {
    match token {
        Some(token) => format!("`{}`", token.text),
        None => "the end of the line".to_owned(),
    }
}

/// Complains that `tokens[at]` is not what was to come; at the end of the
/// statement, about the token before.
pub(super) fn expected(tokens: &[Token<'_>], at: usize, expected: &'static str) -> SyntaxError {
    let what = Problem::Expected { expected, found: found(tokens.get(at)) };
    let place = tokens.get(at).or(tokens.last());
    let (line, column) = place.map_or((0, 0), |token| (token.line, token.column));
    SyntaxError { line, column, what }
}
