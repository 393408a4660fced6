//! Warnings about a pair in memory that are about values which are no references to it.

use cranelift_codegen::ir::{Function, Value};
use stackmap_cranelift::verify;
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Options, Outcome};

/// A function that passes what `MADE` defines as `v1` to `v2` and loads at `v3`, behind a call.
const TEXT: &str = "function %f(i64) -> i64 system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0
block0(v0: i64):
    MADE
    call fn0()
    jump block1(v1)
block1(v2: i64):
    v9 = load.i64 notrap aligned v3
    return v2
}
";

/// Returns the codes that are reported of a function to which the spiller did nothing.
fn codes(made: &str, declared: &[u32]) -> Vec<Code> {
    let text = TEXT.replace("MADE", made);
    let function: Function = cranelift_reader::parse_functions(&text).expect("CLIF").remove(0);
    let declared: Vec<Value> = declared.iter().map(|&value| Value::from_u32(value)).collect();
    let report = verify(&function, &declared, &function, &Options::default()).expect("a pair");
    assert_eq!(report.outcome, Outcome::Verified, "{text}");
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn an_address_that_outlives_its_object() {
    let null = "v1 = iconst.i64 0\n    ";
    assert_eq!(
        codes(&format!("{null}v8 = iconst.i64 8\n    v3 = iadd v0, v8"), &[0]),
        [Code::StaleAddress]
    );
    // What is loaded from the object, and what is made of a number.
    assert_eq!(codes(&format!("{null}v3 = load.i64 v0"), &[0]), []);
    assert_eq!(codes(&format!("{null}v8 = iconst.i64 8\n    v3 = iadd v0, v8"), &[2]), []);
}

#[test]
fn an_undeclared_value_that_becomes_a_reference() {
    assert_eq!(codes("v1 = load.i64 v0\n    v3 = iconst.i64 64", &[2]), [Code::UndeclaredFlow]);
    // A computed value may be a number with a tag, and an undeclared one may receive it.
    assert_eq!(codes("v3 = iconst.i64 64\n    v1 = bor v0, v3", &[2]), []);
    assert_eq!(codes("v1 = load.i64 v0\n    v3 = iconst.i64 64", &[]), []);
}
