//! Compiles and verifies modules given as files, and prints what was counted.
//!
//! Functions that use legacy exception handling, which Wasmtime refuses, are replaced
//! by `unreachable` and counted. Exit status: 0 if every function that has references
//! is verified, 1 otherwise.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use stackmap_verifier::Stats;
use stackmap_wasm::{Gc, Kind, Options, check};
use stackmap_wasm_tests::legacy::replace;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut all_verified = true;
    println!(
        "program collector functions replaced recorded verified violated undecided warnings \
         safepoints roots slots shared compiling(s) verifying(s)"
    );
    for path in std::env::args_os().skip(1) {
        let name = Path::new(&path).file_name().unwrap_or(&path).to_string_lossy().into_owned();
        let replaced = replace(&std::fs::read(&path)?)?;
        for gc in Gc::ALL {
            // One thread, so that the two times add up.
            let options = Options { gc, threads: 1, ..Options::default() };
            let summary = check(&replaced.wasm, Kind::Binary, &options, &|function| {
                if function.verified.is_wrong() {
                    eprintln!("{}", function.verified.render(stackmap_hook::Style::default()));
                }
            });
            let counts = match summary {
                Ok(summary) => summary.counts,
                Err(error) => {
                    println!("{name} {gc}: {error}");
                    all_verified = false;
                    continue;
                }
            };
            let Stats { safepoints, roots, slots, shared_slots, .. } = counts.stats;
            println!(
                "{name} {gc} {} {} {} {} {} {} {} {safepoints} {roots} {slots} {shared_slots} \
                 {:.1} {:.1}",
                counts.functions,
                replaced.bodies,
                counts.recorded,
                counts.verified,
                counts.violated,
                counts.undecided + counts.internal,
                counts.findings,
                counts.compiling.as_secs_f64(),
                counts.verifying.as_secs_f64(),
            );
            all_verified &= counts.recorded > 0 && counts.verified == counts.recorded;
        }
    }
    Ok(ExitCode::from(u8::from(!all_verified)))
}
