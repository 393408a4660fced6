//! Functions with stack maps.

use std::fs;
use std::path::{Path, PathBuf};

use cranelift_codegen::ir::Function;
use stackmap_cranelift::spill;
use stackmap_oracle::dice::{Dice, bytes};

/// Returns the path of a file or folder of the tests.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Returns the functions of a file of this crate's fixtures.
///
/// # Panics
///
/// If there is no such file, or it is not CLIF.
pub fn fixture(name: &str) -> Vec<Function> {
    let text = fs::read_to_string(path("code/fixtures").join(name)).expect("a fixture");
    cranelift_reader::parse_functions(&text).expect("CLIF")
}

/// Returns the sketches as the spiller leaves them, with their files.
///
/// # Panics
///
/// If one cannot be read or spilled.
pub fn sketches() -> Vec<(String, Function)> {
    let files = fs::read_dir(path("sketches")).expect("the sketches");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "clif"));
    files.sort();
    let mut functions = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a sketch");
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        for spilled in spill::run(&text).expect("CLIF") {
            functions.push((name.clone(), spilled.expect("what can be spilled").after));
        }
    }
    functions
}

/// Returns functions that are generated from these seeds, as the spiller leaves them, with their
/// seeds. What cannot be spilled is left out.
///
/// # Panics
///
/// If one is not CLIF.
pub fn generated(seeds: std::ops::Range<u64>) -> Vec<(String, Function)> {
    let mut functions = Vec::new();
    for seed in seeds {
        let bytes = bytes(seed, 400);
        let text = stackmap_generator::Function::roll(&mut Dice::new(&bytes)).text;
        let spilled = spill::run(&text).expect("CLIF").into_iter().flatten();
        functions.extend(spilled.map(|spilled| (format!("seed {seed}"), spilled.after)));
    }
    functions
}
