//! Invalid input is reported by one clear line.

use stackmap_wasm::{Kind, Options, check};

fn error(input: &[u8], kind: Kind) -> String {
    let result = check(input, kind, &Options::default(), &|_| {});
    let message = result.unwrap_err().to_string();
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}

const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

#[test]
fn an_invalid_module() {
    let text = b"(module (func (result i32) i64.const 0))";
    let message = error(text, Kind::Text);
    assert!(message.starts_with("Wasmtime does not accept the module: "), "{message}");
    assert!(message.contains("type mismatch"), "{message}");
}

#[test]
fn a_truncated_module() {
    let message = error(&EMPTY[..6], Kind::Binary);
    assert!(message.starts_with("Wasmtime does not accept the module: "), "{message}");
    let mut cut = EMPTY.to_vec();
    cut.extend([1, 200, 1, 0]);
    assert!(error(&cut, Kind::Binary).contains("unexpected end"));
}

#[test]
fn what_is_no_module() {
    for input in [&b""[..], b"hello", b"\x7fELF"] {
        error(input, Kind::Binary);
    }
}

#[test]
fn a_syntax_error() {
    let message = error(b"(module\n  (func (frob)))", Kind::Text);
    assert!(message.starts_with("line 2: "), "{message}");
}

#[test]
fn text_that_is_none() {
    assert_eq!(error(b"(module \xff)", Kind::Text), "is not UTF-8: byte 8 begins no character");
}

#[test]
fn an_unknown_proposal() {
    let message = error(b"(module (type (func)) (type (cont 0)))", Kind::Text);
    assert!(message.contains("proposal that is not supported"), "{message}");
}

#[test]
fn a_syntax_error_in_a_quoted_module() {
    let script = br#"
        (module quote
          "(func $f)"
          "(func (frob))"
          "(func $g)")
        (module quote "(func $f)" "\ff")
    "#;
    let summary = check(script, Kind::Script, &Options::default(), &|_| {}).unwrap();
    let errors: Vec<String> = summary.failures.iter().map(|f| f.error.to_string()).collect();
    assert!(errors[0].starts_with("line 4: "), "{errors:?}");
    assert_eq!(errors[1], "line 6: malformed UTF-8 encoding");
    assert_eq!(errors.len(), 2);
}

#[test]
fn a_script_goes_on_after_a_module_that_fails() {
    let script = br#"
        (module (func (param externref) (result i32)))
        (assert_invalid (module (func (result i32))) "type mismatch")
        (module (import "" "f" (func $f))
            (func (param externref) (result externref) (call $f) (local.get 0)))
    "#;
    let summary = check(script, Kind::Script, &Options::default(), &|_| {}).unwrap();
    let lines: Vec<usize> = summary.failures.iter().map(|failure| failure.line).collect();
    assert_eq!(lines, [2]);
    assert_eq!(summary.compiled.refused, 1);
    assert_eq!(summary.compiled.modules, 1);
    assert_eq!(summary.spilled.verified, 1);
}
