//! What can only be null by its type is expected nowhere, declared or not.

use stackmap_wasm::{Gc, Kind, ModuleFunction, Options, check};

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

/// Wasmtime declares what can only be null where it is a parameter, a result or loaded from the
/// heap, but not where it is a variable: in the parameters of blocks, which live across a call.
const MERGED: &str = r#"(module
  (type $n (struct (field (mut nullexternref))))
  (import "" "null" (func $null (result nullexternref)))
  (import "" "gc" (func $gc))
  (import "" "use" (func $use (param externref)))
  (global $g (mut nullexternref) (ref.null noextern))
  (table $t 4 nullexternref)

  (func (export "param") (param nullexternref nullexternref i32) (result i32)
    (block $l (result nullexternref)
      (br_if $l (local.get 0) (local.get 2))
      (drop)
      (local.get 1))
    (call $gc)
    (ref.is_null))
  (func (export "call") (param i32) (result i32)
    (block $l (result nullexternref)
      (br_if $l (call $null) (local.get 0))
      (drop)
      (call $null))
    (call $gc)
    (ref.is_null))
  (func (export "global") (param i32) (result i32)
    (block $l (result nullexternref)
      (br_if $l (global.get $g) (local.get 0))
      (drop) (call $gc)
      (global.get $g))
    (call $gc)
    (ref.is_null))
  (func (export "field") (param i32 (ref $n)) (result i32)
    (block $l (result nullexternref)
      (br_if $l (struct.get $n 0 (local.get 1)) (local.get 0))
      (drop) (call $gc)
      (struct.get $n 0 (local.get 1)))
    (call $gc)
    (ref.is_null))
  (func (export "table") (param i32) (result i32)
    (block $l (result nullexternref)
      (br_if $l (table.get $t (i32.const 1)) (local.get 0))
      (drop) (call $gc)
      (table.get $t (i32.const 2)))
    (call $gc)
    (ref.is_null))
  (func (export "flow") (param i32) (result i32) (local externref)
    (block $l (result nullexternref)
      (br_if $l (call $null) (local.get 0))
      (drop)
      (call $null))
    (call $gc)
    (local.set 1)
    (if (local.get 0) (then (local.set 1 (call $null))))
    (call $gc)
    (call $use (local.get 1))
    (ref.is_null (local.get 1)))
)"#;

#[test]
fn what_receives_only_nulls_need_not_be_declared() {
    // With the null collector, nothing is declared that is loaded.
    for (gc, functions) in [(Gc::ReferenceCounting, 6), (Gc::Copying, 6), (Gc::Null, 4)] {
        let options = Options { gc, ..Options::default() };
        let wrong = |function: ModuleFunction| assert_eq!(function.result.findings, [], "{gc}");
        let summary = check(MERGED.as_bytes(), Kind::Text, &options, &wrong).unwrap();
        assert_eq!(
            (summary.spilled.functions, summary.spilled.verified),
            (functions, functions),
            "{gc}"
        );
    }
}
