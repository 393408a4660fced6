//! The structure of the workspace stays as it is, or becomes better.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use stackmap_architecture::{Crate, arrows, circles};

/// The folder of each crate that is more than a test.
const CRATES: [&str; 16] = [
    "verifier/kernel",
    "verifier",
    "integration/builder",
    "integration/certificate-text",
    "integration/cli",
    "integration/clif",
    "integration/code",
    "integration/cranelift",
    "integration/hook",
    "integration/html",
    "integration/pair-text",
    "integration/reduce",
    "integration/regalloc2",
    "integration/report",
    "integration/wasm",
    "tests/architecture",
];

fn root() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).expect("the workspace")
}

fn read(folder: &str) -> Crate {
    let root = root().join(folder).join("src/lib.rs");
    Crate::read(&root).unwrap_or_else(|error| panic!("{folder}: {error:?}"))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).expect("a file of the workspace").display().to_string()
}

/// Files that use each other can only be understood together: there are none.
#[test]
fn circles_of_files() {
    let crates = CRATES.map(read);
    let circles: Vec<Vec<String>> = crates
        .iter()
        .flat_map(circles)
        .map(|circle| circle.iter().map(|file| shown(file)).collect())
        .collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

/// No source file, tests included, is longer than 400 lines, and half of them are shorter than
/// 150.
#[test]
fn sizes_of_files() {
    let mut sizes: Vec<(usize, String)> = Vec::new();
    for entry in ignore::Walk::new(root()) {
        let file = entry.expect("an entry of a folder").into_path();
        if file.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&file).expect("a source file");
            sizes.push((text.lines().count(), shown(&file)));
        }
    }
    sizes.sort();
    assert!(sizes.len() > 600, "{} files", sizes.len());
    let too_long: Vec<_> = sizes.iter().filter(|(lines, _)| *lines > 400).collect();
    assert!(too_long.is_empty(), "{too_long:?}");
    assert!(sizes[sizes.len() / 2].0 < 150, "the median is {}", sizes[sizes.len() / 2].0);
}

/// The crates that each crate is built from.
fn dependencies(package: &str) -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--locked", "--edges", "normal,build", "--prefix", "none"]);
    let output = cargo.args(["--package", package]).current_dir(root()).output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names of crates");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Crates that compilers link into their debug builds must not depend on another compiler.
#[test]
fn light_crates_need_no_compiler() {
    for package in [
        "stackmap-kernel",
        "stackmap-verifier",
        "stackmap-clif",
        "stackmap-builder",
        "stackmap-report",
        "stackmap-html",
        "stackmap-certificate-text",
        "stackmap-hook",
        "stackmap-pair-text",
        "stackmap-reduce",
    ] {
        let dependencies = dependencies(package);
        let is_heavy = |name: &&String| {
            ["cranelift-codegen", "wasmtime", "regalloc2", "wasmparser"].contains(&name.as_str())
        };
        let heavy: Vec<_> = dependencies.iter().filter(is_heavy).collect();
        assert!(heavy.is_empty(), "{package} needs {heavy:?}");
    }
    let cranelift = dependencies("stackmap-cranelift");
    assert!(cranelift.iter().any(|name| name == "cranelift-codegen"), "this sees dependencies");
}

/// What checks machine code is for any instruction set, and asks Cranelift for none.
#[test]
fn the_check_of_machine_code_asks_for_no_instruction_set() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--locked", "--edges", "normal,features"]);
    cargo.args(["--prefix", "none", "--package", "stackmap-code"]);
    let output = cargo.current_dir(root()).output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names of crates");
    let asks_for = |feature: &str| {
        text.lines().any(|line| line == format!("cranelift-codegen feature \"{feature}\""))
    };
    assert!(asks_for("std"), "this sees features");
    let names = ["x86", "arm64", "riscv64", "s390x", "pulley", "host-arch", "all-arch"];
    assert!(!names.into_iter().any(asks_for), "{text}");
}

