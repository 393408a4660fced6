//! A program that logs with env_logger, with the hook in front of it.
//!
//! `RUST_LOG=info cargo run -p stackmap-hook --example env_logger`

use std::error::Error;

use stackmap_cranelift::spill;
use stackmap_hook::{Settings, Style};

/// A function in which a reference flows into a parameter that nobody declared.
const PROGRAM: &str = include_str!("../../../tests/sketches/G3_undeclared_param.clif");

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    // Instead of `env_logger::init()`.
    let logger = env_logger::Builder::from_default_env().build();
    let level = logger.filter();
    let settings = Settings::default();
    let hook = stackmap_hook::install(Box::new(logger), level, settings, |verified| {
        if verified.result.is_wrong() {
            print!("{}", verified.result.render(Style::default()));
        }
    })?;

    log::info!("compiling");
    // Stands for what the program does with the Cranelift that it embeds.
    spill::run(PROGRAM)?;

    assert!(hook.is_listening());
    assert_eq!(hook.seen().functions, 1);
    Ok(())
}
