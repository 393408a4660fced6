//! The memory that an analysis takes grows no faster than its bound, over a 64-fold range.
//!
//! Bytes are counted, so nothing here depends on the machine. The time is printed by
//! `cargo run --release -p stackmap-growth --bin growth`.

use std::alloc::System;
use std::hint::black_box;

use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc, PeakMemAllocTrait};
use stackmap_growth::cases::{Case, cases};

#[global_allocator]
static ALLOCATOR: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The most that memory may grow beyond its bound.
const MOST: f64 = 1.5;

/// Returns the most bytes that a run has allocated at a time.
fn memory(run: &dyn Fn() -> bool) -> f64 {
    INSTRUMENTED_SYSTEM.reset_peak_memory();
    assert!(black_box(run()), "it did not come out right");
    INSTRUMENTED_SYSTEM.get_peak_memory() as f64
}

/// One test, so that nothing else allocates meanwhile.
#[test]
fn no_analysis_takes_more_memory_than_its_bound() {
    let mut failures = Vec::new();
    cases(|Case { name, larger, small, large }| {
        let grown = memory(large) / memory(small).max(1.0) / larger;
        if grown > MOST {
            failures.push(format!("{name}: {grown:.2} times the bound"));
        }
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
