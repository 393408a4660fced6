//! The judge reports each kind of difference, and nothing else.

use stackmap_frontends::judge::{Difference, Kind, Proof, Reader, judge_text};

const BEFORE: &str = "function %f(i64, i32, i64 vmctx) -> i64 system_v {
    ss0 = explicit_slot 8, align = 8
    region0 = 1 \"heap\"
    gv0 = vmctx
    gv1 = load.i64 notrap aligned gv0+8
    sig0 = (i64) -> i64 system_v
    fn0 = u0:0 sig0
    const0 = 0x00000000000000000000000000000001
    stack_limit = gv1

block0(v0: i64, v1: i32, v8: i64):
    v2 = stack_addr.i64 ss0
    store v0, v2
    v3 = call fn0(v0), stack_map=[i64 @ ss0+0]
    brif v1, block1(v3), block2

block1(v4: i64):
    v5 = call fn0(v4)
    v6 -> v5
    store v6, v0
    return v3

block2 cold:
    v7 = vconst.i8x16 const0
    store v7, v0
    return v0

block3:
    trap user1
}
";

const AFTER: &str = "function %f(i64, i32, i64 vmctx) -> i64 system_v {
    ss0 = explicit_slot 8, align = 8
    ss1 = explicit_slot 8, align = 8
    ss2 = explicit_slot 8, align = 8
    region0 = 1 \"heap\"
    region1 = 2 \"spills\"
    gv0 = vmctx
    gv1 = load.i64 notrap aligned gv0+8
    sig0 = (i64) -> i64 system_v
    fn0 = u0:0 sig0
    const0 = 0x00000000000000000000000000000001
    stack_limit = gv1

block0(v0: i64, v1: i32, v8: i64):
    v10 = stack_addr.i64 ss1
    store notrap aligned region1 v0, v10
    v2 = stack_addr.i64 ss0
    store v0, v2
    v3 = call fn0(v0), stack_map=[i64 @ ss0+0, i64 @ ss1+0]
    v11 = stack_addr.i64 ss2
    store notrap aligned v3, v11
    brif v1, block1(v3), block2

block1(v4: i64):
    v5 = call fn0(v4), stack_map=[i64 @ ss1+0, i64 @ ss2+0]
    v6 -> v5
    v12 = stack_addr.i64 ss1
    v13 = load.i64 notrap aligned region1 v12
    store v5, v13
    v14 = stack_addr.i64 ss2
    v15 = load.i64 notrap aligned v14
    return v15

block2 cold:
    v7 = vconst.i8x16 const0
    v16 = stack_addr.i64 ss1
    v17 = load.i64 notrap aligned region1 v16
    store v7, v17
    v18 = load.i64 notrap aligned region1 v16
    return v18

block3:
    trap user1
}
";

const DECLARED: [u32; 2] = [0, 3];

fn judge(after: &str) -> (Vec<Kind>, Proof) {
    let judged = judge_text(Reader::V0135, BEFORE, &DECLARED, after).expect("CLIF");
    let invalid: Vec<&Difference> = judged.differences.iter().filter(|d| d.is_invalid()).collect();
    // Shown if the test fails.
    println!("{invalid:?}");
    let mut kinds: Vec<Kind> = judged.differences.iter().map(|d| d.kind).collect();
    kinds.dedup();
    (kinds, judged.proof)
}

/// *After* with one thing changed.
fn with(old: &str, new: &str) -> String {
    assert!(AFTER.contains(old), "{old}");
    AFTER.replacen(old, new, 1)
}

#[test]
fn what_a_spiller_may_do_is_the_same_function() {
    assert_eq!(judge(AFTER), (vec![], Proof::Right));
}

