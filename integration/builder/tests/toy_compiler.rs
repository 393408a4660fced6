//! The example, with and without its spiller sabotaged.

#[path = "../examples/toy_compiler/toy/mod.rs"]
mod toy;

use std::panic::catch_unwind;

#[test]
fn it_compiles() {
    let said = toy::compile(toy::PROGRAM, false);
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].starts_with("list: ") && lines[0].ends_with("1 stack maps, 1 roots"),
        "{said}"
    );
    assert!(lines[1].ends_with("4 stack maps, 5 roots"), "{said}");
    assert_eq!(lines.len(), 2);
}

#[test]
fn with_a_sabotaged_spiller_it_panics_with_the_finding_if_assertions_are_on() {
    let panic = catch_unwind(|| toy::compile(toy::PROGRAM, true)).err();
    assert_eq!(panic.is_some(), cfg!(debug_assertions));
    let Some(message) = panic.and_then(|panic| panic.downcast::<String>().ok()) else { return };
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines[0], "the safepoints of function %main are wrong");
    assert!(lines[1].starts_with("error[SM001]: "), "{message}");
    assert_eq!(lines[2].trim().split(':').next(), Some("--> %main (after spilling)"), "{message}");
}
