//! Prints `docs/machine-code-faults.md`.

use stackmap_code_tests::{instructions, table};

fn main() {
    print!("{}", table::page(&table::scores()));
    let scores = instructions::SETS.map(|(set, _)| instructions::scores(set));
    print!("{}", instructions::page(&scores));
}