#[test]
fn what_has_no_meaning_is_the_same_function() {
    let comment = with("    v2 =", "    ; a comment\n    v2   =");
    assert_eq!(judge(&comment), (vec![], Proof::Right));
    let slot = with("ss1 = explicit_slot 8, align = 8", "ss1 = explicit_slot 8, align = 4");
    assert_eq!(judge(&slot), (vec![], Proof::Right));
    let access = with("store notrap aligned v3, v11", "store notrap v3, v11");
    assert_eq!(judge(&access), (vec![], Proof::Right));
    // A second name for a reload, and one that is not used.
    let reload = with("    return v15", "    v19 = load.i64 notrap aligned v14\n    return v15");
    assert_eq!(judge(&reload), (vec![], Proof::Right));
}

#[test]
fn each_kind_of_difference() {
    let spill = "store notrap aligned v3, v11";
    let cases = [
        (Kind::Name, "%f", "%g"),
        (Kind::Signature, "-> i64 system_v {", "-> i64 fast {"),
        (Kind::Slot, "ss0 = explicit_slot 8", "ss0 = explicit_slot 16"),
        (
            Kind::Slot,
            "ss0 = explicit_slot 8, align = 8",
            "ss0 = explicit_slot 8, align = 8, key = 1",
        ),
        (Kind::Region, "\"heap\"", "\"table\""),
        (Kind::GlobalValue, "gv0+8", "gv0+16"),
        (Kind::CallSignature, "sig0 = (i64) -> i64 system_v", "sig0 = (i64 sext) -> i64 system_v"),
        (Kind::ExternalFunction, "fn0 = u0:0", "fn0 = colocated u0:0"),
        (
            Kind::Constant,
            "const0 = 0x00000000000000000000000000000001",
            "const0 = 0x10000000000000000000000000000001",
        ),
        (Kind::StackLimit, "    stack_limit = gv1\n", ""),
        (Kind::Blocks, "\nblock3:\n    trap user1\n", ""),
        (
            Kind::BlockParameters,
            "block0(v0: i64, v1: i32, v8: i64):",
            "block0(v0: i64, v1: i32, v9: i64):",
        ),
        (Kind::Cold, "block2 cold:", "block2:"),
        (Kind::Instruction, "store v0, v2", "store v0, v2+8"),
        (Kind::Instruction, "return v15", "return v14"),
        (Kind::Instruction, "brif v1, block1(v3)", "brif v1, block1(v11)"),
        (Kind::SourceLocation, "    v3 = call", "@0001 v3 = call"),
        (Kind::DebugTags, "    v3 = call", "<1> v3 = call"),
        (Kind::ProgramMap, "[i64 @ ss0+0, i64", "[i64"),
        (Kind::Aliases, "    v6 -> v5\n", ""),
        (
            Kind::SpillersSlot,
            "ss1 = explicit_slot 8, align = 8",
            "ss1 = explicit_slot 8, align = 8, key = 1",
        ),
        (Kind::MayTrap, spill, "store aligned v3, v11"),
        (Kind::ByteOrder, spill, "store notrap aligned big v3, v11"),
        (
            Kind::AccessFlags,
            "v15 = load.i64 notrap aligned",
            "v15 = load.i64 notrap aligned can_move",
        ),
        (
            Kind::AccessRegion,
            "v17 = load.i64 notrap aligned region1",
            "v17 = load.i64 notrap aligned",
        ),
        (Kind::OutsideSlot, "aligned v3, v11", "aligned v3, v11+8"),
        (Kind::SplitEdge, "block2 cold:", "block9:\n    jump block9\n\nblock2 cold:"),
    ];
    for (kind, old, new) in cases {
        let after = with(old, new);
        assert_eq!(judge(&after).0, [kind], "{old} to {new}");
    }
}

