//! Calls during which the collector does not run.

use stackmap_clif::after_only::read_after_only_where;
use stackmap_clif::ast::Function;
use stackmap_clif::declared::Declared;
use stackmap_clif::expected::{Expectations, Source};
use stackmap_clif::pair::{Text, read_pair_expecting};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::{Code, Severity};
use stackmap_verifier::{Options, verify_after_only};

/// A reference is used behind two calls, and no slot keeps it across the second.
const FUNCTION: &str = "\
function %f(i32) -> i32 system_v {
    ss0 = explicit_slot 4, align = 4
    sig0 = () system_v
    fn0 = u0:1 sig0
    fn1 = colocated u0:2 sig0
block0(v0: i32):
    v1 = stack_addr.i64 ss0
    store notrap v0, v1
    call fn0(), stack_map=[i32 @ ss0+0]
    v2 = load.i32 notrap v1
    call fn1()
    return v2
}
";

fn codes(never_collects: impl Fn(&str) -> bool) -> Vec<Code> {
    let text = Text { text: FUNCTION, line: 1 };
    let read = read_after_only_where(text, &[], AtLeast::minor(135), never_collects).unwrap();
    let report = verify_after_only(&read.program, &read.declared, &Options::default());
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_copy_stays_good_across_a_call_that_never_collects() {
    assert_eq!(codes(|_| false), [Code::StaleReference]);
    assert_eq!(codes(|declaration| declaration == "colocated u0:2 sig0"), []);
}

#[test]
fn only_the_callees_that_are_named_are_meant() {
    assert_eq!(codes(|declaration| declaration == "u0:2 sig0"), [Code::StaleReference]);
}

/// Knows that the collector does not run in `u0:2`.
struct Knows;

impl Source for Knows {
    fn references(&self, _: &Function<'_>) -> Expectations {
        Expectations::default()
    }

    fn knows_references(&self) -> bool {
        false
    }

    fn never_collects(&self, declaration: &str) -> bool {
        declaration.contains("u0:2")
    }
}

/// An address in the object of `v0` is used behind a call, and so is `v0`.
const BEFORE: &str = "\
function %f(i64) -> i64 system_v {
    sig0 = () system_v
    fn0 = u0:1 sig0
    fn1 = u0:2 sig0
block0(v0: i64):
    v1 = iadd_imm v0, 16
    call fn1()
    v2 = load.i64 notrap v1
    call fn0()
    return v0
}
";

const AFTER: &str = "\
function %f(i64) -> i64 system_v {
    ss0 = explicit_slot 8, align = 8
    sig0 = () system_v
    fn0 = u0:1 sig0
    fn1 = u0:2 sig0
block0(v0: i64):
    v10 = stack_addr.i64 ss0
    store notrap aligned v0, v10
    v1 = iadd_imm v0, 16
    call fn1(), stack_map=[i64 @ ss0+0]
    v2 = load.i64 notrap v1
    call fn0(), stack_map=[i64 @ ss0+0]
    v11 = stack_addr.i64 ss0
    v12 = load.i64 notrap aligned v11
    return v12
}
";

fn codes_of_pair(before: &str, after: &str, source: Option<&dyn Source>) -> Vec<Code> {
    let (before, after) = (Text { text: before, line: 1 }, Text { text: after, line: 100 });
    let (declared, version) = (Declared::exactly([0]), AtLeast::minor(135));
    let pair = read_pair_expecting(before, after, &declared, version, source).unwrap();
    assert_eq!(pair.expected, None, "nothing is known of references");
    let report = pair.verify(&Options::default()).unwrap();
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn no_warning_of_a_pair_is_due_to_a_call_that_never_collects() {
    assert_eq!(codes_of_pair(BEFORE, AFTER, None), [Code::StaleAddress]);
    assert_eq!(codes_of_pair(BEFORE, AFTER, Some(&Knows)), []);
    // Another call may collect.
    let swap = |text: &str| text.replace("= u0:2", "= u0:3");
    assert_eq!(codes_of_pair(&swap(BEFORE), &swap(AFTER), Some(&Knows)), [Code::StaleAddress]);
}

/// To a spiller every call is a safepoint: what it did at this one is checked as at any other.
#[test]
fn no_fault_of_a_pair_is_hidden_by_a_call_that_never_collects() {
    let map = ", stack_map=[i64 @ ss0+0]";
    let quiet = "call fn1(), stack_map=[i64 @ ss0+0]";
    let unspilled = AFTER.replace("    store notrap aligned v0, v10\n", "");
    for (after, code) in [
        (AFTER.replacen(map, "", 1), Code::MissingRoot),
        (AFTER.replace(quiet, "call fn1(), stack_map=[i64 @ ss0+4]"), Code::MalformedEntry),
        (AFTER.replace("return v12", "return v0"), Code::StaleReference),
        (unspilled, Code::UninitializedRoot),
    ] {
        assert_ne!(after, AFTER);
        let told = codes_of_pair(BEFORE, &after, Some(&Knows));
        assert!(told.contains(&code), "{code}: {told:?}\n{after}");
        let without = codes_of_pair(BEFORE, &after, None);
        let errors = |codes: Vec<Code>| -> Vec<Code> {
            codes.into_iter().filter(|code| code.severity() == Severity::Error).collect()
        };
        assert_eq!(errors(told), errors(without));
    }
}

/// A fault that is only behind that call: the copy of the reference itself.
#[test]
fn a_stale_copy_behind_such_a_call_is_a_fault_of_a_pair() {
    let before = BEFORE.replace("    call fn0()\n", "");
    let after = AFTER
        .replace("    call fn0(), stack_map=[i64 @ ss0+0]\n", "")
        .replace("return v12", "return v0");
    assert_eq!(codes_of_pair(&before, &after, Some(&Knows)), [Code::StaleReference]);
}
