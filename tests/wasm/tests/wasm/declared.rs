//! What should have been declared: single omissions are found, and nothing is expected wrongly.

use std::sync::Mutex;

use stackmap_hook::{Compiler, Settings, Verified};
use stackmap_verifier::findings::Code;
use stackmap_wasm::{Gc, Keep, Kind, ModuleFunction, Options, Summary, check};
use stackmap_wasm_tests::omissions::{Omissions, Row, Sample};

/// A function for each rule, whose only reference, or one of two, is needed after a call.
const MODULE: &str = r#"(module
  (type $s (struct (field $next (mut anyref))))
  (type $a (array (mut anyref)))
  (type $two (func (result anyref anyref)))
  (import "" "collect" (func $collect))
  (import "" "use" (func $use (param anyref)))
  (import "" "make" (func $make (result anyref)))
  (import "" "both" (func $both (type $two)))
  (tag $e (param anyref i32 anyref))
  (global $g (mut anyref) (ref.null any))
  (table $t 1 anyref)
  (table $f 1 funcref)

  (func (export "param") (param anyref)
    (call $collect) (call $use (local.get 0)))
  (func (export "call") (local anyref)
    (local.set 0 (call $make)) (call $collect) (call $use (local.get 0)))
  (func (export "two results") (local anyref anyref)
    (call $both) (local.set 0) (local.set 1)
    (call $collect) (call $use (local.get 0)) (call $use (local.get 1)))
  (func (export "call_indirect") (local anyref)
    (local.set 0 (call_indirect $f (result anyref) (i32.const 0)))
    (call $collect) (call $use (local.get 0)))
  (func (export "struct.get") (param (ref $s)) (local anyref)
    (local.set 1 (struct.get $s $next (local.get 0)))
    (call $collect) (call $use (local.get 1)))
  (func (export "struct.new") (local anyref)
    (local.set 0 (struct.new_default $s)) (call $collect) (call $use (local.get 0)))
  (func (export "array.get") (param (ref $a) i32) (local anyref)
    (local.set 2 (array.get $a (local.get 0) (local.get 1)))
    (call $collect) (call $use (local.get 2)))
  (func (export "table.get") (param i32) (local anyref)
    (local.set 1 (table.get $t (local.get 0))) (call $collect) (call $use (local.get 1)))
  (func (export "global.get") (local anyref)
    (local.set 0 (global.get $g)) (call $collect) (call $use (local.get 0)))
  (func (export "catch") (local anyref anyref)
    (block $h (result anyref i32 anyref)
      (try_table (catch $e $h) (call $collect))
      (return))
    (local.set 0) (drop) (local.set 1)
    (call $collect) (call $use (local.get 0)) (call $use (local.get 1)))
  (func (export "catch_ref")
    (block $h (result exnref)
      (try_table (catch_all_ref $h) (call $collect))
      (return))
    (call $collect)
    (throw_ref))
  (func (export "call in try_table") (local anyref)
    (block $h
      (try_table (catch_all $h) (local.set 0 (call $make)) (call $collect))
      (call $use (local.get 0))))
)"#;

const ALL: Sample = Sample { every: 1, most_bytes: usize::MAX };

fn functions(gc: Gc) -> (Vec<ModuleFunction>, Summary) {
    let options = Options { gc, keep: Keep::All, ..Options::default() };
    let functions = Mutex::new(Vec::new());
    let summary = check(MODULE.as_bytes(), Kind::Text, &options, &|function| {
        functions.lock().unwrap().push(function);
    });
    (functions.into_inner().unwrap(), summary.unwrap())
}

#[test]
fn what_the_compiler_declares_is_right_and_all_of_it_is_known() {
    for gc in [Gc::ReferenceCounting, Gc::Copying] {
        let (_, summary) = functions(gc);
        assert_eq!((summary.spilled.violated, summary.spilled.unsupported), (0, 0), "{gc}");
        let counts = summary.spilled.expected.unwrap();
        assert!(counts.expected >= 20, "{gc}: {counts:?}");
        assert_eq!(counts.unresolved, 0, "{gc}");
    }
}

#[test]
fn nothing_is_expected_of_the_collector_that_never_collects() {
    let (functions, summary) = functions(Gc::Null);
    assert_eq!(summary.spilled.expected, None);
    assert!(functions.iter().all(|function| function.result.expected.is_none()));
}

#[test]
fn each_omission_is_found() {
    for gc in [Gc::ReferenceCounting, Gc::Copying] {
        let mut omissions = Omissions::default();
        omissions.add(MODULE.as_bytes(), Kind::Text, gc, ALL).unwrap();
        let Row { harmful, without_types, by_type, missed, .. } = omissions.singles.sums();
        println!("{gc}:\n{}{}", omissions.singles, omissions.classes);
        assert!(harmful >= 14 && by_type == harmful, "{gc}");
        assert_eq!((missed, omissions.not_run), (0, 0), "{gc}");
        assert!(without_types * 2 < harmful, "{gc}");
        let Row { harmful, missed, .. } = omissions.classes.sums();
        assert!(harmful >= 2 && missed == 0, "{gc}: {}", omissions.classes);
    }
}

/// Wasmtime uses the address of an object behind a call that enters a function in a table.
const FUNCTIONS: &str = r#"(module
  (type $s (struct (field funcref) (field funcref)))
  (func $f (export "f"))
  (func (export "make") (result (ref $s))
    (struct.new $s (ref.func $f) (ref.func $f)))
)"#;

#[test]
fn functions_that_never_collect_are_no_safepoints_after_optimization() {
    let folder = tempfile::tempdir().unwrap();
    let optimized = Some(folder.path());
    let options = Options { gc: Gc::ReferenceCounting, optimized, ..Options::default() };
    let summary = check(FUNCTIONS.as_bytes(), Kind::Text, &options, &|_| {}).unwrap();
    assert_eq!(summary.optimized.functions, 1);
    assert_eq!(summary.optimized.verified, 1);
}

/// The spiller does not run on such a function, and logs nothing.
#[test]
fn a_function_that_lost_its_only_reference() {
    let (functions, _) = functions(Gc::Copying);
    let mut found = 0;
    for function in functions.iter().filter(|function| !function.declared.is_empty()) {
        let before = function.result.texts.as_ref().and_then(|texts| texts.before.as_ref());
        let text = before.unwrap().text.to_string();
        let (settings, compiler) = (Settings::default(), Compiler::default());
        let types = function.knowledge(&compiler).source;
        let forgotten = Verified::unspilled(text.clone(), &settings, types);
        let codes: Vec<Code> = forgotten.result.findings.iter().map(|f| f.code).collect();
        assert!(codes.iter().all(|&code| code == Code::UndeclaredByType), "{codes:?}");
        found += usize::from(!codes.is_empty());
        // Without types, nothing shows.
        assert_eq!(Verified::unspilled(text, &settings, None).result.findings, []);
    }
    assert!(found >= 12, "{found}");
}
