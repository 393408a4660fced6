//! What is no pointer by its type is expected nowhere, and its copies need not be declared.

use stackmap_wasm::{Gc, Kind, ModuleFunction, Options, check};
use stackmap_wasm_tests::omissions::{Omissions, Row, Sample};
use stackmap_wasm_tests::total::Total;

/// Uses in the collector's heap of what looks like a reference to Wasmtime's code, but can only be
/// null: a parameter, a result, a global, a field.
const NULLS: &str = r#"(module
  (type $s (struct (field externref)))
  (type $n (struct (field (mut nullexternref))))
  (import "" "null" (func $null (result nullexternref)))
  (global $g (mut nullexternref) (ref.null noextern))

  (func (export "param") (param nullexternref)
    (drop (struct.new $s (local.get 0))))
  (func (export "call") (local nullexternref)
    (local.set 0 (call $null))
    (drop (struct.new $s (local.get 0))))
  (func (export "global") (local nullexternref)
    (local.set 0 (global.get $g))
    (drop (struct.new $s (local.get 0))))
  (func (export "field") (param (ref $n)) (local nullexternref)
    (local.set 1 (struct.get $n 0 (local.get 0)))
    (drop (struct.new $s (local.get 1))))
)"#;

#[test]
fn what_can_only_be_null_is_not_expected() {
    for gc in [Gc::ReferenceCounting, Gc::Copying] {
        let options = Options { gc, ..Options::default() };
        let summary = check(NULLS.as_bytes(), Kind::Text, &options, &|_| {}).unwrap();
        let spilled = summary.spilled;
        assert_eq!((spilled.functions, spilled.verified), (4, 4), "{gc}");
    }
}

/// Modules that are right, and were taken for wrong.
const RIGHT: [(&str, &str); 2] = [
    ("barriers.wat", include_str!("../../modules/barriers.wat")),
    ("returned.wat", include_str!("../../modules/returned.wat")),
];

#[test]
fn what_is_no_result_and_no_pointer_is_not_expected() {
    for gc in [Gc::ReferenceCounting, Gc::Copying] {
        for (name, text) in RIGHT {
            let options = Options { gc, ..Options::default() };
            let right = |function: ModuleFunction| {
                assert_eq!(function.result.findings, [], "{name} for {gc}");
            };
            let summary = check(text.as_bytes(), Kind::Text, &options, &right).unwrap();
            // How many functions have references depends on the collector.
            let spilled = summary.spilled;
            assert!(spilled.functions > 0, "{name} for {gc}");
            assert_eq!(spilled.verified, spilled.functions, "{name} for {gc}");
        }
    }
}

/// At every level, for each collector.
#[test]
fn a_zero_of_two_registers_with_the_same_content_reads_neither() {
    let module = include_str!("../../modules/zero.wat");
    for gc in Gc::ALL {
        let mut total = Total::default();
        let options = Options { gc, ..Options::default() };
        total.add("zero.wat", module.as_bytes(), Kind::Text, &options);
        assert!(total.is_right(), "{gc}: {:?} {}", total.failures, total.wrong.join("\n"));
    }
}

/// Modules in which copies of declared values live across calls, and need not be declared.
const COPIES: [(&str, &str); 2] = [
    ("nulls.wat", include_str!("../../modules/nulls.wat")),
    ("casts.wat", include_str!("../../modules/casts.wat")),
];

#[test]
fn copies_that_are_never_read_as_references_need_not_be_declared() {
    for gc in [Gc::ReferenceCounting, Gc::Copying, Gc::Null] {
        for (name, text) in COPIES {
            let folder = tempfile::tempdir().unwrap();
            let optimized = Some(folder.path());
            let options = Options { gc, optimized, ..Options::default() };
            let right = |function: ModuleFunction| {
                assert_eq!(function.result.findings, [], "{name} for {gc}");
            };
            let summary = check(text.as_bytes(), Kind::Text, &options, &right).unwrap();
            for totals in [&summary.spilled, &summary.optimized] {
                // The null collector loads without declaring.
                assert!(totals.functions >= 4, "{name} for {gc}");
                assert_eq!(totals.verified, totals.functions, "{name} for {gc}");
            }
        }
    }
}

#[test]
fn what_is_read_as_a_reference_has_to_be_declared() {
    for gc in [Gc::ReferenceCounting, Gc::Copying] {
        for (name, text) in COPIES {
            let mut omissions = Omissions::default();
            let all = Sample { every: 1, most_bytes: usize::MAX };
            omissions.add(text.as_bytes(), Kind::Text, gc, all).unwrap();
            let Row { tried, harmful, missed, .. } = omissions.singles.sums();
            println!("{name} for {gc}:\n{}", omissions.singles);
            assert_eq!((missed, omissions.not_run), (0, 0), "{name} for {gc}");
            assert!(tried > 0 && (harmful > 0 || name == "nulls.wat"), "{name} for {gc}");
        }
    }
}
