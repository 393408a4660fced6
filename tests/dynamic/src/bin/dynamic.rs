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
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(all(target_arch = "x86_64", unix))]
    if native::is_child()? {
        return Ok(());
    }
    let mut totals = Totals::default();
    let sketches = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sketches");
    let sketches = stackmap_dynamic::sketches(&sketches)?;
    for (name, text) in &sketches {
        totals.sketch(name, text, Budget::SMALL).map_err(|wrong| wrong.to_string())?;
    }
    for seed in 0..SEEDS {
        totals.generated(seed, Budget::SMALL).map_err(|wrong| wrong.to_string())?;
    }
    print!("{}", page(&totals));
    #[cfg(all(target_arch = "x86_64", unix))]
    native::faults(sketches.into_keys())?;
    Ok(())
}

/// Faults in machine code.
#[cfg(all(target_arch = "x86_64", unix))]
mod native {
    use std::error::Error;

    use stackmap_dynamic::faults::{Which, child, faults as run, page};
    use stackmap_dynamic::machine::Effort;

    /// The number of functions that are generated.
    const SEEDS: u64 = 40;

    /// Runs code with faults if this is the process for it.
    pub(super) fn is_child() -> Result<bool, Box<dyn Error>> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let [command, name, level, from] = &arguments[..] else { return Ok(false) };
        if command != "faults" {
            return Ok(false);
        }
        let effort = if level == "none" { Effort::None } else { Effort::Speed };
        child(&Which { name: name.clone(), effort }, from.parse()?)?;
        Ok(true)
    }

    /// Prints what became of faults.
    pub(super) fn faults(sketches: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
        let names = sketches.chain((0..SEEDS).map(|seed| seed.to_string()));
        let both = |name: String| {
            [Effort::None, Effort::Speed].map(|effort| Which { name: name.clone(), effort })
        };
        let functions: Vec<Which> = names.flat_map(both).collect();
        let found = run(&std::env::current_exe()?, &functions)?;
        print!("{}", page(&found));
        match found.missed.is_empty() {
            true => Ok(()),
            false => Err(found.missed.join("\n").into()),
        }
    }
}
