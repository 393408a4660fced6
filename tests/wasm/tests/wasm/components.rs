//! Components: each core module in them is compiled and verified.

use std::sync::Mutex;

use stackmap_wasm::{Kind, Options, Summary, WasmError, check};

/// Two modules with references, one of them in a component inside.
const NESTED: &str = r#"(component
  (core module $m
    (import "" "gc" (func $gc))
    (func (export "f") (param externref) (result externref) (call $gc) (local.get 0)))
  (component
    (core module
      (import "" "gc" (func $gc))
      (func (export "g") (param externref) (result externref) (call $gc) (local.get 0))
      (func (export "h") (param externref) (result externref) (call $gc) (local.get 0))))
)"#;

/// For each function, the line of its component, the number of its module there, and its name.
type Functions = Vec<(usize, Option<usize>, String)>;

fn checked(text: &str, kind: Kind) -> Result<(Functions, Summary), WasmError> {
    let functions = Mutex::new(Vec::new());
    let summary = check(text.as_bytes(), kind, &Options::default(), &|function| {
        let name = function.result.function.unwrap_or_default();
        functions.lock().unwrap().push((function.line, function.core, name));
    })?;
    Ok((functions.into_inner().unwrap(), summary))
}

#[test]
fn each_module_is_verified() {
    let (functions, summary) = checked(NESTED, Kind::Text).unwrap();
    assert_eq!(summary.compiled.modules, 2);
    assert_eq!((summary.spilled.verified, summary.spilled.stats.roots), (3, 3));
    let expected = [(1, Some(0), "u0:0"), (1, Some(1), "u0:0"), (1, Some(1), "u0:1")];
    assert_eq!(functions, expected.map(|(line, core, name)| (line, core, name.to_owned())));
}

#[test]
fn a_component_that_is_not_valid() {
    let invalid = "(component (core module (func (result i32))))";
    let error = checked(invalid, Kind::Text).unwrap_err().to_string();
    assert_eq!(error, "is no valid component: type mismatch: expected i32 but nothing on stack");
}

/// The second module needs a proposal that Wasmtime does not know.
const REFUSED: &str = "(component
  (core module)
  (core module (type (shared (struct)))))";

#[test]
fn a_module_that_is_refused_costs_itself() {
    let (_, summary) = checked(REFUSED, Kind::Text).unwrap();
    assert_eq!(summary.compiled.modules, 1);
    let [failure] = &summary.failures[..] else { panic!("{:?}", summary.failures) };
    assert_eq!((failure.line, failure.core), (1, Some(1)));
}

#[test]
fn components_in_a_script() {
    let script = format!("\n{NESTED}\n(assert_invalid {REFUSED} \"shared\")\n(component)");
    let (functions, summary) = checked(&script, Kind::Script).unwrap();
    assert_eq!(functions.len(), 3);
    assert!(functions.iter().all(|(line, core, _)| *line == 2 && core.is_some()));
    assert_eq!((summary.failures.len(), summary.compiled.refused), (0, 1));
}
