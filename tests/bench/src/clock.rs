//! The measurement of time.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Returns the processor time that this thread has used. Unlike wall-clock time, it does not
/// include the time of other programs.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |n: i64| u64::try_from(n).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

/// A run shorter than this is repeated, so that the cost of reading the clock is negligible.
const SHORTEST: Duration = Duration::from_millis(2);

/// Times one run on the result of `prepare`, which is not timed. The result of the run is
/// dropped while the clock runs, since a tool frees its memory, too.
pub fn time<I, R>(mut prepare: impl FnMut() -> I, mut run: impl FnMut(I) -> R) -> Duration {
    let mut repeat = 1u32;
    loop {
        let inputs: Vec<I> = (0..repeat).map(|_| prepare()).collect();
        let begin = now();
        for input in inputs {
            drop(black_box(run(black_box(input))));
        }
        let took = now().saturating_sub(begin);
        if took >= SHORTEST || repeat >= 1 << 12 {
            return took / repeat;
        }
        repeat *= 4;
    }
}

/// The times of several runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// The shortest time.
    pub min: Duration,
    /// The median time.
    pub median: Duration,
}

impl Time {
    /// Returns the times of some runs, or `None` if there are none.
    pub fn of(mut runs: Vec<Duration>) -> Option<Time> {
        runs.sort_unstable();
        Some(Time { min: *runs.first()?, median: runs[runs.len() / 2] })
    }
}
