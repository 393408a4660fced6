//! Values that a source knows to be null, or no pointers: what receives them need not be declared.

use stackmap_clif::ast::Function;
use stackmap_clif::compiler::Compiler;
use stackmap_clif::declared::Declared;
use stackmap_clif::exempt::Exempt;
use stackmap_clif::expected::{Expectations, Source};
use stackmap_clif::pair::{Knowledge, Text, read_pair_knowing};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Options, Outcome, Report};

/// Knows that the results of `fn0` are null.
struct ResultsOfFn0;

impl Source for ResultsOfFn0 {
    fn references(&self, before: &Function<'_>, _: &[u32]) -> Expectations {
        let calls = before.instructions.iter().filter(|call| call.callee() == Some("fn0"));
        let results = calls.flat_map(|call| call.results.of(&before.value_pool));
        let exempt = Exempt { nulls: results.copied().collect(), ..Exempt::default() };
        Expectations { exempt, ..Expectations::default() }
    }
}

/// `v3` is spilled over the call of `fn1`; `v6`, which receives it or `{other}`, is not declared.
const BEFORE: &str = "function %f(i32, i32) -> i32 tail {
    sig0 = () -> i32 tail
    sig1 = () tail
    fn0 = %null sig0
    fn1 = %collect sig1

block0(v0: i32, v1: i32):
    v3 = call fn0()
    call fn1()
    brif v1, block1(v3), block2

block2:
    v4 = call fn0()
    v5 -> v4
    jump block1({other})

block1(v6: i32):
    call fn1()
    v7 = iadd v6, v0
    return v7
}
";

const AFTER: &str = "function %f(i32, i32) -> i32 tail {
    ss0 = explicit_slot 4, align = 4
    ss1 = explicit_slot 4, align = 4
    sig0 = () -> i32 tail
    sig1 = () tail
    fn0 = %null sig0
    fn1 = %collect sig1

block0(v0: i32, v1: i32):
    v10 = stack_addr.i64 ss0
    store notrap v0, v10
    v3 = call fn0(), stack_map=[i32 @ ss0+0]
    v11 = stack_addr.i64 ss1
    store notrap v3, v11
    call fn1(), stack_map=[i32 @ ss0+0, i32 @ ss1+0]
    v12 = stack_addr.i64 ss1
    v13 = load.i32 notrap v12
    brif v1, block1(v13), block2

block2:
    v4 = call fn0(), stack_map=[i32 @ ss0+0]
    v5 -> v4
    jump block1({other})

block1(v6: i32):
    call fn1(), stack_map=[i32 @ ss0+0]
    v14 = stack_addr.i64 ss0
    v15 = load.i32 notrap v14
    v7 = iadd v6, v15
    return v7
}
";

/// The report on the pair, of which these values are declared.
fn report(after: &str, other: &str, declared: &[u32], source: Option<&dyn Source>) -> Report {
    let [before, after] = [BEFORE, after].map(|text| text.replace("{other}", other));
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly(declared.to_vec());
    let version = AtLeast::minor(135);
    let knowledge = Knowledge { version, source, ..Knowledge::default() };
    let pair = read_pair_knowing(text(&before), text(&after), &declared, &knowledge).unwrap();
    pair.verify(&Options { certify: true, ..Options::default() }).unwrap()
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.code.code()).collect()
}

#[test]
fn what_receives_only_nulls_need_not_be_declared() {
    for other in ["v4", "v5"] {
        let known = report(AFTER, other, &[0, 3, 4], Some(&ResultsOfFn0));
        assert_eq!((known.outcome, known.findings), (Outcome::Verified, vec![]));
        assert_eq!(codes(&report(AFTER, other, &[0, 3, 4], None)), ["SM009"]);
    }
}

#[test]
fn references_may_have_any_size() {
    let wide = |text: &str| {
        let text = text.replace("-> i32 tail", "-> i64 tail").replace("v6: i32", "v6: i64");
        let text = text.replace("%f(i32, i32)", "%f(i64, i32)").replace("v0: i32", "v0: i64");
        text.replace("load.i32", "load.i64")
            .replace("i32 @", "i64 @")
            .replace("slot 4, align = 4", "slot 8, align = 8")
    };
    let [before, after] = [BEFORE, AFTER].map(|text| wide(&text.replace("{other}", "v4")));
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly([0, 3, 4]);
    let (version, source) = (AtLeast::minor(135), Some(&ResultsOfFn0 as &dyn Source));
    let knowledge = Knowledge { version, source, ..Knowledge::default() };
    let pair = read_pair_knowing(text(&before), text(&after), &declared, &knowledge).unwrap();
    let report = pair.verify(&Options::default()).unwrap();
    assert_eq!((report.outcome, report.findings), (Outcome::Verified, vec![]));
}

