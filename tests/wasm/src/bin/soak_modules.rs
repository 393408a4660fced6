//! Compiles generated modules with an unmodified Wasmtime, for each of its collectors, and verifies
//! every function at every level: pair, after optimization, machine code.
//!
//! ```text
//! cargo run --release -p stackmap-wasm-tests --bin soak_modules -- FIRST SECONDS [FOLDER]
//! ```
//!
//! FIRST is the seed of the first module, and no module is begun after SECONDS. The modules in
//! FOLDER are checked first, and a module that is not verified is written there. Exit status 1 if
//! there is one.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use stackmap_report::Summary;
use stackmap_wasm::Gc;
use stackmap_wasm_tests::generated::module;
use stackmap_wasm_tests::total::Total;

/// The results so far.
struct Results {
    modules: usize,
    /// By collector, how many functions are verified and how many there are: as pairs, after
    /// optimization, and as machine code.
    totals: [(Gc, [(usize, usize); 3]); 3],
    failed: usize,
}

impl Results {
    fn add(&mut self, name: &str, of_module: [(Gc, Total); 3]) -> bool {
        self.modules += 1;
        let is_right = of_module.iter().all(|(_, total)| total.is_right());
        self.failed += usize::from(!is_right);
        for ((gc, total), (_, sums)) in of_module.into_iter().zip(&mut self.totals) {
            for wrong in &total.wrong {
                println!("{gc}: {wrong}");
            }
            for (_, failure) in &total.failures {
                println!("{gc}: {name}: {}", failure.error);
            }
            let Summary { first, optimized, code, .. } = total.sums;
            for ((verified, functions), level) in sums.iter_mut().zip([first, optimized, code]) {
                *verified += level.verified;
                *functions += level.functions;
            }
        }
        is_right
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let mut number = || arguments.next().and_then(|text| text.to_str()?.parse::<u64>().ok());
    let (first, seconds) = number().zip(number()).ok_or("FIRST SECONDS [FOLDER]")?;
    let folder = arguments.next().map(PathBuf::from);
    let totals = Gc::ALL.map(|gc| (gc, <[(usize, usize); 3]>::default()));
    let results = Mutex::new(Results { modules: 0, totals, failed: 0 });
    let add = |name: &str, module: &[u8]| {
        let of_module = Total::of_each_collector(name, module);
        results.lock().unwrap_or_else(PoisonError::into_inner).add(name, of_module)
    };
    for path in corpus(folder.as_deref())? {
        add(&path.display().to_string(), &std::fs::read(&path)?);
    }
    let end = Instant::now() + Duration::from_secs(seconds);
    let next = AtomicU64::new(first);
    let work = || -> Result<(), String> {
        while Instant::now() < end {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let module = module(seed).map_err(|error| error.to_string())?;
            if !add(&format!("seed {seed}"), &module)
                && let Some(folder) = &folder
            {
                let path = folder.join(format!("{seed}.wasm"));
                std::fs::write(path, &module).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads = 0..available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = threads.map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(_) => Err("a thread panicked".to_owned()),
        })
    })?;
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{} modules, seeds {first} to {}", results.modules, next.into_inner() - 1);
    for (gc, levels) in &results.totals {
        let [pairs, optimized, code] =
            levels.map(|(verified, functions)| format!("{verified} of {functions}"));
        println!(
            "{gc}: verified {pairs} pairs, {optimized} after optimization, {code} as machine code"
        );
    }
    println!("{} modules are not verified", results.failed);
    Ok(ExitCode::from(u8::from(results.failed > 0)))
}

/// Returns the modules in a folder, sorted. The folder is made if it does not exist.
fn corpus(folder: Option<&Path>) -> std::io::Result<Vec<PathBuf>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    std::fs::create_dir_all(folder)?;
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = entries.collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    paths.sort();
    Ok(paths)
}
