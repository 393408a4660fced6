//! Checks the modules of a script, in the language of the specification's tests.

use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Span;
use wast::{QuoteWat, Wast, WastDirective, WastExecute};

use crate::WasmError;
use crate::module::Checker;
use crate::summary::Failure;

/// A script's expectation of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Valid,
    Invalid,
}

/// Checks all modules of a script.
pub(crate) fn check(text: &str, checker: &mut Checker<'_>) -> Result<(), WasmError> {
    let syntax = |error| WasmError::syntax(&error, text);
    let mut lexer = Lexer::new(text);
    // The tests of names have such characters on purpose.
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(syntax)?;
    let script: Wast<'_> = parser::parse(&buffer).map_err(syntax)?;
    for directive in script.directives {
        check_directive(directive, text, checker);
    }
    Ok(())
}

fn check_directive(directive: WastDirective<'_>, text: &str, checker: &mut Checker<'_>) {
    let line = directive.span().linecol_in(text).0 + 1;
    let (module, expected) = match directive {
        WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
            (module, Expected::Valid)
        }
        WastDirective::AssertMalformed { module, .. }
        | WastDirective::AssertInvalid { module, .. }
        | WastDirective::AssertInvalidCustom { module, .. }
        | WastDirective::AssertMalformedCustom { module, .. } => (module, Expected::Invalid),
        WastDirective::AssertUnlinkable { module, .. } => (QuoteWat::Wat(module), Expected::Valid),
        WastDirective::AssertTrap { exec, .. }
        | WastDirective::AssertReturn { exec, .. }
        | WastDirective::AssertException { exec, .. }
        | WastDirective::AssertSuspension { exec, .. } => match exec {
            WastExecute::Wat(module) => (QuoteWat::Wat(module), Expected::Valid),
            WastExecute::Invoke(_) | WastExecute::Get { .. } => return,
        },
        WastDirective::Thread(thread) => {
            for directive in thread.directives {
                check_directive(directive, text, checker);
            }
            return;
        }
        WastDirective::ModuleInstance { .. }
        | WastDirective::Register { .. }
        | WastDirective::Invoke(_)
        | WastDirective::AssertExhaustion { .. }
        | WastDirective::Wait { .. } => return,
    };
    let mut module = module;
    let encoded = module.encode().map_err(|error| syntax_error(&error, &module, text));
    let failures = match encoded {
        Ok(wasm) => checker.input(&wasm, line),
        Err(error) => vec![Failure { line, core: None, error }],
    };
    for failure in failures {
        match expected {
            Expected::Invalid if refused(&failure.error) => checker.summary.compiled.refused += 1,
            Expected::Valid | Expected::Invalid => checker.summary.failures.push(failure),
        }
    }
}

/// The error of a text parser for a module of the script.
fn syntax_error(error: &wast::Error, module: &QuoteWat<'_>, text: &str) -> WasmError {
    let span = match module {
        QuoteWat::QuoteModule(quote, strings) | QuoteWat::QuoteComponent(quote, strings) => {
            quoted(strings, error.span()).unwrap_or(*quote)
        }
        QuoteWat::Wat(_) => error.span(),
    };
    WasmError::syntax_at(error, span, text)
}

/// The place in the script at which the string begins that a place in a quoted module is in. The
/// module is its strings with a space after each, if they are text at all: otherwise
/// the place is not one of them.
fn quoted(strings: &[(Span, &[u8])], place: Span) -> Option<Span> {
    std::str::from_utf8(&strings.iter().map(|(_, string)| *string).collect::<Vec<_>>().join(&b' '))
        .ok()?;
    let mut end = 0;
    strings.iter().find_map(|(span, string)| {
        end += string.len() + 1;
        (place.offset() < end).then_some(*span)
    })
}

/// Whether an error says that the module is not valid.
fn refused(error: &WasmError) -> bool {
    match error {
        WasmError::Syntax { .. }
        | WasmError::Utf8(_)
        | WasmError::Module(_)
        | WasmError::InvalidComponent(_)
        | WasmError::Proposal(_) => true,
        WasmError::Types(_)
        | WasmError::Engine(_)
        | WasmError::Threads(_)
        | WasmError::Folder(_)
        | WasmError::Artifact(_)
        | WasmError::NoFunctions(_)
        | WasmError::Version(..)
        | WasmError::CompilerPanic(_)
        | WasmError::VerifierPanic(..)
        | WasmError::Logger
        | WasmError::Silenced(_) => false,
    }
}
