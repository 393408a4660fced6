//! The results of an input.

use std::time::Duration;

use stackmap_report::{Compiled, Totals};

use crate::WasmError;

/// A module of a script, or of a component, that should compile and did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the script on which it, or its component, begins, from 1.
    pub line: usize,
    /// The number of the module in its component, from 0, if it is in one.
    pub core: Option<usize>,
    /// Why.
    pub error: WasmError,
}

/// The results of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Sums over the modules.
    pub compiled: Compiled,
    /// Sums over pairs: functions before and after spilling. The spiller runs on functions
    /// with references, trampolines included.
    pub spilled: Totals,
    /// Sums over the same functions after optimization, if that was asked for.
    pub optimized: Totals,
    /// Sums over the machine code of these, if that was asked for.
    pub code: Totals,
    /// Modules of a script, or of a component, that should compile and did not.
    pub failures: Vec<Failure>,
}

/// Returns a time in microseconds.
pub(crate) fn microseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The time of one compilation.
pub(crate) struct Times {
    /// Time that the compiler took. Together with the other it is what a clock on the wall
    /// shows.
    pub(crate) compiling_us: u64,
    /// Time reading and verifying functions, and in the first pass printing them, summed
    /// over all threads and divided by their number.
    pub(crate) verifying_us: u64,
}

impl Times {
    /// The times of a compilation that took `elapsed` from begin to end, of which all
    /// threads together spent `verifying` verifying.
    pub(crate) fn new(elapsed: Duration, verifying: Duration, threads: usize) -> Self {
        let verifying = verifying / u32::try_from(threads).unwrap_or(1);
        Times {
            compiling_us: microseconds(elapsed.saturating_sub(verifying)),
            verifying_us: microseconds(verifying),
        }
    }
}
