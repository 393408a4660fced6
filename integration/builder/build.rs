//! Puts the source of the adapter into the macros that expand to it.
//!
//! The adapter is ordinary source under `src/adapter`. A macro cannot include files of the crate
//! that defines it, so their text becomes part of the macro. But the compiler tells no line of a
//! macro of another crate: with `STACKMAP_ADAPTER_FILES=1`, the macro names the files by their
//! absolute paths, and errors do.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Whether the macro names files.
const FILES: &str = "STACKMAP_ADAPTER_FILES";

fn main() -> io::Result<()> {
    let source = variable("CARGO_MANIFEST_DIR").join("src/adapter");
    println!("cargo::rerun-if-changed={}", source.display());
    println!("cargo::rerun-if-env-changed={FILES}");
    for part in ["functions", "pass"] {
        let root = source.join(part).join("mod.rs");
        let module = match env::var_os(FILES) {
            Some(_) => format!("#[path = {root:?}]\nmod {part};"),
            None => format!("mod {part} {{\n{}}}", expanded(&root, &source.join(part))?),
        };
        let text = format!(
            "/// The `{part}` of the adapter, as a module.\n\
             #[doc(hidden)]\n\
             #[macro_export]\n\
             macro_rules! __adapter_{part} {{\n() => {{\n{module}\n}};\n}}\n"
        );
        fs::write(variable("OUT_DIR").join(part).with_extension("rs"), text)?;
    }
    Ok(())
}

/// Returns a path that Cargo passes.
fn variable(name: &str) -> PathBuf {
    env::var_os(name).map(PathBuf::from).unwrap_or_default()
}

/// Returns the text of a file, with the modules that it declares, which are files of `folder`, in
/// place of their declarations.
fn expanded(file: &Path, folder: &Path) -> io::Result<String> {
    let mut text = String::new();
    for line in fs::read_to_string(file)?.lines() {
        let declaration = line.strip_suffix(';').and_then(|line| line.split_once("mod "));
        match declaration {
            Some((visibility @ ("" | "pub(super) "), name)) => {
                let (file, folder) = (folder.join(name).with_extension("rs"), folder.join(name));
                let module = expanded(&file, &folder)?;
                text.push_str(&format!("{visibility}mod {name} {{\n{module}}}\n"));
            }
            Some(_) | None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    Ok(text)
}
