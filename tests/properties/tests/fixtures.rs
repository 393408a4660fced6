//! The inputs that once made a property fail satisfy it, and so do fresh random bytes.

use std::fs;
use std::path::{Path, PathBuf};

use stackmap_oracle::dice::bytes;
use stackmap_properties::ALL;

/// The files of a folder, sorted; none if there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn fixtures_hold() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/fuzz");
    for (name, holds) in ALL {
        for file in files(&fixtures.join(name)) {
            println!("{}", file.display());
            holds(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn recorded_logs_hold() {
    let historical = Path::new(env!("CARGO_MANIFEST_DIR")).join("../historical");
    let mut count = 0;
    for version in files(&historical).iter().filter(|path| !path.ends_with("undecided")) {
        for file in files(version) {
            stackmap_properties::log(&fs::read(file).unwrap());
            count += 1;
        }
    }
    assert!(count > 100, "{count} logs");
}

#[test]
fn sketches_hold() {
    let sketches = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../sketches"));
    assert!(sketches.len() > 50, "{} sketches", sketches.len());
    for file in sketches {
        if file.is_file() {
            stackmap_properties::text(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn any_bytes_hold() {
    for (name, holds) in ALL {
        for seed in 0..50 {
            println!("{name} of seed {seed}");
            holds(&bytes(seed, 2000));
        }
    }
}
