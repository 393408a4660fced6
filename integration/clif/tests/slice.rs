//! The slice of a pair: what is said of it is what is said of the whole, and it is left to the whole
//! to say what is wrong.

use stackmap_clif::lower::{lower, verify_slice};
use stackmap_clif::names::Names;
use stackmap_clif::text::{TextView, read_function};
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Options, Outcome, Report};

const BEFORE: &str = "function %f(i64, i64, i32) -> i64 system_v {
    sig0 = (i64, i32) -> i32 system_v
    fn0 = u0:0 sig0

block0(v0: i64, v1: i64, v2: i32):
    v3 = iconst.i32 7
    v4 = iadd v2, v3
    v5 = call fn0(v0, v4)
    v6 = imul v5, v3
    v7 = load.i32 v1
    brif v6, block1(v6, v1), block1(v4, v0)

block1(v8: i32, v9: i64):
    v10 = iconst.i64 0
    v11 = select v8, v9, v10
    v12 = call fn0(v11, v8)
    v13 = iadd v12, v8
    store v13, v9
    return v9
}
";

const AFTER: &str = "function %f(i64, i64, i32) -> i64 system_v {
    ss0 = explicit_slot 8, align = 8
    ss1 = explicit_slot 8, align = 8
    sig0 = (i64, i32) -> i32 system_v
    fn0 = u0:0 sig0

block0(v0: i64, v1: i64, v2: i32):
    v20 = stack_addr.i64 ss0
    store notrap v0, v20
    v21 = stack_addr.i64 ss1
    store notrap v1, v21
    v3 = iconst.i32 7
    v4 = iadd v2, v3
    v5 = call fn0(v0, v4), stack_map=[i64 @ ss0+0, i64 @ ss1+0]
    v6 = imul v5, v3
    v22 = stack_addr.i64 ss1
    v23 = load.i64 notrap v22
    v7 = load.i32 v23
    v24 = stack_addr.i64 ss1
    v25 = load.i64 notrap v24
    v26 = stack_addr.i64 ss0
    v27 = load.i64 notrap v26
    brif v6, block1(v6, v25), block1(v4, v27)

block1(v8: i32, v9: i64):
    v28 = stack_addr.i64 ss0
    store notrap v9, v28
    v10 = iconst.i64 0
    v11 = select v8, v9, v10
    v12 = call fn0(v11, v8), stack_map=[i64 @ ss0+0]
    v13 = iadd v12, v8
    v29 = stack_addr.i64 ss0
    v30 = load.i64 notrap v29
    store v13, v30
    v31 = stack_addr.i64 ss0
    v32 = load.i64 notrap v31
    return v32
}
";

/// Returns the reports on a slice, if there is one, and on the whole, if the two can be lowered.
fn reports(before: &str, after: &str, declared: &[u32]) -> (Option<Report>, Option<Report>) {
    let mut names = Names::default();
    let before = read_function(before, 1, &mut names).expect("the before function is readable");
    let after = read_function(after, 1, &mut names).expect("the after function is readable");
    let view = |function| TextView::new(function, &names, true);
    let (before, after) = (view(&before), view(&after));
    let declared = || declared.iter().filter_map(|&number| names.values.index(number));
    let options = Options::default();
    let whole = lower(&before, &after, declared()).map(|comparison| comparison.verify(&options));
    (verify_slice(&before, &after, declared(), &options), whole.ok())
}

const DECLARED: [u32; 4] = [0, 1, 9, 11];

#[test]
fn a_slice_counts_everything() {
    let (slice, whole) = reports(BEFORE, AFTER, &DECLARED);
    let (slice, whole) = (slice.expect("a slice"), whole.expect("a pair"));
    assert_eq!(slice.outcome, Outcome::Verified);
    assert_eq!((slice.outcome, slice.stats), (whole.outcome, whole.stats));
    assert!(slice.findings.is_empty() && whole.findings.is_empty());
}

/// A change of the after function, and whether the pair is still right.
const CHANGES: [(&str, &str, bool); 26] = [
    // What is left out of the slice.
    ("v3 = iconst.i32 7", "v3 = iconst.i32 8", false),
    ("v4 = iadd v2, v3", "v4 = isub v2, v3", false),
    ("v4 = iadd v2, v3", "v4 = iadd v3, v2", false),
    ("v4 = iadd v2, v3\n", "v4 = iadd v2, v3\n    nop\n", false),
    ("    v6 = imul v5, v3\n", "    v6 = imul v5, v4\n", false),
    ("v13 = iadd v12, v8", "v13 = iadd v8, v12", false),
    ("v13 = iadd v12, v8", "@0001 v13 = iadd v12, v8", false),
    ("v13 = iadd v12, v8", "v33 = iconst.i32 0\n    v13 = iadd v33, v8", false),
    ("v3 = iconst.i32 7", "v3 ! range(32, 7, 7) = iconst.i32 7", false),
    // Operands outside of the slice of an instruction that is in it.
    ("v12 = call fn0(v11, v8)", "v12 = call fn0(v11, v13)", false),
    ("v5 = call fn0(v0, v4)", "v5 = call fn0(v0, v3)", false),
    ("v7 = load.i32 v23", "v7 = load.i32 v2", false),
    ("store v13, v30", "store v12, v30", false),
    ("select v8, v9, v10", "select v6, v9, v10", false),
    // Edges.
    ("block1(v6, v25)", "block1(v4, v25)", false),
    ("block1(v6, v25)", "block1(v6, v27)", false),
    ("brif v6, block1", "brif v4, block1", false),
    // What is in it.
    ("store notrap v0, v20", "store notrap v1, v20", false),
    ("stack_map=[i64 @ ss0+0, i64 @ ss1+0]", "stack_map=[i64 @ ss0+0]", false),
    ("v23 = load.i64 notrap v22", "v23 = load.i64 notrap v20", false),
    ("return v32", "return v9", false),
    ("v10 = iconst.i64 0", "v10 = iconst.i64 1", false),
    // An address of another type than others, or than the program's.
    ("v22 = stack_addr.i64 ss1", "v22 = stack_addr.i32 ss1", false),
    // What is allowed.
    ("    v24 = stack_addr.i64 ss1\n", "    v24 = stack_addr.i64 ss1 ; again\n", true),
    ("v3 = iconst.i32 7\n", "v3 = iconst.i32 7\n    v33 = iconst.i64 0\n", true),
    ("v7 = load.i32 v23", "v7 = load.i32 v23 ; reloaded", true),
];