#[test]
fn several_at_once() {
    let types = "v15 = load.f64 notrap aligned";
    let (kinds, _) = judge(&with("v15 = load.i64 notrap aligned", types));
    assert!(kinds.contains(&Kind::Invalid), "{kinds:?}");
    let (kinds, _) = judge(&with("i64 @ ss2+0", "i32 @ ss2+0"));
    assert_eq!(kinds, [Kind::EntryType]);
    let (kinds, _) = judge(&with("    return v15", "    v19 = iconst.i64 1\n    return v15"));
    assert_eq!(kinds, [Kind::Instruction, Kind::Computation]);
    let slot = with("ss2 = explicit_slot 8", "ss2 = explicit_slot 16");
    let (kinds, _) = judge(&slot.replace("aligned v3, v11", "aligned v3, v11+4"));
    assert_eq!(kinds, [Kind::SlotAlignment]);
    let (kinds, _) = judge(&with("v11 = stack_addr.i64", "v11 = stack_addr.i32"));
    assert_eq!(kinds, [Kind::AddressType, Kind::Invalid]);
}

#[test]
fn uses_before_definitions_are_invalid() {
    let early = with(
        "    v12 = stack_addr.i64 ss1\n    v13 = load.i64 notrap aligned region1 v12\n",
        "    v13 = load.i64 notrap aligned region1 v12\n    v12 = stack_addr.i64 ss1\n",
    );
    assert_eq!(judge(&early), (vec![Kind::Invalid], Proof::None));
}

#[test]
fn what_is_added_has_to_be_right() {
    for (old, new) in [
        ("i64 @ ss1+0, i64 @ ss2+0", "i64 @ ss1+0"),
        ("aligned v3, v11", "aligned v0, v11"),
        ("return v15", "return v3"),
        ("store v0, v2", "store v2, v0"),
        ("    store notrap aligned v3, v11\n", ""),
    ] {
        assert_eq!(judge(&with(old, new)), (vec![], Proof::Wrong), "{old} to {new}");
    }
}

#[test]
fn a_split_edge_is_put_back() {
    let before = "function %f(i64) -> i64 tail {
    sig0 = () -> i64 tail
    fn0 = u0:0 sig0

block0(v0: i64):
    try_call fn0(), sig0, block1(ret0, v0), [ default: block2 ]

block1(v1: i64, v2: i64):
    store v1, v2
    return v2

block2:
    return v0
}
";
    let after = "function %f(i64) -> i64 tail {
    ss0 = explicit_slot 8, align = 8
    sig0 = () -> i64 tail
    fn0 = u0:0 sig0

block0(v0: i64):
    v3 = stack_addr.i64 ss0
    store notrap aligned v0, v3
    try_call fn0(), sig0, block3(ret0), [ default: block2 ], stack_map=[i64 @ ss0+0]

block3(v4: i64):
    v5 = stack_addr.i64 ss0
    v6 = load.i64 notrap aligned v5
    jump block1(v4, v6)

block1(v1: i64, v2: i64):
    store v1, v2
    return v2

block2:
    v7 = stack_addr.i64 ss0
    v8 = load.i64 notrap aligned v7
    return v8
}
";
    let judge = |after: &str| {
        let judged = judge_text(Reader::V0135, before, &[0], after).expect("CLIF");
        let kinds: Vec<Kind> = judged.differences.iter().map(|d| d.kind).collect();
        (kinds, judged.proof)
    };
    assert_eq!(judge(after), (vec![], Proof::Right));
    let swapped = after.replace("jump block1(v4, v6)", "jump block1(v6, v4)");
    assert_eq!(judge(&swapped), (vec![], Proof::Wrong));
    let elsewhere = after.replace("jump block1(v4, v6)", "jump block2");
    assert_eq!(judge(&elsewhere).0, [Kind::Instruction]);
    let cold = after.replace("block3(v4: i64):", "block3(v4: i64) cold:");
    assert_eq!(judge(&cold).0, [Kind::SplitEdgeCold]);
    let stale = after.replace("jump block1(v4, v6)", "jump block1(v4, v0)");
    assert_eq!(judge(&stale), (vec![], Proof::Wrong));
}