#[test]
fn a_source_may_name_what_is_not_there() {
    assert_eq!(copies(COPIES, &[2, 3, 4000]).outcome, Outcome::Verified);
}

#[test]
fn what_may_receive_another_reference_has_to_be_declared() {
    let after = AFTER.replace(
        "jump block1({other})",
        "v16 = stack_addr.i64 ss0\n    v17 = load.i32 notrap v16\n    jump block1(v17)",
    );
    let wrong = report(&after, "v0", &[0, 3, 4], Some(&ResultsOfFn0));
    assert_eq!(codes(&wrong), ["SM009"]);
}

#[test]
fn a_null_in_the_slot_of_a_reference_is_a_fault() {
    let after = AFTER.replace("stack_addr.i64 ss1", "stack_addr.i64 ss0");
    let after = after.replace(", i32 @ ss1+0", "");
    assert_eq!(codes(&report(&after, "v4", &[0, 3, 4], Some(&ResultsOfFn0))), ["SM004"]);
}

#[test]
fn a_null_is_not_exchanged_for_a_reference() {
    let after = AFTER.replace("block1(v13)", "block1(v0)");
    let wrong = report(&after, "v4", &[0, 3, 4], Some(&ResultsOfFn0));
    assert_eq!(wrong.outcome, Outcome::Violated, "{:?}", wrong.findings);
}

/// Knows that these values are no pointers where they are read.
struct Numbers(&'static [u32]);

impl Source for Numbers {
    fn references(&self, _: &Function<'_>, _: &[u32]) -> Expectations {
        // In this function, values are met in the order of their numbers.
        let exempt = Exempt { numbers: self.0.to_vec(), ..Exempt::default() };
        Expectations { exempt, ..Expectations::default() }
    }
}

/// `v2` receives a declared value or another, `v3` selects between the two, and both live across a
/// call.
const COPIES: &str = "function %f(i32, i32) -> i32 tail {
    sig0 = () tail
    fn0 = %collect sig0

block0(v0: i32, v1: i32):
    brif v1, block1(v0), block1(v1)

block1(v2: i32):
    v3 = select v1, v0, v1
    call fn0()
    v4 = iadd v2, v3
    return v4
}
";

fn copies(after: &str, numbers: &'static [u32]) -> Report {
    let declared = Declared::exactly([0]);
    let (version, source) = (AtLeast::minor(135), Some(&Numbers(numbers) as &dyn Source));
    let knowledge = Knowledge { version, source, ..Knowledge::default() };
    let [before, after] = [COPIES, after].map(|text| Text { text, line: 1 });
    let pair = read_pair_knowing(before, after, &declared, &knowledge).unwrap();
    pair.verify(&Options { certify: true, ..Options::default() }).unwrap()
}

#[test]
fn copies_that_are_no_pointers_need_not_be_declared() {
    assert_eq!(copies(COPIES, &[2, 3]).outcome, Outcome::Verified);
    for others in [&[][..], &[2], &[3]] {
        assert_eq!(codes(&copies(COPIES, others))[0], "SM009", "{others:?}");
    }
}

#[test]
fn what_flows_into_them_is_compared_all_the_same() {
    for (old, new) in [
        ("block1(v0), block1(v1)", "block1(v1), block1(v1)"),
        ("block1(v0), block1(v1)", "block1(v1), block1(v0)"),
        ("select v1, v0, v1", "select v1, v1, v1"),
        ("iadd v2, v3", "iadd v3, v2"),
        ("iadd v2, v3", "iadd v2, v2"),
    ] {
        let wrong = copies(&COPIES.replace(old, new), &[2, 3]);
        assert_eq!(wrong.outcome, Outcome::Violated, "{new}");
    }
}

#[test]
fn what_is_declared_is_taken_at_its_word() {
    let compiler = Compiler { only_declared: true, ..Compiler::default() };
    let verify = |text: &str, compiler| {
        let knowledge = Knowledge { compiler, ..Knowledge::default() };
        let text = Text { text, line: 1 };
        let pair = read_pair_knowing(text, text, &Declared::exactly([0]), &knowledge).unwrap();
        pair.verify(&Options { certify: true, ..Options::default() }).unwrap()
    };
    assert_eq!(codes(&verify(COPIES, None))[0], "SM009");
    assert_eq!(verify(COPIES, Some(&compiler)).outcome, Outcome::Verified);
    // `v0` is declared, and stale behind the call.
    let stale = verify(&COPIES.replace("iadd v2, v3", "iadd v2, v0"), Some(&compiler));
    assert_eq!(codes(&stale), ["SM002"]);
}
