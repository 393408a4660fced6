//! A program that logs with tracing, with the hook in front of it.
//!
//! `cargo run -p stackmap-hook --example tracing`
//!
//! Cranelift uses the `log` crate, and `tracing_subscriber::fmt().init()` installs a logger that
//! hands its records to tracing. There can be only one logger, so that
//!
//! * `init()` in front of the hook makes `install` fail with [`InstallError::Logger`];
//! * `init()` behind the hook panics.
//!
//! So the subscriber is made the default by itself, and the logger is given to the hook.

use std::error::Error;

use log::LevelFilter;
use stackmap_cranelift::spill;
use stackmap_hook::{InstallError, Settings, Style};
use tracing_log::LogTracer;

/// A function in which a reference flows into a parameter that nobody declared.
const PROGRAM: &str = include_str!("../../../tests/sketches/G3_undeclared_param.clif");

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    // Instead of `tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).init()`.
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).finish();
    tracing::subscriber::set_global_default(subscriber)?;
    let (logger, level) = (Box::new(LogTracer::new()), LevelFilter::Info);
    let hook = stackmap_hook::install(logger, level, Settings::default(), |verified| {
        if verified.result.is_wrong() {
            print!("{}", verified.result.render(Style::default()));
        }
    })?;

    tracing::info!("compiling");
    // Stands for what the program does with the Cranelift that it embeds.
    spill::run(PROGRAM)?;

    assert!(hook.is_listening());
    assert_eq!(hook.seen().functions, 1);
    // A second logger.
    let (logger, settings) = (Box::new(LogTracer::new()), Settings::default());
    let again = stackmap_hook::install(logger, level, settings, |_| {});
    assert_eq!(again.err(), Some(InstallError::Logger));
    Ok(())
}
