//! Benchmarks of verification, compared with compilation.
//!
//! [`families`] generates functions of any size, [`real`] reads recorded ones, and both return
//! [`sample::Sample`]s: a function before and after the spiller. [`columns`] contains the
//! operations that are timed on a sample, all in one process and in turns, and [`table`] prints
//! the results. `docs/speed.md` explains the figures.

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
