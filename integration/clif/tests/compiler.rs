//! What is known of a function's compiler.

use stackmap_clif::after_only::{Known, read_after_only_of};
use stackmap_clif::compiler::Compiler;
use stackmap_clif::declared::Declared;
use stackmap_clif::exempt::Exempt;
use stackmap_clif::pair::{Knowledge, Text, read_pair_knowing};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::{Code, Severity};
use stackmap_verifier::{Collector, Options, Report, verify_after_only};

/// A reference is used behind two calls, and no slot keeps it across the second.
const TWO_CALLS: &str = "\
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

/// One reference is loaded twice before the optimizer merges the loads: once it was declared, and
/// spilled, and once it was not.
const MERGED_LOADS: &str = "\
function %f(i64) -> i32 system_v {
    ss0 = explicit_slot 4, align = 4
    sig0 = () system_v
    fn0 = u0:1 sig0
block0(v0: i64):
    v1 = load.i32 v0
    v2 = stack_addr.i64 ss0
    store notrap v1, v2
    call fn0(), stack_map=[i32 @ ss0+0]
    v3 = load.i32 notrap v2
    call fn0()
    return v1
}
";

/// An address in an object is used behind a call during which the object has moved.
const ADDRESS: &str = "\
function %f(i64) -> i32 system_v {
    sig0 = () system_v
    fn0 = u0:1 sig0
block0(v0: i64):
    v1 = iadd_imm v0, 8
    call fn0()
    v2 = load.i32 v1
    return v2
}
";

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

fn quiet(names: &[&str]) -> Compiler {
    let quiet = names.iter().map(|&name| name.to_owned()).collect();
    Compiler { quiet, ..Compiler::default() }
}

fn text(text: &str) -> Text<'_> {
    Text { text, line: 1 }
}

fn codes(report: &Report) -> Vec<Code> {
    report.findings.iter().map(|finding| finding.code).collect()
}

/// Verifies a function alone, which shows the same whether objects move or not.
fn alone(function: &str, compiler: &Compiler) -> Vec<Code> {
    let (exempt, version) = (&Exempt::default(), AtLeast::minor(135));
    let known = Known { declared: &[], exempt, version, compiler };
    let read = read_after_only_of(text(function), &known).unwrap();
    let [moving, non_moving] = [Collector::Moving, Collector::NonMoving].map(|collector| {
        let options = Options { collector, ..Options::default() };
        codes(&verify_after_only(&read.program, &read.declared, &options))
    });
    assert_eq!(moving, non_moving);
    moving
}

/// Verifies a pair in which `v0` is declared.
fn pair(before: &str, after: &str, compiler: &Compiler) -> Vec<Code> {
    let knowledge = Knowledge { compiler: Some(compiler), ..Knowledge::default() };
    let declared = Declared::exactly([0]);
    let pair = read_pair_knowing(text(before), text(after), &declared, &knowledge).unwrap();
    codes(&pair.verify(&Options::default()).unwrap())
}

#[test]
fn a_copy_stays_good_across_a_call_that_never_collects() {
    assert_eq!(alone(TWO_CALLS, &Compiler::default()), [Code::StaleReference]);
    assert_eq!(alone(TWO_CALLS, &quiet(&["u0:2"])), []);
}

#[test]
fn only_the_callees_that_are_named_are_meant() {
    assert_eq!(alone(TWO_CALLS, &quiet(&["u0", "2", "u0:22"])), [Code::StaleReference]);
}

#[test]
fn what_is_loaded_stays_good_where_nothing_is_freed() {
    let keeps_loads = Compiler { keeps_loads: true, ..Compiler::default() };
    assert_eq!(alone(MERGED_LOADS, &Compiler::default()), [Code::StaleReference]);
    assert_eq!(alone(MERGED_LOADS, &keeps_loads), []);
    // A parameter is declared there, too.
    assert_eq!(alone(TWO_CALLS, &keeps_loads), [Code::StaleReference]);
}

#[test]
fn a_pair_has_no_stale_address_behind_a_call_that_never_collects() {
    assert_eq!(pair(ADDRESS, ADDRESS, &Compiler::default()), [Code::StaleAddress]);
    assert_eq!(pair(ADDRESS, ADDRESS, &quiet(&["u0:1"])), []);
}

/// Where nothing moves, an address stays good as long as a root keeps the object.
#[test]
fn a_pair_has_no_stale_address_in_an_object_that_stays_where_it_is() {
    let stays = Compiler { moves_nothing: true, ..Compiler::default() };
    assert_eq!(pair(BEFORE, AFTER, &Compiler::default()), [Code::StaleAddress]);
    assert_eq!(pair(BEFORE, AFTER, &stays), []);
    // No root keeps it.
    assert_eq!(pair(ADDRESS, ADDRESS, &stays), [Code::StaleAddress]);
}

/// To a spiller every call is a safepoint: what it did at this one is checked as at any other.
#[test]
fn no_fault_of_a_pair_is_hidden_by_a_call_that_never_collects() {
    let map = ", stack_map=[i64 @ ss0+0]";
    let quiet_call = "call fn1(), stack_map=[i64 @ ss0+0]";
    let unspilled = AFTER.replace("    store notrap aligned v0, v10\n", "");
    let told = quiet(&["u0:2"]);
    assert_eq!(pair(BEFORE, AFTER, &told), []);
    for (after, code) in [
        (AFTER.replacen(map, "", 1), Code::MissingRoot),
        (AFTER.replace(quiet_call, "call fn1(), stack_map=[i64 @ ss0+4]"), Code::MalformedEntry),
        (AFTER.replace("return v12", "return v0"), Code::StaleReference),
        (unspilled, Code::UninitializedRoot),
    ] {
        assert_ne!(after, AFTER);
        let errors = |compiler: &Compiler| -> Vec<Code> {
            let found = pair(BEFORE, &after, compiler).into_iter();
            found.filter(|code| code.severity() == Severity::Error).collect()
        };
        assert!(errors(&told).contains(&code), "{code}\n{after}");
        assert_eq!(errors(&told), errors(&Compiler::default()), "{after}");
    }
    // The copy itself, behind no other call.
    let before = BEFORE.replace("    call fn0()\n", "");
    let after = AFTER.replace("    call fn0(), stack_map=[i64 @ ss0+0]\n", "");
    let after = after.replace("return v12", "return v0");
    assert_eq!(pair(&before, &after, &told), [Code::StaleReference]);
}
