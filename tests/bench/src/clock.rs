//! The measurement of time.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The processor time this thread has used. Unlike time on the wall, it does not
/// count what other programs do meanwhile.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |n: i64| u64::try_from(n).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

/// A run shorter than this is repeated, so that the clock's own cost vanishes.
const SHORTEST: Duration = Duration::from_millis(2);

/// Times one run of something on what `prepare` makes, which is not timed. What the
/// run returns is dropped while the clock runs: a tool frees its memory, too.
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
    /// The shortest.
    pub min: Duration,
    /// The one in the middle.
    pub median: Duration,
}

impl Time {
    /// Of some runs; none make no time.
    pub fn of(mut runs: Vec<Duration>) -> Option<Time> {
        runs.sort_unstable();
        Some(Time { min: *runs.first()?, median: runs[runs.len() / 2] })
    }
}
