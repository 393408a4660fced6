//! References that the caller knows, whether or not they are declared.

use cranelift_codegen::ir::{Function, Value};
use stackmap_cranelift::{verify, verify_expecting};
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Options, Outcome, Report};

const BEFORE: &str = "function %f(i64, i64) -> i64 system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0

block0(v0: i64, v1: i64):
    call fn0()
    v2 = iadd v0, v1
    return v2
}
";

fn parse(text: &str) -> Function {
    cranelift_reader::parse_functions(text).expect("CLIF").remove(0)
}

/// Verifies what a spiller makes of the function that is told of nothing: nothing.
fn report(expected: &[(Value, String)]) -> Report {
    let function = parse(BEFORE);
    let report = verify_expecting(&function, &[], expected, &function, &Options::default());
    report.expect("a pair")
}

fn because(number: u32, reason: &str) -> (Value, String) {
    (Value::from_u32(number), reason.to_owned())
}

#[test]
fn what_is_expected_and_not_declared_is_named_with_the_reason() {
    let report = report(&[because(0, "the first parameter, an object")]);
    assert_eq!(report.outcome, Outcome::Violated);
    let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::UndeclaredByType]);
    let text = format!("{:?}", report.findings[0]);
    assert!(text.contains("the first parameter, an object"), "{text}");
}

#[test]
fn nothing_expected_is_what_verify_says() {
    let function = parse(BEFORE);
    let plain = verify(&function, &[], &function, &Options::default()).expect("a pair");
    let report = report(&[]);
    assert_eq!((report.outcome, report.stats), (plain.outcome, plain.stats));
}

/// A value that does not exist, and one that is not needed after the call.
#[test]
fn what_does_not_matter() {
    let report = report(&[because(99, "no value"), because(2, "made after the call")]);
    assert_eq!(report.outcome, Outcome::Verified);
    assert!(report.findings.is_empty());
}
