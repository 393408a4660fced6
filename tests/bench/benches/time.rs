//! Time, by criterion: `cargo bench -p stackmap-bench --bench time`.

use criterion::{Criterion, Throughput};
use stackmap_bench::columns::{Subject, lower_sample, parse, verify_lowered};
use stackmap_bench::families::FAMILIES;
use stackmap_bench::touch::touch;

/// Instructions before spilling.
const SIZE: usize = 10_000;

fn families(criterion: &mut Criterion) {
    for family in FAMILIES {
        let sample = family.sample(SIZE);
        let lowered = lower_sample(&sample);
        let subject = Subject::new(family.name.to_owned(), vec![sample.clone()]);
        let mut group = criterion.benchmark_group(family.name);
        group.throughput(Throughput::Elements(subject.size.after as u64));
        group.bench_function("touch", |b| b.iter(|| touch(&sample.before) ^ touch(&sample.after)));
        group.bench_function("lower", |b| b.iter(|| lower_sample(&sample)));
        group.bench_function("verify", |b| b.iter(|| verify_lowered(&lowered)));
        group.throughput(Throughput::Bytes(subject.log.len() as u64));
        group.bench_function("parse", |b| b.iter(|| parse(&subject.log)));
        group.finish();
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    families(&mut criterion);
    criterion.final_summary();
}
