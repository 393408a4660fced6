//! The inputs that once made the property of the fuzz target `spillers` fail satisfy it, and so
//! do fresh random bytes.

use std::fs;
use std::path::{Path, PathBuf};

use stackmap_generator::spillers;
use stackmap_oracle::dice::bytes;

#[test]
fn fixtures_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/fuzz/spillers");
    // There is no folder as long as nothing was found.
    let files = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        println!("{}", file.display());
        spillers(&fs::read(file).unwrap());
    }
}

#[test]
fn any_bytes_hold() {
    for seed in 0..100 {
        println!("seed {seed}");
        spillers(&bytes(seed, 2000));
    }
}
