//! The constructs that count as a use.

use std::fs;
use std::path::Path;

use stackmap_architecture::{Crate, arrows, circles};

/// A crate with these files.
fn with(files: &[(&str, &str)], check: impl FnOnce(&Crate, &Path)) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }
    let sources = Crate::read(&folder.path().join("lib.rs")).expect("a crate");
    check(&sources, folder.path());
}

fn named(folder: &Path, arrows: &std::collections::BTreeSet<(&Path, &Path)>) -> Vec<String> {
    let name = |file: &Path| file.strip_prefix(folder).expect("a file").display().to_string();
    arrows.iter().map(|(from, to)| format!("{} -> {}", name(from), name(to))).collect()
}

#[test]
fn a_reexport_is_followed() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "mod c; pub(crate) use c::C; pub(crate) struct A;"),
        ("a/c.rs", "pub(crate) struct C;"),
        ("b.rs", "use crate::a::C; fn f(_: C) {}"),
    ];
    with(&files, |sources, folder| {
        assert_eq!(named(folder, &arrows(sources)), ["b.rs -> a/c.rs"]);
        assert!(circles(sources).is_empty());
    });
}

#[test]
fn a_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; fn f() { c::g() }"),
        ("a.rs", "use crate::b::B; pub(crate) struct A(B);"),
        ("b.rs", "pub(crate) struct B; impl B { fn f(_: &super::a::A) {} }"),
        ("c.rs", "use crate::a::*; pub(crate) fn g() -> A { todo!() }"),
    ];
    with(&files, |sources, folder| {
        let expected = ["a.rs -> b.rs", "b.rs -> a.rs", "c.rs -> a.rs", "lib.rs -> c.rs"];
        assert_eq!(named(folder, &arrows(sources)), expected);
        let circle: Vec<_> = ["a.rs", "b.rs"].map(|name| folder.join(name)).to_vec();
        assert_eq!(
            circles(sources),
            [circle.iter().map(|file| file.as_path()).collect::<Vec<_>>()]
        );
    });
}

#[test]
fn tests_and_variables_are_no_uses() {
    let files = [
        ("lib.rs", "mod a; mod b; pub fn f(a: u8) -> u8 { a }"),
        ("a.rs", "#[cfg(test)] mod tests { use crate::b::B; } pub(in crate::b) struct A;"),
        ("b.rs", "use std::fmt::Debug; pub(crate) struct B;"),
    ];
    with(&files, |sources, folder| {
        assert_eq!(named(folder, &arrows(sources)), Vec::<String>::new());
    });
}
