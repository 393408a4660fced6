//! The report on a pair is that on its slice, if that is right, and else that on the whole: it is
//! always what the whole pair gives.

use std::fs;

use stackmap_cranelift::spill::{self, Spilled};
use stackmap_cranelift::{lower, verify};
use stackmap_verifier::{Collector, Options, Outcome};

/// Verifies a pair both ways, and returns the outcome.
fn verified(spilled: &Spilled, options: &Options) -> Outcome {
    let Spilled { before, declared, after, .. } = spilled;
    let report = verify(before, declared, after, options).expect("a pair");
    let whole = lower(before, declared.iter().copied(), after).expect("a pair").verify(options);
    assert_eq!(report.outcome, whole.outcome, "{}", before.name);
    assert_eq!(report.findings, whole.findings, "{}", before.name);
    assert_eq!(report.stats, whole.stats, "{}", before.name);
    report.outcome
}

#[test]
fn sketches() {
    let sketches = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/sketches");
    let mut count = 0;
    for entry in fs::read_dir(sketches).expect("a directory") {
        let path = entry.expect("an entry").path();
        let text = if path.is_file() { fs::read_to_string(&path).expect("text") } else { continue };
        let Ok(functions) = spill::run(&text) else { continue };
        for spilled in functions.into_iter().filter_map(Result::ok) {
            for collector in [Collector::Moving, Collector::NonMoving] {
                let options = Options { collector, ..Options::default() };
                count += usize::from(verified(&spilled, &options) == Outcome::Verified);
            }
        }
    }
    assert!(count > 100, "{count} functions verified");
}
