//! Reasons why an input cannot be checked.

use log::LevelFilter;
use thiserror::Error;
use wast::token::Span;

/// Why an input, or a module of a script, cannot be checked. Each is one line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WasmError {
    /// The text is not WebAssembly text, or cannot be encoded.
    #[error("line {line}: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The message.
        message: String,
    },
    /// The text is not UTF-8.
    #[error("is not UTF-8: byte {0} begins no character")]
    Utf8(usize),
    /// The module is not valid, or uses what this Wasmtime does not know.
    #[error("Wasmtime does not accept the module: {0}")]
    Module(String),
    /// The module was compiled, but its types cannot be read, so that it is not known which
    /// references should have been declared.
    #[error("the module's types cannot be read: {0}")]
    Types(String),
    /// The module needs a proposal that is not finished.
    #[error("the module needs a proposal that is not supported: {0}")]
    Proposal(String),
    /// The component is not valid.
    #[error("is no valid component: {0}")]
    InvalidComponent(String),
    /// Wasmtime cannot be set up on this machine.
    #[error("Wasmtime cannot be set up: {0}")]
    Engine(String),
    /// The threads to compile on cannot be had.
    #[error("no threads to compile on: {0}")]
    Threads(String),
    /// The folder for optimised functions cannot be used.
    #[error("the functions that Wasmtime writes cannot be read: {0}")]
    Folder(String),
    /// The folder with functions that somebody else had Wasmtime write has none.
    #[error(
        "no file in {0} is a function that Wasmtime wrote: the module has to be compiled with \
         `wasmtime compile --emit-clif`, or `Config::emit_clif`"
    )]
    NoFunctions(String),
    /// What was compiled is not for this Wasmtime.
    #[error("Wasmtime {0} compiled the module; this checks what Wasmtime {1} compiles")]
    Version(String, &'static str),
    /// What was compiled cannot be read.
    #[error("the machine code that Wasmtime made cannot be read: {0}")]
    Artifact(String),
    /// The compiler panicked: it said this.
    #[error("Wasmtime panicked while it compiled the module: {0}")]
    CompilerPanic(String),
    /// The verifier panicked, so that some functions have no verdict: how many, and what
    /// it said.
    #[error("internal error, please report it: the verifier panicked on {0} functions: {1}")]
    VerifierPanic(usize, String),
    /// The process has a logger already.
    #[error("the process has a logger already, so the spiller's records cannot be read")]
    Logger,
    /// The `log` crate of this program drops the spiller's records at compile time.
    #[error("the `log` crate is built to drop records above {0}, and the spiller's are at trace")]
    Silenced(LevelFilter),
}

impl WasmError {
    /// The error of a text parser, at a place in a text.
    pub(crate) fn syntax(error: &wast::Error, text: &str) -> WasmError {
        WasmError::syntax_at(error, error.span(), text)
    }

    /// The same, if the place is known better than the parser knows it.
    pub(crate) fn syntax_at(error: &wast::Error, span: Span, text: &str) -> WasmError {
        let (line, _) = span.linecol_in(text);
        WasmError::Syntax { line: line + 1, message: first_line(&error.message()) }
    }

    /// The error for a folder, or a file in it.
    pub(crate) fn folder(error: std::io::Error) -> WasmError {
        WasmError::Folder(error.to_string())
    }

    /// Wasmtime's error for a module.
    pub(crate) fn module(error: &wasmtime::Error) -> WasmError {
        let message = first_line(&error.root_cause().to_string());
        // How wasmparser says it, and Wasmtime of what it does not implement.
        let proposal = [
            "not enabled",
            "must be enabled",
            "is disabled",
            "descriptors required",
            "not implemented yet",
            "Unsupported feature",
        ];
        match proposal.iter().any(|words| message.contains(words)) {
            true => WasmError::Proposal(message),
            false => WasmError::Module(message),
        }
    }
}

/// A message is one line.
pub(crate) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
