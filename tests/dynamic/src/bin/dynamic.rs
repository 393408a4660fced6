//! Prints the page of the documentation on verdicts and executions.

use std::path::Path;
use std::process::ExitCode;

use stackmap_dynamic::explore::Budget;
use stackmap_dynamic::table::page;
use stackmap_dynamic::totals::Totals;

/// The number of functions that are generated.
const SEEDS: u64 = 300;

fn main() -> ExitCode {
    match run() {
        Ok(totals) => {
            print!("{}", page(&totals));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Totals, Box<dyn std::error::Error>> {
    let mut totals = Totals::default();
    let sketches = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sketches");
    for (name, text) in stackmap_dynamic::sketches(&sketches)? {
        totals.sketch(&name, &text, Budget::SMALL).map_err(|wrong| wrong.to_string())?;
    }
    for seed in 0..SEEDS {
        totals.generated(seed, Budget::SMALL).map_err(|wrong| wrong.to_string())?;
    }
    Ok(totals)
}
