//! Execution of the functions that the verifier judges.
//!
//! The verdicts are about executions under a collector that moves every object at every
//! safepoint. This crate executes functions under such a collector: in Cranelift's interpreter,
//! which finds roots by the stack maps in CLIF, and as machine code on x86-64, which finds them
//! by the stack maps that Cranelift emits.
//!
//! It checks three laws:
//!
//! 1. A function that is verified does the same as the function before spilling, without the
//!    collector and with it.
//! 2. A function that is violated goes wrong on some path. For those that do, a path is found;
//!    for those that do not, the reason.
//!
//! 3. Machine code that the level `code` verifies does the same as what was compiled, and code with a
//!    fault that does something else is found.
//!
//! The crate uses nothing of the verifier but its verdict.

pub mod case;
pub mod endless;
pub mod explore;
#[cfg(all(target_arch = "x86_64", unix))]
pub mod faults;
pub mod generate;
pub mod heap;
pub mod interpret;
#[cfg(all(target_arch = "x86_64", unix))]
pub mod machine;
pub mod mutate;
pub mod old;
pub mod plan;
pub mod table;
pub mod totals;
pub mod world;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The sketches in a folder by name, with their text.
///
/// # Errors
///
/// If one cannot be read.
pub fn sketches(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut sketches = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let (Some(name), true) = (path.file_stem(), path.is_file()) {
            sketches.insert(name.to_string_lossy().into_owned(), std::fs::read_to_string(&path)?);
        }
    }
    Ok(sketches)
}
