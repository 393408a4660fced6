//! An unmodified Wasmtime, with the hook: each function of a module is verified as Wasmtime
//! compiles it.
//!
//! `cargo run -p stackmap-hook --example wasmtime`
//!
//! The same lines serve in Wasmtime's test suite and in a fuzz target, where a function that is
//! wrong should end the process: a panic in the callback stops there, so it aborts.

use std::error::Error;

use log::LevelFilter;
use stackmap_hook::{AtLeast, Settings, Silent, Style};
use wasmtime::{Config, Engine, Module};
use wast::Wat;
use wast::parser::{ParseBuffer, parse};

/// A function that keeps a reference across a call.
const MODULE: &str = r#"(module
    (type $object (struct (field i32)))
    (import "host" "may_collect" (func $may_collect))
    (func (export "keep") (param (ref $object)) (result i32)
        (call $may_collect)
        (struct.get $object 0 (local.get 0))))"#;

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    // Wasmtime 48 embeds Cranelift 0.135.
    let settings = Settings { version: AtLeast::minor(135), ..Settings::default() };
    let hook = stackmap_hook::install(Box::new(Silent), LevelFilter::Off, settings, |verified| {
        if verified.result.is_wrong() {
            eprint!("{}", verified.result.render(Style::default()));
            std::process::abort();
        }
    })?;

    let mut config = Config::new();
    config.wasm_function_references(true).wasm_gc(true);
    let text = ParseBuffer::new(MODULE)?;
    let module = parse::<Wat<'_>>(&text)?.encode()?;
    Module::new(&Engine::new(&config)?, module)?;

    // To verify nothing proves nothing.
    assert!(hook.is_listening());
    assert!(hook.seen().functions > 0, "{:?}", hook.seen());
    Ok(())
}
