//! References that nobody declared, by what else is known of the program.

use crate::support::Writer;
use stackmap_verifier::findings::Code;
use stackmap_verifier::model::Value;
use stackmap_verifier::pair::{Declared, Expected};
use stackmap_verifier::{Collector, Options, Outcome, Report, verify, verify_expecting};

const REASON: &str = "the result of `struct.get` at 0x45546";

fn report(mut w: Writer, declared: &[u32], expected: &[u32], options: &Options) -> Report {
    let reason = || REASON.to_owned();
    let expected: Vec<Expected> =
        expected.iter().map(|&n| Expected { value: w.value(n), reason: reason() }).collect();
    let (before, values, after) = w.finish(declared);
    let declared = Declared { values: &values, expected: &expected };
    verify_expecting(&before, declared, &after, options)
}

fn codes(w: Writer, declared: &[u32], expected: &[u32]) -> Vec<Code> {
    let report = report(w, declared, expected, &Options::default());
    report.findings.iter().map(|finding| finding.code).collect()
}

/// `v0` is made, and read behind a safepoint, from its slot or as it was.
fn across(is_spilled: bool) -> Writer {
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    match is_spilled {
        true => {
            w.copy(v0, slot);
            w.safepoint(&[slot]);
            w.copy(slot, x);
            w.observe(0, x);
        }
        false => {
            w.safepoint(&[]);
            w.observe(0, v0);
        }
    }
    w.leave(&[]);
    w
}

#[test]
fn a_reference_that_nobody_declared() {
    let report = report(across(false), &[], &[0], &Options::default());
    assert_eq!(report.outcome, Outcome::Violated);
    let [finding] = &*report.findings else { panic!("{:?}", report.findings) };
    assert_eq!(finding.code, Code::UndeclaredByType);
    let message = format!("`v0` is {REASON}, a reference, but nobody declared it");
    assert_eq!(finding.message, message);
    assert_eq!(finding.secondary[0].text, format!("`v0` is defined here: {REASON}"));
    assert!(finding.safepoint.is_some());
    assert!(!finding.witness.is_empty());
}

#[test]
fn nothing_is_said_of_what_is_declared_or_spilled() {
    assert_eq!(codes(across(false), &[], &[]), []);
    assert_eq!(codes(across(true), &[0], &[0]), []);
    // Whoever spills it must have known.
    assert_eq!(codes(across(true), &[], &[0]), []);
    // Declared, it is the spiller that is wrong.
    assert_eq!(codes(across(false), &[0], &[0]), [Code::MissingRoot]);
}

#[test]
fn nothing_is_said_of_what_no_safepoint_crosses() {
    let mut w = Writer::new(0);
    let v0 = w.ssa(0);
    w.block(&[]);
    w.safepoint(&[]);
    w.make(0);
    w.observe(0, v0);
    w.safepoint(&[]);
    w.leave(&[]);
    assert_eq!(codes(w, &[], &[0]), []);
}

/// `v0` is passed to the parameter `v1`, which is read behind a safepoint.
fn passed() -> Writer {
    let mut w = Writer::new(0);
    let v1 = w.ssa(1);
    w.block(&[]);
    w.make(0);
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    w.safepoint(&[]);
    w.observe(1, v1);
    w.leave(&[]);
    w
}

#[test]
fn the_value_that_a_copy_comes_from_is_blamed() {
    assert_eq!(codes(passed(), &[], &[0]), [Code::UndeclaredByType]);
    assert_eq!(codes(passed(), &[], &[1]), [Code::UndeclaredByType]);
    // It was declared where it was made: the parameter was forgotten.
    assert_eq!(codes(passed(), &[0], &[]), [Code::UndeclaredReference]);
    assert_eq!(codes(passed(), &[0], &[0]), [Code::UndeclaredReference]);
    assert_eq!(codes(passed(), &[0], &[1]), [Code::UndeclaredByType]);
    let report = report(passed(), &[], &[0], &Options::default());
    assert_eq!(report.findings[0].values, ["v0"]);
}

#[test]
fn a_right_pair_is_certified_with_what_is_expected() {
    for collector in [Collector::Moving, Collector::NonMoving] {
        let options = Options { collector, certify: true };
        let certified = report(across(true), &[], &[0], &options);
        assert_eq!((certified.outcome, certified.certified), (Outcome::Verified, true));
        let wrong = report(across(false), &[], &[0], &options);
        assert_eq!(wrong.outcome, Outcome::Violated, "nothing keeps the object");
    }
}

#[test]
fn a_value_that_does_not_exist_is_no_reference() {
    let (before, values, after) = across(true).finish(&[0]);
    let expected = [Expected { value: Value::new(1000), reason: String::new() }];
    let declared = Declared { values: &values, expected: &expected };
    let report = verify_expecting(&before, declared, &after, &Options::default());
    assert!(matches!(report.outcome, Outcome::Unsupported(_)), "{:?}", report.outcome);
    let declared = Declared { values: &values, expected: &[] };
    let report = verify_expecting(&before, declared, &after, &Options::default());
    let same = verify(&before, &values, &after, &Options::default());
    assert_eq!(report.outcome, same.outcome);
}
