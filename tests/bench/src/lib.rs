//! What verification costs, beside what compiling costs.
//!
//! [`families`] generates functions of any size, [`real`] reads recorded ones, and
//! both give [`sample::Sample`]s: a function before and after the spiller.
//! [`columns`] are the things that are timed on a sample, all in one process and in
//! turns, and [`table`] prints them. `docs/speed.md` says what the figures mean.

pub mod clock;
pub mod columns;
pub mod families;
pub mod growth;
pub mod program;
pub mod real;
pub mod sample;
pub mod table;
mod texts;
pub mod touch;
