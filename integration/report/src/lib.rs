//! The result of one function, and everything that is made of results: sums, the lines of
//! JSON that `stackmap-verify check --format json` writes, and reports in several formats.
//!
//! A front end makes a [`FunctionResult`] of the verifier's
//! [`Report`](stackmap_verifier::Report). Its findings keep the ids of blocks and
//! instructions until [`FunctionResult::print`] makes a [`Record`] of it, which holds
//! words and line numbers only: what JSON holds, and what renderers show.
//! [`FunctionResult::render`] does both, for a program that verifies what it compiles.
//!
//! [`Summary`] sums results up, and has the rule for the exit status.
//!
//! The cargo feature `formats` adds the output formats of the command.

mod compiled;
#[cfg(feature = "formats")]
mod lines;
mod listing;
mod print;
mod printed;
mod record;
mod render;
mod result;
mod run;
mod shown;
mod slice;
mod stats;
mod summary;
mod totals;
mod verdict;
mod visible;
#[cfg(feature = "formats")]
mod wire;

pub use compiled::Compiled;
pub use listing::{Line, Listing, Part};

pub use printed::{Event, Omitted, Place, PrintedFinding, VisitedBlock};
pub use record::Record;
pub use render::Style;
#[cfg(feature = "formats")]
pub use render::{Render, github, human, json, junit, sarif, short, sums};
pub use result::{FunctionResult, HasCode, Reason};
pub use run::Run;
pub use slice::{PartitionError, Slice};
pub use stats::are_possible;
pub use summary::{Summary, TROUBLE, WRONG};
pub use totals::Totals;
pub use verdict::{Evidence, Verdict};
pub use visible::{is_invisible, visible, visible_json, visible_lines};
#[cfg(feature = "formats")]
pub use wire::{Compilation, Skipped, WireLine};