/// The kernel and the core do not depend on the crates that use them, and adapters do not
/// depend on each other.
#[test]
fn arrows_between_crates_point_down() {
    let allowed: [(&str, &[&str]); 13] = [
        ("stackmap-kernel", &[]),
        ("stackmap-verifier", &["stackmap-kernel"]),
        ("stackmap-report", &["stackmap-kernel", "stackmap-verifier"]),
        ("stackmap-html", &["stackmap-kernel", "stackmap-report", "stackmap-verifier"]),
        ("stackmap-certificate-text", &["stackmap-kernel", "stackmap-verifier"]),
        ("stackmap-clif", &["stackmap-kernel", "stackmap-verifier"]),
        ("stackmap-pair-text", &["stackmap-kernel", "stackmap-verifier"]),
        ("stackmap-reduce", &["stackmap-clif", "stackmap-kernel", "stackmap-verifier"]),
        ("stackmap-regalloc2", &["stackmap-kernel", "stackmap-pair-text", "stackmap-verifier"]),
        ("stackmap-code", &["stackmap-kernel", "stackmap-report", "stackmap-verifier"]),
        (
            "stackmap-builder",
            &["stackmap-clif", "stackmap-kernel", "stackmap-report", "stackmap-verifier"],
        ),
        (
            "stackmap-cranelift",
            &[
                "stackmap-builder",
                "stackmap-clif",
                "stackmap-kernel",
                "stackmap-report",
                "stackmap-verifier",
            ],
        ),
        (
            "stackmap-hook",
            &["stackmap-clif", "stackmap-kernel", "stackmap-report", "stackmap-verifier"],
        ),
    ];
    for (package, allowed) in allowed {
        for used in dependencies(package) {
            let is_ours = used.starts_with("stackmap-") && used != package;
            assert!(!is_ours || allowed.contains(&used.as_str()), "{package} uses {used}");
        }
    }
}

/// The layers of the core, from the bottom up. Files outside of these folders may use all
/// layers.
const LAYERS: [&str; 4] = ["findings", "prove", "explain", "lint"];

/// Proofs do not depend on how results are reported: each layer of the core uses only itself
/// and those below it.
#[test]
fn layers_of_the_core_point_down() {
    let sources = root().join("verifier/src");
    let layer = |file: &Path| {
        let folder = file.strip_prefix(&sources).ok()?.components().next()?;
        LAYERS.iter().position(|layer| folder.as_os_str() == *layer)
    };
    let core = read("verifier");
    let between = arrows(&core).into_iter().filter_map(|arrow| {
        let (from, to) = (layer(arrow.0)?, layer(arrow.1)?);
        Some((from, to, arrow))
    });
    let between: Vec<_> = between.filter(|(from, to, _)| from != to).collect();
    assert!(between.len() > 50, "this sees {} arrows", between.len());
    let up: Vec<_> = between.iter().filter(|(from, to, _)| from < to).collect();
    assert!(up.is_empty(), "{up:#?}");
}

/// The part of the core that decides a verdict is small enough to be read: without what explains
/// a verdict, lints, counts, keeps names or prints programs, and without unit tests, it has fewer than
/// 4,500 lines of code.
#[test]
fn the_core_is_small() {
    let sources = root().join("verifier/src");
    let beside = ["explain", "findings", "lint", "names", "stats.rs", "text", "timeline"]
        .map(|folder| sources.join(folder));
    let mut lines = 0;
    for entry in ignore::Walk::new(&sources) {
        let file = entry.expect("an entry of a folder").into_path();
        let is_core = !beside.iter().any(|folder| file.starts_with(folder));
        let is_test = ["tests.rs", "laws.rs"].iter().any(|name| file.ends_with(name));
        if file.is_file() && is_core && !is_test {
            let text = fs::read_to_string(&file).expect("a source file");
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code = text.lines().map(str::trim_start);
            lines += code.filter(|line| !line.is_empty() && !line.starts_with("//")).count();
        }
    }
    assert!((3000..4500).contains(&lines), "{lines} lines of code");
}
