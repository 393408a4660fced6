//! The text reader and the in-memory front end build the same model.

mod show;

use std::path::PathBuf;

use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::{lower, spill};

/// The `.clif` files with a `;! declare` line under `tests/`.
fn sketches() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests"))];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "clif") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn both_front_ends_build_the_same_model() {
    let mut count = 0;
    for path in sketches() {
        let text = std::fs::read_to_string(&path).unwrap();
        if !spill::is_wanted(&text) {
            continue;
        }
        let Ok(spilled) = spill::run(&text) else { continue };
        for spilled in spilled.into_iter().flatten() {
            let memory = lower(&spilled.before, spilled.declared.iter().copied(), &spilled.after);
            let memory = memory.unwrap_or_else(|error| panic!("{path:?}: {error}"));
            let (before, after) = (spilled.before_text(), spilled.after_text());
            let declared: Vec<u32> = spilled.declared.iter().map(|value| value.as_u32()).collect();
            let text = read_pair(
                Text { text: &before, line: 1 },
                Text { text: &after, line: 1 },
                &Declared::exactly(declared),
                AtLeast::minor(135),
            );
            let text = text.unwrap_or_else(|error| panic!("{path:?}: {error}\n{after}"));
            assert_eq!(text.name, spilled.name);
            assert_eq!(text.declared, memory.declared, "{path:?}");
            assert_eq!(show::before(&text.before), show::before(&memory.before), "{path:?}");
            assert_eq!(show::after(&text.after), show::after(&memory.after), "{path:?}");
            count += 1;
        }
    }
    assert!(count > 0);
}
