//! Null in text: constant zeros, of the program and of the spiller.

use std::fs;

use stackmap_clif::declared::Declared;
use stackmap_clif::log::{Recording, Recordings};
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Options, Outcome, Report};

/// A pair of functions of `v0: i64`, which is declared with `others`; both have the
/// functions `fn0`, which makes a reference, `fn1`, which takes one, and `fn2`, neither.
fn verdict(before: &str, after: &str, others: &[u32]) -> Report {
    let function = |slots: &str, body: &str| {
        format!(
            "function %f(i64) -> i64 system_v {{\n{slots}    sig0 = () -> i64 system_v\n    \
             sig1 = (i64) system_v\n    sig2 = () system_v\n    fn0 = u0:0 sig0\n    \
             fn1 = u0:1 sig1\n    fn2 = u0:2 sig2\n\n{body}}}\n"
        )
    };
    let slots = "    ss0 = explicit_slot 8, align = 8\n    ss1 = explicit_slot 8, align = 8\n";
    let (before, after) = (function("", before), function(slots, after));
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly([&[0], others].concat());
    let pair = read_pair(text(&before), text(&after), &declared, AtLeast::UNKNOWN).expect("a pair");
    pair.verify(&Options { certify: true, ..Options::default() }).expect("a certain set")
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.code.code()).collect()
}

fn right(before: &str, after: &str, others: &[u32]) {
    let report = verdict(before, after, others);
    assert_eq!(report.outcome, Outcome::Verified, "{:?}", report.findings);
    assert!(report.certified);
}

fn wrong(before: &str, after: &str, others: &[u32], code: &str) {
    let report = verdict(before, after, others);
    assert_eq!((&report.outcome, codes(&report)), (&Outcome::Violated, vec![code]));
}

#[test]
fn recorded_pairs() {
    for name in ["p25_null_init_ok", "p28_const_remat_ok", "q04_null_init_before"] {
        let path = format!("{}/../../tests/cases/{name}.log", env!("CARGO_MANIFEST_DIR"));
        let log = fs::read(&path).expect("a case");
        let recordings: Vec<_> = Recordings::new(log.as_slice()).collect();
        assert_eq!(recordings.len(), 1);
        for recording in recordings {
            // The set lists all values up to the largest, and no version says why.
            let version = AtLeast::minor(132);
            let recording = Recording { version, ..recording.expect("a record") };
            let pair = recording.read().expect("a pair");
            let options = Options { certify: true, ..Options::default() };
            let report = pair.verify(&options).expect("a certain set");
            assert_eq!(report.outcome, Outcome::Verified, "{name}: {:?}", report.findings);
        }
    }
}

/// `v1` is a zero, declared or not; the slot holds it across a call, and holds `v0` before.
fn spilled(zero: &str, others: &[u32], code: Option<&str>) {
    let before =
        format!("block0(v0: i64):\n    {zero}    call fn2()\n    call fn1(v1)\n    return v0\n");
    let after = format!(
        "block0(v0: i64):\n    stack_store v0, ss0\n    {zero}    stack_store v1, ss1\n    \
         call fn2(), stack_map=[i64 @ ss0+0, i64 @ ss1+0]\n    v2 = stack_load.i64 ss1\n    \
         call fn1(v2), stack_map=[i64 @ ss0+0]\n    v3 = stack_load.i64 ss0\n    return v3\n"
    );
    match code {
        None => right(&before, &after, others),
        Some(code) => wrong(&before, &after, others, code),
    }
}

#[test]
fn a_zero_in_a_root_is_null_and_a_number_is_none() {
    for others in [&[][..], &[1]] {
        spilled("v1 = iconst.i64 0\n", others, None);
        spilled("v9 = iconst.i32 0\n    v1 = uextend.i64 v9\n", others, None);
    }
    for number in ["v1 = iconst.i64 1\n", "v9 = iconst.i32 8\n    v1 = uextend.i64 v9\n"] {
        spilled(number, &[], Some("SM007"));
        spilled(number, &[1], None);
    }
    // A zero of another kind, made by arithmetic: that is no constant.
    spilled("v9 = iconst.i64 7\n    v1 = isub v9, v9\n", &[], Some("SM007"));
}

#[test]
fn a_null_need_not_be_kept() {
    let before = "block0(v0: i64):\n    v1 = iconst.i64 0\n    call fn2()\n    call fn1(v1)\n    \
                  return v1\n";
    right(before, before, &[1]);
    let number = before.replace("iconst.i64 0", "iconst.i64 8");
    wrong(&number, &number, &[1], "SM002");
}

