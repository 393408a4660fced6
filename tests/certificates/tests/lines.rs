//! The sizes in `docs/soundness.md` match the code.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the number of lines of code in a file, or in all sources of a folder, without
/// comments, blank lines and tests.
fn code(path: &Path) -> usize {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        return paths.map(|path| code(&path)).sum();
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.ends_with(".rs") || ["laws.rs", "tests.rs", "opcode_tests.rs"].contains(&name) {
        return 0;
    }
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

/// Returns the paths in backquotes in a cell. A bare name is in the folder of the path before
/// it.
fn paths(cell: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for name in cell.split('`').skip(1).step_by(2) {
        let path = match paths.last().and_then(|path| path.parent()) {
            Some(folder) if !name.contains('/') => folder.join(name),
            Some(_) | None => PathBuf::from(name),
        };
        paths.push(path);
    }
    paths
}

#[test]
fn the_sizes_in_the_documentation_are_those_of_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join("docs/soundness.md")).expect("the document");
    let mut rows = 0;
    for line in document.lines() {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (Some(what), Some(most)) = (cells.next(), cells.next()) else { continue };
        let Ok(most) = most.replace(',', "").parse::<usize>() else { continue };
        let paths = paths(what);
        if !paths.iter().all(|path| root.join(path).exists()) || paths.is_empty() {
            continue;
        }
        let lines: usize = paths.iter().map(|path| code(&root.join(path))).sum();
        // Rounded up, with room for a small change.
        let is_about_right = lines <= most && most <= lines + lines / 4 + 50;
        assert!(is_about_right, "{what}: {lines} lines of code, not {most}");
        rows += 1;
    }
    assert_eq!(rows, 12, "rows with a size");
}
