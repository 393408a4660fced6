//! The instruction set, as Wasmtime sets it up.

use cranelift_codegen::isa::{OwnedTargetIsa, lookup_by_name};
use cranelift_codegen::settings::{self, Configurable, Flags};

use crate::error::{WasmError, first_line};

/// The settings that machine code depends on, and that Wasmtime's differ in from Cranelift's own.
/// Whether these are all is not assumed: with others the code would not be that of the replay.
const SETTINGS: [(&str, &str); 5] = [
    ("opt_level", "speed"),
    ("probestack_strategy", "inline"),
    ("enable_probestack", "true"),
    ("enable_multi_ret_implicit_sret", "true"),
    ("preserve_frame_pointers", "true"),
];

/// Returns the instruction set of a target, without what only some of its processors have; or that of
/// this machine, with what its processor has.
pub(super) fn isa(target: Option<&str>) -> Result<OwnedTargetIsa, WasmError> {
    let mut flags = settings::builder();
    for (name, value) in SETTINGS {
        flags.set(name, value).map_err(|error| failed(&error.to_string()))?;
    }
    let isa = match target {
        None => cranelift_native::builder().map_err(failed)?,
        Some(target) => lookup_by_name(target).map_err(|error| failed(&error.to_string()))?,
    };
    isa.finish(Flags::new(flags)).map_err(|error| failed(&error.to_string()))
}

fn failed(error: &str) -> WasmError {
    WasmError::Engine(first_line(error))
}
