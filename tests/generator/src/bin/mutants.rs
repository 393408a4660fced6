//! Prints `docs/mutants.md`.

use std::process::ExitCode;

use stackmap_generator::document::document;

fn main() -> ExitCode {
    match document() {
        Ok(document) => {
            print!("{document}");
            ExitCode::SUCCESS
        }
        Err(dispute) => {
            eprintln!("{dispute}");
            ExitCode::FAILURE
        }
    }
}
