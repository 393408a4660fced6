//! A logger that verifies functions as any program that embeds Cranelift compiles
//! them.
//!
//! Cranelift's safepoint spiller logs, at trace level, what it was told, what it got
//! and what it made. A [`Logger`] stands in front of the program's own, picks these
//! records up, verifies each function on the thread that compiles it, and hands the
//! result to a callback. The program needs no change but that its logger is
//! [installed](install) through this crate:
//!
//! ```
//! use std::sync::atomic::{AtomicUsize, Ordering};
//! static VIOLATED: AtomicUsize = AtomicUsize::new(0);
//!
//! # struct Own;
//! # impl log::Log for Own {
//! #     fn enabled(&self, _: &log::Metadata<'_>) -> bool { true }
//! #     fn log(&self, _: &log::Record<'_>) {}
//! #     fn flush(&self) {}
//! # }
//! // Instead of `log::set_boxed_logger(own)` and `log::set_max_level(Info)`:
//! let settings = stackmap_hook::Settings::default();
//! let hook = stackmap_hook::install(Box::new(Own), log::LevelFilter::Info, settings, |verified| {
//!     if verified.result.is_wrong() {
//!         VIOLATED.fetch_add(1, Ordering::Relaxed);
//!         eprintln!("{}", verified.result.render(stackmap_hook::Style::default()));
//!     }
//! })?;
//! // ... compile ...
//! assert_eq!(hook.seen().functions, 0, "this example compiles nothing");
//! # Ok::<(), stackmap_hook::InstallError>(())
//! ```
//!
//! # What the program logs stays the same
//!
//! The program's logger gets the records it would have got without the hook, from
//! the same threads, in the same order, and no others: the global maximum level has
//! to be trace for the spiller's records to come, so the hook itself drops what is
//! above the program's own maximum, and answers `enabled` by it. A record of the
//! spiller is forwarded like any other, before it is looked at.
//!
//! One thing does change: `log::max_level()` is trace. A program that reads it to
//! decide what to compute computes more, and one that lowers it later with
//! `log::set_max_level` silences the hook: it should use [`Hook::set_max_level`].
//!
//! # What it costs
//!
//! A record of another target costs the comparison of its target, on top of what
//! the program's logger does. The spiller's other records (there are many) cost the
//! comparison of their first bytes.
//!
//! # What it cannot see
//!
//! A function without a declared value is not spilled, so not logged. Records of a
//! `log` built with one of its `max_level_*` features never come: [`install`]
//! refuses then, and [`Hook::seen`] tells how much did come.

mod counts;
mod hook;
mod logger;
mod pairing;
mod record;
mod settings;
mod verified;

pub use counts::Seen;
pub use hook::{Hook, InstallError, hook, hook_expecting, install};
pub use logger::{Logger, SharedSource, Silent};
pub use record::TARGET;
pub use settings::Settings;
pub use stackmap_clif::compiler::Compiler;
pub use stackmap_clif::version::AtLeast;
pub use stackmap_report::{FunctionResult, Style, Verdict};
pub use verified::{Unchecked, Verified};
