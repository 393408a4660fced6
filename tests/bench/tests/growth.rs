//! The smoke benchmark: cost may not grow faster than the function.
//!
//! Nothing here depends on how fast the machine is, only on how cost grows over a
//! 64-fold range. Memory is counted, so its limit is tight. Processor time is not as
//! steady: its limit is well above what is measured, and well below a square, and a
//! family fails only if it does so in each of several tries.

use std::alloc::System;

use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc};
use stackmap_bench::clock;
use stackmap_bench::columns::{Subject, verify_sample};
use stackmap_bench::families::FAMILIES;
use stackmap_bench::growth::exponent;

#[global_allocator]
static ALLOCATOR: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Instructions before spilling.
const SIZES: [usize; 4] = [250, 1_000, 4_000, 16_000];

/// The most that bytes held at once may grow by.
const MEMORY: f64 = 1.15;

/// The most that processor time may grow by.
const TIME: f64 = 1.5;

/// The number of attempts that a family has.
const TRIES: usize = 5;

/// One test, so that nothing else allocates or computes meanwhile.
#[test]
fn no_family_grows_faster_than_its_functions() {
    let mut failures = Vec::new();
    for family in FAMILIES {
        let subjects: Vec<Subject> = SIZES
            .iter()
            .map(|&size| Subject::new(family.name.to_owned(), vec![family.sample(size)]))
            .collect();
        let growth = |cost: &dyn Fn(&Subject) -> f64| {
            let point = |subject: &Subject| (subject.size.growth() as f64, cost(subject));
            exponent(&subjects.iter().map(point).collect::<Vec<_>>()).expect("four sizes")
        };
        let memory = growth(&|subject| subject.peak() as f64);
        let pair = |subject: &Subject| {
            let sample = subject.samples().first().expect("one function");
            let time = clock::time(|| (), |()| verify_sample(sample));
            time.as_secs_f64()
        };
        let time = (0..TRIES).map(|_| growth(&pair)).find(|&time| time <= TIME);
        println!("{}: memory {memory:.2}, time {time:.2?}", family.name);
        if memory > MEMORY {
            failures.push(format!("{}: memory grows with exponent {memory:.2}", family.name));
        }
        if time.is_none() {
            failures.push(format!("{}: time grows with an exponent over {TIME}", family.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
