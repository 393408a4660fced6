//! Executed instructions, counted by callgrind, which do not depend on the load of the machine:
//! `cargo bench -p stackmap-bench --bench instructions`. Needs valgrind and `gungraun-runner`:
//! see docs/speed.md.

#![expect(missing_docs, reason = "the macros make public items")]

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use stackmap_bench::columns::{lower_sample, parse, verify_lowered, verify_sample};
use stackmap_bench::families::Family;
use stackmap_bench::sample::Sample;
use stackmap_cranelift::Lowered;
use stackmap_verifier::Report;

/// Instructions before spilling.
const SIZE: usize = 2_000;

fn sample(family: &str) -> Sample {
    Family::named(family).expect("a family").sample(SIZE)
}

fn lowered(family: &str) -> Lowered {
    lower_sample(&sample(family))
}

fn log(family: &str) -> String {
    sample(family).log()
}

#[library_benchmark(setup = sample)]
#[bench::straight("straight")]
#[bench::diamonds("diamonds")]
#[bench::loops("loops-100")]
#[bench::no_safepoint("no-safepoint")]
fn lower(sample: Sample) -> Lowered {
    black_box(lower_sample(&sample))
}

#[library_benchmark(setup = sample)]
#[bench::straight("straight")]
#[bench::diamonds("diamonds")]
#[bench::br_table("br_table")]
#[bench::irreducible("irreducible")]
#[bench::loops("loops-100")]
#[bench::few_slots("few-slots")]
#[bench::many_live("many-live")]
#[bench::idle_blocks("idle-blocks")]
#[bench::no_safepoint("no-safepoint")]
fn pair(sample: Sample) -> Report {
    black_box(verify_sample(&sample))
}

#[library_benchmark(setup = lowered)]
#[bench::straight("straight")]
#[bench::diamonds("diamonds")]
#[bench::br_table("br_table")]
#[bench::irreducible("irreducible")]
#[bench::loops("loops-100")]
#[bench::few_slots("few-slots")]
#[bench::many_live("many-live")]
#[bench::idle_blocks("idle-blocks")]
#[bench::no_safepoint("no-safepoint")]
fn verify(lowered: Lowered) -> Report {
    black_box(verify_lowered(&lowered))
}

#[library_benchmark(setup = log)]
#[bench::straight("straight")]
#[bench::many_live("many-live")]
fn parse_log(log: String) -> usize {
    black_box(parse(&log))
}

library_benchmark_group!(name = benches, benchmarks = [lower, pair, verify, parse_log]);
main!(library_benchmark_groups = benches);
