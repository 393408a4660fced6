//! Prints `docs/front-ends.md`: `frontends [TEXTS [MEMORY]]`. One in `TEXTS` mutants of texts
//! and one in `MEMORY` mutants in memory is tried. Unexplained results are printed to standard
//! error, and make the command fail.

use std::process::ExitCode;

use stackmap_frontends::document::document;
use stackmap_frontends::totals::Share;

/// All mutants of texts; in memory there are too many.
const SHARES: [usize; 2] = [1, 40];

fn main() -> ExitCode {
    let mut given = std::env::args().skip(1).map(|number| number.parse());
    let shares = SHARES.map(|usual| given.next().unwrap_or(Ok(usual)));
    let [Ok(texts @ 1..), Ok(memory @ 1..)] = shares else {
        eprintln!("usage: frontends [TEXTS [MEMORY]]");
        return ExitCode::FAILURE;
    };
    let (document, unexplained) =
        document(Share { of: texts, which: 0 }, Share { of: memory, which: 0 });
    print!("{document}");
    eprint!("{unexplained}");
    if unexplained.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
