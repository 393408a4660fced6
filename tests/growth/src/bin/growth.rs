//! Prints by how much the processor time of each analysis grows, over the growth that its
//! bound allows for an input 64 times as large. Nothing fails: a ratio depends on the machine.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use stackmap_growth::cases::{Case, cases};

/// The best of this many tries counts.
const TRIES: usize = 3;

fn main() {
    println!("{:<28} {:>10}", "analysis", "over bound");
    cases(|Case { name, larger, small, large }| {
        let best = |run| (0..TRIES).map(|_| time(run)).min().unwrap_or_default();
        let grown = best(large).as_secs_f64() / best(small).as_secs_f64().max(1e-9);
        println!("{name:<28} {:>10.2}", grown / larger);
    });
}

/// Returns the processor time of one run, from as many as it takes for the clock to see them.
fn time(run: &dyn Fn() -> bool) -> Duration {
    let (begin, mut runs) = (now(), 0);
    loop {
        assert!(black_box(run()), "it did not come out right");
        runs += 1;
        let time = now().saturating_sub(begin);
        if time > Duration::from_millis(2) {
            return time / runs;
        }
    }
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |n: i64| u64::try_from(n).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}
