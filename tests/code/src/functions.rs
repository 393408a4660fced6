//! Functions with stack maps.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use cranelift_codegen::ir::{Function, InstructionData};
use cranelift_codegen::isa::TargetIsa;
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

/// Returns a function whose callees are near, which for Pulley are other functions than those of the
/// host.
pub fn near(function: &Function) -> Function {
    let mut near = function.clone();
    near.dfg.ext_funcs.values_mut().for_each(|callee| callee.colocated = true);
    near
}

/// Returns whether a function calls one that is not near, with exception handlers.
fn tries_far(function: &Function) -> bool {
    let blocks = function.layout.blocks();
    let mut last = blocks.filter_map(|block| function.layout.last_inst(block));
    last.any(|last| {
        let data = function.dfg.insts[last];
        let is_far = |callee| !function.dfg.ext_funcs[callee].colocated;
        matches!(data, InstructionData::TryCall { func_ref, .. } if is_far(func_ref))
    })
}

/// Returns a function of which Cranelift makes right code: for Pulley, where it does not come back
/// from a function of the host that may throw, with callees that are near.
pub fn right<'f>(function: &'f Function, isa: &dyn TargetIsa) -> Cow<'f, Function> {
    match isa.name() == "pulley64" && tries_far(function) {
        true => Cow::Owned(near(function)),
        false => Cow::Borrowed(function),
    }
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
