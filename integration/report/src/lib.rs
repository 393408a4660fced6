//! The result of one function, and the forms derived from results: sums, the lines of JSON that
//! `stackmap-verify check --format json` writes, and reports in several formats.
//!
//! A front end converts the verifier's [`Report`](stackmap_verifier::Report) to a
//! [`FunctionResult`]. Its findings identify blocks and instructions by id until
//! [`FunctionResult::print`] converts it to a [`Record`], which contains only words and line
//! numbers: it is the content of JSON, and the input of renderers. [`FunctionResult::render`] does
//! both, for a program that verifies the functions it compiles.
//!
//! [`Summary`] adds up results, and defines the exit status.
//!
//! The cargo feature `formats` adds the output formats of the command.

#[cfg(feature = "formats")]
mod baseline;
mod compiled;
mod expected;
#[cfg(feature = "formats")]
mod fingerprint;
#[cfg(feature = "formats")]
mod hash;
mod known;
mod levels;
#[cfg(feature = "formats")]
mod lines;
mod listing;
mod machine;
mod named;
mod plural;
mod print;
mod printed;
mod record;
#[cfg(feature = "formats")]
mod render;
mod result;
mod run;
#[cfg(feature = "formats")]
mod schema;
mod shown;
mod slice;
mod snippet;
mod stats;
mod summary;
mod totals;
mod verdict;
mod visible;
#[cfg(feature = "formats")]
mod wire;

#[cfg(feature = "formats")]
pub use baseline::{
    Baseline, BaselineError, NewBaseline, Part as BaselinePart, name as baseline_name,
};
pub use compiled::Compiled;
pub use expected::ExpectedReferences;
pub use known::{Compared, Entry, Known};
pub use levels::Levels;
pub use listing::{Line, Listing, Part};
pub use machine::{MachineCall, MachineCode, MachineEntry};

pub use named::is_named;
pub use plural::plural;
pub use printed::{Event, Omitted, PrintedFinding, PrintedSite, VisitedBlock};
pub use record::Record;
#[cfg(feature = "formats")]
pub use render::{Render, github, human, json, junit, quiet, sarif, short, sums};
pub use result::{FunctionResult, HasCode, Reason};
pub use run::Run;
#[cfg(feature = "formats")]
pub use schema::schema;
pub use slice::{PartitionError, Slice};
pub use snippet::Style;
pub use stats::are_possible;
pub use summary::{Summary, TROUBLE, WRONG};
pub use totals::Totals;
pub use verdict::{Evidence, Verdict};
pub use visible::{is_invisible, visible, visible_json, visible_lines};
#[cfg(feature = "formats")]
pub use wire::{Compilation, LineError, Skipped, Versioned, WireLine};
