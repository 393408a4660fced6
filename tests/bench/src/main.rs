//! Prints what verification costs, beside what compiling costs, all measured in this
//! one run on the same functions.

use std::alloc::System;
use std::path::PathBuf;

use clap::Parser;
use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc};
use stackmap_bench::clock::Time;
use stackmap_bench::columns::{Column, Compilers, Subject};
use stackmap_bench::families::{FAMILIES, Family};
use stackmap_bench::real;
use stackmap_bench::table::{self, Row};

/// Instructions before spilling.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

#[global_allocator]
static ALLOCATOR: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Prints what verification costs, beside what compiling costs
#[derive(Debug, Parser)]
struct Arguments {
    /// The largest size, in instructions before spilling
    #[arg(long, default_value = "1e5", value_parser = number)]
    max: usize,
    /// Only this family (may be given several times)
    #[arg(long, value_parser = family)]
    family: Vec<Family>,
    /// What would take longer than this many seconds, judged by its growth over the
    /// family's smaller functions, is not run
    #[arg(long, default_value_t = 10.0)]
    limit: f64,
    /// How often everything is run
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Logs of real functions, recorded from Cranelift 0.135
    logs: Vec<PathBuf>,
    /// Of each log, only this many of its largest functions
    #[arg(long)]
    largest: Option<usize>,
    /// No generated functions
    #[arg(long)]
    no_families: bool,
}

/// Reads `1e5`.
fn number(text: &str) -> Result<usize, String> {
    let number: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    format!("{number:.0}").parse().map_err(|_| format!("`{text}` is no size"))
}

fn family(name: &str) -> Result<Family, String> {
    let names = || FAMILIES.map(|family| family.name).join(", ");
    Family::named(name).ok_or_else(|| format!("no family; there are {}", names()))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let compilers = Compilers::default();
    let mut rows = Vec::new();
    for path in &arguments.logs {
        let mut recorded = real::read(path)?;
        eprintln!("{}: {} functions not read", path.display(), recorded.refused);
        recorded.samples.sort_by_cached_key(|sample| std::cmp::Reverse(sample.size().growth()));
        recorded.samples.truncate(arguments.largest.unwrap_or(usize::MAX));
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let subject = Subject::new(name, recorded.samples);
        let row = Row::new(&subject, None, subject.peak());
        rows.push(measure(&subject, row, &[], &arguments, &compilers));
    }
    let families = match arguments.family.as_slice() {
        _ if arguments.no_families => &[],
        [] => &FAMILIES[..],
        some => some,
    };
    for family in families {
        let mut smaller: Vec<Row> = Vec::new();
        for size in SIZES.into_iter().filter(|&size| size <= arguments.max) {
            let subject = Subject::new(family.name.to_owned(), vec![family.sample(size)]);
            let row = Row::new(&subject, Some(family.name), subject.peak());
            smaller.push(measure(&subject, row, &smaller, &arguments, &compilers));
        }
        rows.append(&mut smaller);
    }
    println!("Nanoseconds an instruction after spilling:\n\n{}", table::times(&rows));
    println!("Ratios:\n\n{}", table::ratios(&rows));
    println!("Growth exponents:\n\n{}", table::exponents(&rows));
    println!("Aims:\n\n{}", table::aims(&rows));
    Ok(())
}

/// Runs the columns in turns, so that what disturbs disturbs them all.
fn measure(
    subject: &Subject,
    mut row: Row,
    smaller: &[Row],
    arguments: &Arguments,
    compilers: &Compilers,
) -> Row {
    eprintln!("{}, {} instructions", subject.name, subject.size.after);
    let is_fast = |column: &Column| expected(*column, smaller) <= arguments.limit;
    let columns: Vec<Column> = Column::ALL.into_iter().filter(is_fast).collect();
    let mut runs = vec![Vec::new(); columns.len()];
    for _ in 0..arguments.runs {
        for (&column, runs) in columns.iter().zip(&mut runs) {
            runs.push(subject.time(column, compilers));
        }
    }
    let times = columns.into_iter().zip(runs);
    row.times = times.filter_map(|(column, runs)| Some((column, Time::of(runs)?))).collect();
    row
}

/// The seconds that a column will take on the next larger function of a family, if it
/// grows as it did last: infinitely many if it was not run on the largest so far.
fn expected(column: Column, smaller: &[Row]) -> f64 {
    let seconds = |row: &Row| row.times.get(&column).map(|time| time.min.as_secs_f64());
    match smaller {
        [] => 0.0,
        [only] => seconds(only).unwrap_or(f64::INFINITY),
        [.., before, last] => match (seconds(before), seconds(last)) {
            (Some(before), Some(last)) => last * (last / before),
            (_, None) | (None, _) => f64::INFINITY,
        },
    }
}
