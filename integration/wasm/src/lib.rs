//! Compiles WebAssembly with an unmodified Wasmtime, and verifies each function as it
//! is compiled.
//!
//! ```
//! use stackmap_wasm::{Kind, Options, check};
//!
//! let module = r#"(module
//!     (import "" "f" (func $f))
//!     (func (param externref) (result externref) (call $f) (local.get 0)))"#;
//! let summary = check(module.as_bytes(), Kind::Text, &Options::default(), &|function| {
//!     assert!(!function.result.is_wrong());
//! })?;
//! assert_eq!(summary.spilled.verified, 1);
//! # Ok::<(), stackmap_wasm::WasmError>(())
//! ```
//!
//! # What is seen
//!
//! Cranelift's safepoint spiller logs what it was told, what it got and what it made
//! of each function that has references. A [`stackmap_hook::Logger`] picks that up on
//! the thread that compiles the function. So the evidence is that of a *pair*, and a
//! function without references is compiled, but there is nothing to verify.
//!
//! The records are the same with and without optimization, so functions are compiled
//! without, and with the fast register allocator. They are not the same for
//! Wasmtime's three [collectors](Gc), so each is worth a run.
//!
//! # What should have been declared
//!
//! The types of the module show which values are references. Those that the compiler did not declare
//! are verified as if it had: if one is needed after a safepoint, that is a finding (SM012). How
//! many are expected, and how many of these are found in the code, is [counted](Totals::expected).
//!
//! # The second pass
//!
//! With [`Options::optimized`], each module that has such functions is compiled again as
//! Wasmtime does by default, with optimization, and Wasmtime writes what that made of each
//! function. There is nothing to compare that with, so the evidence is
//! [after-only](stackmap_verifier::after_only), with the declared values of the first
//! pass.
//!
//! # The machine code
//!
//! With [`Options::code`], what the second pass compiled each of these functions to is checked as
//! well: whether its stack maps and exception tables are those of the optimized function.
//!
//! What somebody else compiled is checked with [`check_compiled`], if the functions that were lowered
//! were written as well.
//!
//! # The process-wide logger
//!
//! A process has one logger, and [`check`] installs its own at the first call; if
//! there is another, it answers [`WasmError::Logger`]. Each module is compiled on threads
//! of its own, and the logger listens only to those: what else the process compiles is
//! not mixed up with it. The maximum level is off but while a module is compiled. Calls
//! from several threads take turns.
//!
//! A panic on these threads is not printed: [`WasmError::CompilerPanic`] tells what it
//! said. The hook that sees to that is installed with the logger, and hands all other
//! panics to the one that was there before.

mod builtins;
mod check;
mod code;
mod compiled;
mod component;
mod dispatch;
mod engine;
mod error;
mod expected;
mod folder;
mod judged;
mod keep;
mod models;
mod module;
mod names;
mod optimized;
mod options;
mod order;
mod script;
mod spilled;
mod start;
mod summary;
mod types;
mod unspilled;

pub use check::{Kind, check, check_with_fault};
pub use compiled::check_compiled;
pub use engine::Gc;
pub use error::WasmError;
pub use judged::ModuleFunction;
pub use keep::Keep;
pub use options::Options;
pub use stackmap_report::{Compiled, FunctionResult, Style, Totals, Verdict};
pub use summary::{Failure, Summary};
