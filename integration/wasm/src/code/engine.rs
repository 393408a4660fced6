//! The settings that an artifact was compiled with, as it names them.
//!
//! Wasmtime's engine compares them with its own before it runs what was compiled.

use cranelift_codegen::isa::{OwnedTargetIsa, lookup_by_name};
use cranelift_codegen::settings::{self, Configurable, Flags};
use wasmtime_environ::FlagValue;
use wasmtime_environ::obj::ELF_WASM_ENGINE;
use wasmtime_environ::object::read::elf::ElfFile64;
use wasmtime_environ::object::{Endianness, Object, ObjectSection};

use crate::error::{WasmError, first_line};

/// The version of Wasmtime that is linked, as its engine calls it.
const VERSION: &str = "48";

/// The form of the section.
const FORM: u8 = 0;

/// The target, and the settings of Cranelift: those of all instruction sets, and those of this one.
type Engine<'e> = (&'e str, Vec<(&'e str, FlagValue<'e>)>, Vec<(&'e str, FlagValue<'e>)>);

/// Returns the instruction set of an artifact, with its settings.
pub(super) fn isa(artifact: &[u8]) -> Result<OwnedTargetIsa, WasmError> {
    let file = ElfFile64::<Endianness>::parse(artifact);
    let file = file.map_err(|error| unread(&error.to_string()))?;
    let section = file.section_by_name(ELF_WASM_ENGINE);
    let section = section.ok_or_else(|| unread("it does not say which engine compiled it"))?;
    let data = section.data().map_err(|error| unread(&error.to_string()))?;
    let (target, shared, specific) = engine(data)?;
    let mut flags = settings::builder();
    set(&mut flags, &shared)?;
    let unknown = |error: &dyn ToString| unread(&format!("{target}: {}", error.to_string()));
    let mut isa = lookup_by_name(target).map_err(|error| unknown(&error))?;
    set(&mut isa, &specific)?;
    isa.finish(Flags::new(flags)).map_err(|error| unknown(&error))
}

/// Reads the section.
fn engine(data: &[u8]) -> Result<Engine<'_>, WasmError> {
    let cut = || unread("what it says of the engine is cut short");
    let (&form, rest) = data.split_first().ok_or_else(cut)?;
    let (&length, rest) = rest.split_first().ok_or_else(cut)?;
    let (version, rest) = rest.split_at_checked(length.into()).ok_or_else(cut)?;
    if form != FORM || version != VERSION.as_bytes() {
        let version = String::from_utf8_lossy(version).into_owned();
        return Err(WasmError::Version(version, VERSION));
    }
    let (engine, _) =
        postcard::take_from_bytes(rest).map_err(|error| unread(&error.to_string()))?;
    Ok(engine)
}

fn set(flags: &mut dyn Configurable, values: &[(&str, FlagValue<'_>)]) -> Result<(), WasmError> {
    for (name, value) in values {
        let set = flags.set(name, &value.to_string());
        set.map_err(|error| unread(&format!("the setting {name}={value}: {error}")))?;
    }
    Ok(())
}

fn unread(error: &str) -> WasmError {
    WasmError::Artifact(first_line(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_version_compiled_is_not_read() {
        let data = [&[FORM, 2][..], b"47"].concat();
        let error = engine(&data).expect_err("another version").to_string();
        assert!(error.contains("Wasmtime 47 compiled the module"), "{error}");
    }

    #[test]
    fn what_is_cut_short_is_told() {
        let data = [&[FORM, 2][..], VERSION.as_bytes(), b"\x06x86"].concat();
        for length in 0..=data.len() {
            assert!(engine(&data[..length]).is_err(), "{length}");
        }
    }
}
