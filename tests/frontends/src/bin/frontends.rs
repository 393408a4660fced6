//! Prints `docs/front-ends.md`: `frontends [TEXTS [MEMORY]]`, where of so many mutants of
//! texts, and of so many in memory, one is tried. What nothing explains is printed
//! instead, if there is something.

use std::process::ExitCode;

use stackmap_frontends::document::document;
use stackmap_frontends::tally::Share;

/// All mutants of texts; in memory there are too many.
const SHARES: [usize; 2] = [1, 40];

fn main() -> ExitCode {
    // Cranelift's reader and its functions panic on what they do not take; that is
    // caught, and no news.
    std::panic::set_hook(Box::new(|_| {}));
    let mut given = std::env::args().skip(1).map(|number| number.parse());
    let shares = SHARES.map(|usual| given.next().unwrap_or(Ok(usual)));
    let [Ok(texts @ 1..), Ok(memory @ 1..)] = shares else {
        eprintln!("usage: frontends [TEXTS [MEMORY]]");
        return ExitCode::FAILURE;
    };
    match document(Share { of: texts, which: 0 }, Share { of: memory, which: 0 }) {
        Ok(document) => {
            print!("{document}");
            ExitCode::SUCCESS
        }
        Err(unexplained) => {
            eprint!("{unexplained}");
            ExitCode::FAILURE
        }
    }
}
