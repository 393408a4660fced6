//! Running a comparison over many seeds, on all processors.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// The results so far.
#[derive(Default)]
struct Progress {
    seeds: u64,
    /// Pairs, those undecided, and those too large for the oracle.
    counts: [usize; 3],
    failed: Option<String>,
}

/// Compares the seeds that the command line selects by a count and a first seed. `compare`
/// returns the numbers of pairs, of undecided pairs and of too large ones, or a description of
/// a disagreement. Prints the totals.
pub fn soak(compare: impl Fn(u64) -> Result<[usize; 3], String> + Sync) -> ExitCode {
    let arguments: Option<Vec<u64>> = std::env::args().skip(1).map(|n| n.parse().ok()).collect();
    let (seeds, first) = match arguments.as_deref() {
        Some(&[seeds]) => (seeds, 0),
        Some(&[seeds, first]) => (seeds, first),
        Some(_) | None => {
            eprintln!("usage: soak SEEDS [FIRST]");
            return ExitCode::from(2);
        }
    };
    let next = AtomicU64::new(first);
    let progress = Mutex::new(Progress::default());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed - first >= seeds {
                return;
            }
            let result = compare(seed);
            let Ok(mut progress) = progress.lock() else { return };
            match result {
                Ok(counts) => progress.add(counts),
                Err(what) => {
                    next.store(first + seeds, Ordering::Relaxed);
                    progress.failed.get_or_insert(what);
                }
            }
        }
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        (0..workers).for_each(|_| drop(scope.spawn(work)));
    });
    let progress = progress.into_inner().unwrap_or_default();
    progress.print();
    match progress.failed {
        None => ExitCode::SUCCESS,
        Some(what) => {
            println!("{what}");
            ExitCode::FAILURE
        }
    }
}

impl Progress {
    fn add(&mut self, counts: [usize; 3]) {
        self.seeds += 1;
        self.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        if self.seeds.is_multiple_of(10_000) {
            self.print();
        }
    }

    fn print(&self) {
        let [pairs, undecided, too_large] = self.counts;
        println!(
            "{} seeds, {pairs} pairs; {undecided} undecided, {too_large} too large",
            self.seeds
        );
    }
}
