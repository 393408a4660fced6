//! No analysis grows faster than its bound, over a 64-fold range.
//!
//! Nothing here depends on how fast the machine is. Memory is counted. Processor time is
//! that of this thread, and its limit is well above a line and well below a square: 512
//! times for 64 times the input. An analysis fails only if it does so in each of several
//! tries.

use std::alloc::System;
use std::hint::black_box;
use std::time::Duration;

use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc, PeakMemAllocTrait};
use rustix::time::{ClockId, clock_gettime};
use stackmap_growth::work::{alone, certified, read, recordings, solved, verify};
use stackmap_growth::{Pair, Texts, chain, diamonds, idle, straight, threads};

#[global_allocator]
static ALLOCATOR: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The ratio of the sizes of the two inputs.
const FACTOR: usize = 64;
const SMALL: usize = 32;

/// The most that memory may grow beyond that, and time.
const MEMORY: f64 = 1.5;
const TIME: f64 = 8.0;

const TRIES: usize = 6;

struct Growth {
    failures: Vec<String>,
}

/// The most memory that an operation uses at once, in bytes, and its processor time.
fn cost(run: impl Fn() -> bool) -> (f64, Duration) {
    INSTRUMENTED_SYSTEM.reset_peak_memory();
    let begin = now();
    // A small input takes no longer than the clock does to be read.
    let mut runs = 0;
    while runs == 0 || now().saturating_sub(begin) < Duration::from_millis(2) {
        assert!(black_box(run()), "it did not come out right");
        runs += 1;
    }
    let time = now().saturating_sub(begin) / runs;
    (INSTRUMENTED_SYSTEM.get_peak_memory() as f64, time)
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |n: i64| u64::try_from(n).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

impl Growth {
    /// Compares the costs of the small input and of the large one, which is `larger` times as
    /// large.
    fn compare(
        &mut self,
        name: &str,
        larger: f64,
        small: impl Fn() -> bool,
        large: impl Fn() -> bool,
    ) {
        let mut tries = (0..TRIES).map(|_| {
            let ((memory, time), (more_memory, more_time)) = (cost(&small), cost(&large));
            let time = more_time.as_secs_f64() / time.as_secs_f64().max(1e-9);
            (more_memory / memory.max(1.0) / larger, time / larger)
        });
        let (memory, time) = tries.next().expect("a try");
        let best = if time <= TIME { time } else { tries.map(|t| t.1).fold(time, f64::min) };
        println!("{name}: memory {memory:.2}, time {best:.2} times the input's growth");
        if memory > MEMORY {
            self.failures.push(format!("{name}: {memory:.2} times the memory of its input"));
        }
        if best > TIME {
            self.failures.push(format!("{name}: {best:.2} times the time of its input"));
        }
    }

    /// The claims of the reference solver and of certificates grow by `claims` more than the
    /// input.
    fn pairs(&mut self, name: &str, claims: f64, small: &Pair, large: &Pair) {
        let larger = large.after.len() as f64 / small.after.len() as f64;
        let run = |pair: &Pair| read(pair).is_some();
        self.compare(&format!("{name}, reading"), larger, || run(small), || run(large));
        let name_of = |what: &str| format!("{name}, {what}");
        self.compare(&name_of("after-only"), larger, || alone(small), || alone(large));
        let (small, large) = (read(small).expect("a pair"), read(large).expect("a pair"));
        self.compare(&name_of("verifying"), larger, || verify(&small), || verify(&large));
        self.compare(&name_of("solving"), larger * claims, || solved(&small), || solved(&large));
        let certify = name_of("certifying");
        self.compare(&certify, larger * claims, || certified(&small), || certified(&large));
    }
}

/// One test, so that nothing else allocates or computes meanwhile.
#[test]
fn no_analysis_grows_faster_than_its_bound() {
    let mut growth = Growth { failures: Vec::new() };
    let families =
        [("straight", straight as fn(usize) -> Pair), ("diamonds", diamonds), ("chain", chain)];
    for (name, family) in families {
        growth.pairs(name, 1.0, &family(SMALL), &family(SMALL * FACTOR));
    }
    // Many slots through as many blocks: there is a claim for each slot and block.
    let (small, large) = (idle(8, 8), idle(8 * FACTOR, 8 * FACTOR));
    growth.pairs("idle", FACTOR as f64, &small, &large);
    for texts in [Texts::Equal, Texts::Different] {
        let (small, large) = (threads(SMALL, texts), threads(SMALL * FACTOR, texts));
        let run = |log: &str, count| recordings(log, count);
        let larger = large.len() as f64 / small.len() as f64;
        growth.compare(
            &format!("a log, {texts:?}"),
            larger,
            || run(&small, SMALL),
            || run(&large, SMALL * FACTOR),
        );
    }
    assert!(growth.failures.is_empty(), "{}", growth.failures.join("\n"));
}
