//! Machine code with a fault is found, or does the same.

#![cfg(all(target_arch = "x86_64", unix))]

use std::path::Path;

use stackmap_dynamic::faults::{Which, faults, kinds};
use stackmap_dynamic::machine::Effort;

fn which(name: &str, effort: Effort) -> Which {
    Which { name: name.to_owned(), effort }
}

/// Floats, handlers, loops, several roots, and generated functions.
#[test]
fn code_that_goes_wrong_is_found() {
    let names = ["A2_loop_defsafepoint", "B1_def_by_safepoint_loop", "B8_straight"];
    let names = names.into_iter().chain(["E7_reuse_across_types", "5", "7", "12"]);
    let functions: Vec<Which> = names
        .zip([Effort::None, Effort::Speed].into_iter().cycle())
        .map(|(n, e)| which(n, e))
        .collect();
    let faults = faults(Path::new(env!("CARGO_BIN_EXE_dynamic")), &functions).expect("they run");
    assert_eq!(faults.missed, [""; 0]);
    assert!(faults.functions >= 5, "{}", faults.functions);
    let sum = |of: fn(&stackmap_dynamic::faults::Score) -> usize| -> usize {
        faults.scores.iter().map(of).sum()
    };
    let (wrong, crashed) = (sum(|score| score.found_wrong), sum(|score| score.crashed));
    let silent = sum(|score| score.silent_same);
    assert!(wrong >= 50 && silent >= 10, "{wrong} {silent}");
    assert!(crashed >= 3, "a crash does not end this process: {crashed}");
    let kinds = kinds();
    let tables = kinds.iter().zip(&faults.scores).filter(|(kind, _)| kind.name() == "drop a map");
    assert!(tables.map(|(_, score)| score.found_wrong).sum::<usize>() >= 3);
}