/// A declared parameter receives a zero on one edge, and on the other a reference; `v1` is
/// spilled in the latter case only.
fn merged(passed: &str, code: Option<&str>) {
    let before = format!(
        "block0(v0: i64):\n    v1 = call fn0()\n    v9 = iconst.i64 {passed}\n    \
         brif v1, block1(v9), block1(v1)\n\n\
         block1(v2: i64):\n    call fn2()\n    call fn1(v2)\n    return v1\n"
    );
    let after = format!(
        "block0(v0: i64):\n    v1 = call fn0()\n    stack_store v1, ss1\n    \
         v9 = iconst.i64 {passed}\n    brif v1, block1(v9), block1(v1)\n\n\
         block1(v2: i64):\n    stack_store v2, ss0\n    \
         call fn2(), stack_map=[i64 @ ss0+0, i64 @ ss1+0]\n    v3 = stack_load.i64 ss0\n    \
         call fn1(v3), stack_map=[i64 @ ss1+0]\n    v4 = stack_load.i64 ss1\n    return v4\n"
    );
    // Whether the parameter is declared or not.
    right(&before, &after, &[1, 2]);
    match code {
        None => right(&before, &after, &[1]),
        Some(code) => wrong(&before, &after, &[1], code),
    }
}

#[test]
fn a_parameter_that_receives_null_or_a_reference_is_a_reference() {
    merged("0", None);
    merged("7", Some("SM007"));
}

#[test]
fn an_undeclared_parameter_is_lost_only_where_it_is_a_reference() {
    let body = |passed: &str| {
        format!(
            "block0(v0: i64):\n    v1 = iconst.i64 0\n    v9 = call fn0()\n    \
             brif v9, block1(v1), block1({passed})\n\n\
             block1(v2: i64):\n    call fn2()\n    call fn1(v2)\n    return v2\n"
        )
    };
    // `v9` is undeclared, and so a number.
    right(&body("v1"), &body("v1"), &[1]);
    right(&body("v9"), &body("v9"), &[1]);
    wrong(&body("v9"), &body("v9"), &[1, 9], "SM009");
}

#[test]
fn declared_aliases_of_zero() {
    let body = "block0(v0: i64):\n    v1 = iconst.i64 0\n    v2 -> v1\n    call fn2()\n    \
                call fn1(v2)\n    return v2\n";
    for others in [&[][..], &[1], &[2], &[1, 2]] {
        right(body, body, others);
    }
}

#[test]
fn what_is_not_null_is_not_replaced_by_it() {
    let before = "block0(v0: i64):\n    v1 = iconst.i64 0\n    call fn2()\n    call fn1(v0)\n    \
                  return v1\n";
    let after = |spilled: &str, read: &str, returned: &str| {
        format!(
            "block0(v0: i64):\n    v1 = iconst.i64 0\n    stack_store {spilled}, ss0\n    \
             call fn2(), stack_map=[i64 @ ss0+0]\n    v2 = stack_load.i64 ss0\n    \
             call fn1({read})\n    return {returned}\n"
        )
    };
    right(before, &after("v0", "v2", "v1"), &[]);
    wrong(before, &after("v1", "v2", "v1"), &[], "SM002");
    wrong(before, &after("v0", "v1", "v1"), &[], "SM004");
    wrong(before, &after("v0", "v2", "v2"), &[], "SM004");
}

#[test]
fn a_root_is_emptied_when_nothing_needs_it_and_not_before() {
    let before = "block0(v0: i64):\n    call fn2()\n    call fn1(v0)\n    call fn2()\n    \
                  v1 = call fn0()\n    return v1\n";
    let after = |early: &str, late: &str| {
        format!(
            "block0(v0: i64):\n    stack_store v0, ss0\n{early}    \
             call fn2(), stack_map=[i64 @ ss0+0]\n    v2 = stack_load.i64 ss0\n    \
             call fn1(v2), stack_map=[i64 @ ss0+0]\n{late}    \
             call fn2(), stack_map=[i64 @ ss0+0]\n    v1 = call fn0(), stack_map=[i64 @ ss0+0]\n    \
             return v1\n"
        )
    };
    let empty = "    v20 = iconst.i64 0\n    stack_store v20, ss0\n";
    let report = verdict(before, &after("", empty), &[]);
    assert_eq!(report.outcome, Outcome::Verified);
    let report = verdict(before, &after(empty, ""), &[]);
    assert_eq!(report.outcome, Outcome::Violated);
    let wrong = report.findings.iter().find(|f| f.code.code() == "SM004").expect("a wrong value");
    let message = "an instruction reads null where the program means `v0`";
    assert_eq!(wrong.message, message, "{:?}", report.findings);
}
