//! Prints `docs/machine-code-faults.md`.

use stackmap_code_tests::{instructions, table};

fn main() {
    print!("{}", table::page(&table::scores()));
    print!("{}", instructions::page(&instructions::scores()));
}
