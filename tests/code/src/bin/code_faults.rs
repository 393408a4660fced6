//! Prints `docs/machine-code-faults.md`.

use stackmap_code_tests::table::{page, scores};

fn main() {
    print!("{}", page(&scores()));
}
