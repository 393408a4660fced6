//! The declarations that Wasmtime once forgot, each left out again.

use std::sync::Mutex;

use stackmap_wasm::{Gc, Keep, Kind, ModuleFunction, Options, check};
use stackmap_wasm_tests::omissions::{Answer, Origins, omit};

/// A function for each fix, named by its pull request, in the shape that its description shows.
const MODULE: &str = r#"(module
  (type $a (array i8))
  (type $r (array anyref))
  (import "" "collect" (func $collect))
  (import "" "use" (func $use (param anyref)))
  (import "" "make" (func $make (result anyref)))
  (data $d "0123456789")
  (elem $e anyref (item (ref.i31 (i32.const 1))) (item (ref.i31 (i32.const 2))))

  (func (export "10456") (param i32) (local $x anyref)
    (local.set $x (call $make))
    (loop $outer
      (loop $inner
        (call $collect)
        (br_if $inner (local.get 0)))
      (if (local.get 0) (then (local.set $x (call $make))))
      (call $use (local.get $x))
      (br_if $outer (local.get 0)))
    (call $use (local.get $x)))
  (func (export "12862") (param anyref anyref i32)
    (select (result anyref) (local.get 0) (local.get 1) (local.get 2))
    (call $collect)
    (call $use))
  (func (export "12935")
    (array.new_data $a $d (i32.const 0) (i32.const 10))
    (call $collect)
    (call $use))
  (func (export "12936")
    (array.new_elem $r $e (i32.const 0) (i32.const 2))
    (call $collect)
    (call $use))
  (func (export "13449") (local $x anyref)
    (local.set $x (call $make))
    (local.get $x)
    (local.set $x (call $make))
    (call $collect)
    (call $use)
    (call $use (local.get $x)))
)"#;

/// What each fix's function is called, and the origins of what was forgotten there. A collector that
/// copies has an inline way to allocate, whose result meets that of a call.
const FIXES: [(&str, &[&str]); 5] = [
    ("u0:0", &["parameter of a block"]),
    ("u0:1", &["selected"]),
    ("u0:2", &["result of a call", "parameter of a block"]),
    ("u0:3", &["result of a call", "parameter of a block"]),
    ("u0:4", &["result of a call"]),
];

#[test]
fn what_wasmtime_forgot_to_declare_is_found() {
    for gc in [Gc::ReferenceCounting, Gc::Copying] {
        let functions = Mutex::new(Vec::new());
        let options = Options { gc, keep: Keep::All, ..Options::default() };
        check(MODULE.as_bytes(), Kind::Text, &options, &|function| {
            functions.lock().unwrap().push(function);
        })
        .unwrap();
        let functions = functions.into_inner().unwrap();
        assert_eq!(functions.len(), FIXES.len(), "{gc}");
        for function in &functions {
            let name = function.result.function.as_deref().unwrap_or_default();
            let fix = FIXES.iter().find(|(fix, _)| *fix == name);
            let (_, forgot) = fix.unwrap_or_else(|| panic!("{name} is not expected"));
            forgotten_is_found(gc, name, function, forgot);
        }
    }
}

/// Leaves out all values of some origins, and then each of them alone: that one of them alone is not
/// needed is possible, but not that it is and goes unnoticed.
fn forgotten_is_found(gc: Gc, name: &str, function: &ModuleFunction, forgot: &[&str]) {
    let texts = function.result.texts.as_ref().expect("texts are kept");
    let before = texts.before.as_ref().expect("a function before spilling");
    let origins = Origins::of(&before.text);
    let is_forgotten = |value: &u32| forgot.contains(&origins.of_value(*value));
    let forgotten: Vec<u32> = function.declared.iter().copied().filter(is_forgotten).collect();
    let all = omit(function, &before.text, &forgotten);
    assert!(matches!(all, Some(Answer::Caught { .. })), "{gc}, {name}: {all:?}");
    for &value in &forgotten {
        let one = omit(function, &before.text, &[value]);
        let is_right = matches!(one, Some(Answer::Caught { .. } | Answer::Harmless));
        assert!(is_right, "{gc}, {name}, v{value}: {one:?}");
    }
}