#[test]
fn what_differs_is_left_to_the_whole() {
    for (old, new, is_right) in CHANGES {
        assert!(AFTER.contains(old), "{old}");
        let (slice, whole) = reports(BEFORE, &AFTER.replacen(old, new, 1), &DECLARED);
        let is_verified = whole.is_some_and(|whole| whole.outcome == Outcome::Verified);
        assert_eq!(is_verified, is_right, "{old} -> {new}");
        let slice = slice.map(|slice| slice.outcome);
        assert_eq!(slice, is_right.then_some(Outcome::Verified), "{old} -> {new}");
    }
}

/// What the after function alone shows is a warning of the slice as well.
#[test]
fn a_derived_address_that_lives_across_a_safepoint() {
    let change = |text: &str| {
        let text = text.replacen("iconst.i32 7\n", "iconst.i32 7\n    v50 = iadd_imm v0, 8\n", 1);
        text.replacen("v6 = imul v5, v3\n", "v6 = imul v5, v3\n    store v6, v50\n", 1)
    };
    let (slice, whole) = reports(&change(BEFORE), &change(AFTER), &DECLARED);
    let (slice, whole) = (slice.expect("a slice"), whole.expect("a pair"));
    assert_eq!((slice.outcome, slice.stats), (whole.outcome, whole.stats));
    let codes: Vec<Code> = slice.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::StaleAddress]);
    assert_eq!(slice.findings, whole.findings);
}

/// The same in both functions, which the slice leaves to the whole: its own slots, an unknown
/// opcode; and a split edge.
#[test]
fn unusual_pairs_are_left_to_the_whole() {
    let in_both = [
        ("    sig0 =", "    ss7 = explicit_slot 8\n    sig0 ="),
        ("    v3 = iconst.i32 7\n", "    v3 = iconst.i32 7\n    v50 = unheard_of v3\n"),
    ];
    for (old, new) in in_both {
        let change = |text: &str| text.replacen(old, new, 1);
        let (slice, _) = reports(&change(BEFORE), &change(AFTER), &DECLARED);
        assert!(slice.is_none(), "{new}");
    }
    let split = "block2:\n    jump block1(v6, v25)\n\nblock1(v8";
    let after = AFTER.replacen("block1(v6, v25)", "block2", 1).replacen("block1(v8", split, 1);
    let (slice, whole) = reports(BEFORE, &after, &DECLARED);
    assert!(slice.is_none());
    assert_eq!(whole.map(|whole| whole.outcome), Some(Outcome::Verified));
}

/// An alias counts as what it stands for, in either function.
#[test]
fn aliases() {
    let change = |text: &str, alias: &str, operand: &str| {
        let text = text.replacen("    v4 = iadd v2, v3\n", "    v4 = iadd v2, OPERAND\n", 1);
        let text = text.replace("OPERAND", operand);
        text.replacen("iconst.i32 7\n", &format!("iconst.i32 7\n    v40 -> {alias}\n"), 1)
    };
    let verified = |before: &str, after: &str| {
        let (slice, whole) = reports(before, after, &DECLARED);
        let is_verified = whole.is_some_and(|whole| whole.outcome == Outcome::Verified);
        (slice.is_some(), is_verified)
    };
    let before = change(BEFORE, "v3", "v40");
    assert_eq!(verified(&before, &change(AFTER, "v3", "v40")), (true, true));
    assert_eq!(verified(&before, &change(AFTER, "v3", "v3")), (true, true));
    // It stands for something else in the after function, where it is read, and where it is not.
    assert_eq!(verified(&before, &change(AFTER, "v2", "v40")), (false, false));
    assert_eq!(verified(&before, &change(AFTER, "v2", "v3")), (true, true));
    let before = change(BEFORE, "v2", "v3");
    assert_eq!(verified(&before, &change(AFTER, "v3", "v40")), (true, true));
    assert_eq!(verified(&before, &change(AFTER, "v2", "v40")), (false, false));
}

#[test]
fn certificates_are_of_the_whole() {
    let mut names = Names::default();
    let function = read_function(BEFORE, 1, &mut names).expect("the function is readable");
    let view = TextView::new(&function, &names, true);
    let options = |certify| Options { certify, ..Options::default() };
    assert!(verify_slice(&view, &view, [], &options(false)).is_some());
    assert!(verify_slice(&view, &view, [], &options(true)).is_none());
}
