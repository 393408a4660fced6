//! The frame condition: each rule, and what is near it and allowed.

use stackmap_clif::declared::Declared;
use stackmap_clif::lower::Comparison;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Collector, Options, Outcome};

const BEFORE: &str = "function %f(i64, i64) -> i64 system_v {
    ss0 = explicit_slot 16, align = 8, key = 3
    region0 = 1 \"heap\"
    gv0 = vmctx
    sig0 = () system_v
    sig1 = (i64) system_v
    fn0 = u0:0 sig0
    fn1 = u0:1 sig1
    const0 = 0x00
    stack_limit = gv0

block0(v0: i64, v1: i64):
@0010                               v2 = stack_addr.i64 ss0
                                    call fn1(v2)
                                    brif v1, block1, block2

block1:
<ss0, 7> @0014                      call fn0()
                                    jump block2

block2 cold:
                                    return v0
}
";

const AFTER: &str = "function %f(i64, i64) -> i64 system_v {
    ss0 = explicit_slot 16, align = 8, key = 3
    ss1 = explicit_slot 8, align = 8
    region0 = 1 \"heap\"
    region1 = 2 \"spills\"
    gv0 = vmctx
    sig0 = () system_v
    sig1 = (i64) system_v
    fn0 = u0:0 sig0
    fn1 = u0:1 sig1
    const0 = 0x00
    stack_limit = gv0

block0(v0: i64, v1: i64):
@0010                               v2 = stack_addr.i64 ss0
                                    v3 = stack_addr.i64 ss1
                                    store notrap aligned region1 v0, v3
                                    call fn1(v2), stack_map=[i64 @ ss1+0]
                                    brif v1, block1, block2

block1:
<ss0, 7> @0014                      call fn0(), stack_map=[i64 @ ss1+0]
                                    jump block2

block2 cold:
                                    v4 = stack_addr.i64 ss1
                                    v5 = load.i64 notrap aligned region1 v4
                                    return v5
}
";

/// The codes that are found, or the verdict of the verifier.
fn judged(before: &str, after: &str) -> String {
    let text = |text| Text { text, line: 1 };
    let pair = read_pair(text(before), text(after), &Declared::exactly([0]), AtLeast::minor(135));
    let pair = pair.unwrap_or_else(|error| panic!("{error}\n{after}"));
    match &pair.comparison {
        Comparison::Changed(findings) => {
            findings.iter().map(|f| f.code.code()).collect::<Vec<_>>().join(" ")
        }
        Comparison::Pair(_) => match pair.comparison.verify(&Options::default()).outcome {
            Outcome::Verified => "verified".to_owned(),
            other @ (Outcome::Violated | Outcome::Unsupported(_) | Outcome::Internal(_)) => {
                format!("{other:?}")
            }
        },
    }
}

/// The finding if `from` becomes `to` in the after function.
#[track_caller]
fn said(from: &str, to: &str) -> String {
    assert!(AFTER.contains(from), "{from}");
    judged(BEFORE, &AFTER.replacen(from, to, 1))
}

#[test]
fn what_a_spiller_may_do() {
    assert_eq!(judged(BEFORE, AFTER), "verified");
    assert_eq!(
        judged(BEFORE, &AFTER.replace(" region1", "").replace("    = 2 \"spills\"\n", "")),
        "verified"
    );
    let none = AFTER.replace("    region1 = 2 \"spills\"\n", "").replace(" region1", "");
    assert_eq!(judged(BEFORE, &none), "verified");
    assert_eq!(judged(BEFORE, &AFTER.replace(" notrap aligned region1", " region1")), "verified");
}

#[test]
fn what_stands_in_front_of_the_blocks() {
    let changes = [
        ("%f(", "%g("),
        ("%f(i64, i64)", "%f(i64 vmctx, i64)"),
        ("-> i64 system_v {", "-> i64 tail {"),
        ("ss0 = explicit_slot 16", "ss0 = explicit_slot 8"),
        ("16, align = 8", "16, align = 4"),
        (", key = 3", ""),
        (", key = 3", ", key = 4"),
        ("8, align = 8\n    region0", "8, align = 8, key = 1\n    region0"),
        ("region0 = 1", "region0 = 2"),
        ("\"heap\"", "\"table\""),
        ("gv0 = vmctx", "gv0 = symbol %x"),
        ("sig0 = () system_v", "sig0 = () tail"),
        ("    fn0 = u0:0 sig0\n", ""),
        ("    fn0 = u0:0 sig0\n", "    fn0 = u0:0 sig0\n    fn2 = u0:0 sig0\n"),
        ("fn1 = u0:1", "fn1 = colocated u0:1"),
        ("const0 = 0x00", "const0 = 0x01"),
        ("    stack_limit = gv0\n", ""),
    ];
    for (from, to) in changes {
        assert_eq!(said(from, to), "SM010", "{from} -> {to}");
    }
    // White space and comments are no part of a declaration.
    assert_eq!(said("sig0 = () system_v", "sig0   = ()  system_v ; nothing"), "verified");
}

#[test]
fn blocks_and_instructions() {
    let changes = [
        ("v1: i64)", "v1: i32)"),
        ("block2 cold:", "block2:"),
        ("block1:\n", "block1 cold:\n"),
        ("@0010", "@0011"),
        ("@0010", "     "),
        ("<ss0, 7>", "<ss0, 8>"),
        ("<ss0, 7>", "        "),
        ("brif v1, block1, block2", "brif v1, block2, block1"),
        ("jump block2", "jump block1"),
        ("call fn1(v2)", "call fn1(v3)"),
        ("return v5", "return v4"),
        ("stack_addr.i64 ss0", "stack_addr.i64 ss0+8"),
        ("    call fn0()", "    nop\n    call fn0()"),
        ("    call fn0()", "    v9 = iadd v1, v1\n    call fn0()"),
    ];
    for (from, to) in changes {
        assert_eq!(said(from, to), "SM010", "{from} -> {to}");
    }
    let swapped = AFTER.replace("block1:", "blockX:").replace("block2 cold:", "block1 cold:");
    assert_ne!(judged(BEFORE, &swapped.replace("blockX:", "block2:")), "verified");
}

/// The flags of the load of a global value, like those of every access, are a set.
#[test]
fn flags_of_a_global_value() {
    let own = |text: &str, load: &str| {
        text.replace("gv0 = vmctx\n", &format!("gv0 = vmctx\n    gv1 = {load}\n"))
    };
    let judged = |mine: &str, theirs: &str| judged(&own(BEFORE, mine), &own(AFTER, theirs));
    let load = "load.i64 notrap aligned readonly gv0+8";
    for same in [
        "load.i64 notrap aligned readonly aligned gv0+8",
        "load.i64 notrap notrap aligned readonly gv0+8",
        "load.i64 readonly aligned notrap gv0+8",
        "load.i64 table_oob notrap aligned readonly gv0+8",
    ] {
        assert_eq!(judged(load, same), "verified", "{same}");
        assert_eq!(judged(same, load), "verified", "{same}");
    }
    for other in [
        "load.i64 notrap aligned gv0+8",
        "load.i64 notrap aligned readonly can_move gv0+8",
        "load.i64 notrap aligned readonly checked gv0+8",
        "load.i64 notrap aligned readonly little gv0+8",
        "load.i64 notrap aligned readonly region0 gv0+8",
        "load.i64 notrap aligned readonly gv0+16",
        "load.i64 notrap aligned readonly gv0",
        "load.i32 notrap aligned readonly gv0+8",
    ] {
        assert_eq!(judged(load, other), "SM010", "{other}");
        assert_eq!(judged(other, load), "SM010", "{other}");
    }
    let fact = "! mem(mt0, 0x0, 0x0) = load.i64 notrap";
    let own = |text: &str, flags: &str| {
        let declared = format!("gv0 = vmctx\n    gv1 {fact} {flags} gv0\n");
        text.replace("gv0 = vmctx\n", &declared)
    };
    let judged = |mine: &str, theirs: &str| self::judged(&own(BEFORE, mine), &own(AFTER, theirs));
    assert_eq!(judged("aligned", "aligned aligned"), "verified");
    assert_eq!(judged("aligned", "aligned readonly"), "SM010");
}

/// A sort that no version has is compared as it is written.
#[test]
fn flags_of_what_nobody_knows() {
    let own = |text: &str, load: &str| {
        text.replace("gv0 = vmctx\n", &format!("gv0 = vmctx\n    xy0 = {load}\n"))
    };
    let load = "load.i64 notrap aligned gv0";
    assert_eq!(judged(&own(BEFORE, load), &own(AFTER, load)), "verified");
    let other = "load.i64 aligned notrap gv0";
    assert_eq!(judged(&own(BEFORE, load), &own(AFTER, other)), "SM010");
}

#[test]
fn spills_and_reloads() {
    let store = "store notrap aligned region1 v0, v3";
    let load = "v5 = load.i64 notrap aligned region1 v4";
    let changes = [
        (store, "store notrap aligned region1 v0, v3+4"),
        (store, "store notrap aligned region0 v0, v3"),
        (store, "store notrap aligned v0, v3"),
        (store, "store notrap aligned big region1 v0, v3"),
        (store, "store notrap aligned region1 v3, v3"),
        (store, "istore32 notrap aligned region1 v0, v3"),
        (load, "v5 = load.i64 notrap aligned readonly region1 v4"),
        (load, "v5 = load.i64 notrap aligned can_move region1 v4"),
        (load, "v5 = uload32.i64 notrap aligned region1 v4"),
        ("v4 = stack_addr.i64 ss1", "v4 = stack_addr.i8 ss1"),
        ("v4 = stack_addr.i64 ss1", "v4 = stack_addr.i32 ss1"),
        ("ss1 = explicit_slot 8", "ss1 = explicit_slot 4"),
    ];
    for (from, to) in changes {
        assert_eq!(said(from, to), "SM011", "{from} -> {to}");
    }
    // To the program's slot, through the program's address.
    assert_eq!(said(store, "store notrap aligned region1 v0, v2"), "SM010");
    assert_eq!(said(load, "v5 = load.f64 notrap aligned region1 v4"), "SM010");
}

#[test]
fn addresses_are_defined_where_they_are_used() {
    let without =
        AFTER.replace("                                    v4 = stack_addr.i64 ss1\n", "");
    // The address of the spill is defined in a block that dominates the reload.
    assert_eq!(judged(BEFORE, &without.replace("region1 v4", "region1 v3")), "verified");
    let define = "                                    v4 = stack_addr.i64 ss1\n";
    let in_one_arm = without.replace("jump block2", &format!("nop\n{define}jump block2"));
    let before = BEFORE.replace("jump block2", "nop\njump block2");
    assert_eq!(judged(&before, &in_one_arm), "SM011");
    let behind = AFTER.replace(define, "").replace("return v5", &format!("\n{define}return v5"));
    assert_eq!(judged(BEFORE, &behind), "SM011");
}

#[test]
fn what_is_written_in_another_way() {
    let branch = "brif v1, block1";
    let own =
        |text: &str, store: &str| text.replace("    call fn1", &format!("{store}\n    call fn1"));
    let judged = |before: &str, after: &str| judged(&own(BEFORE, before), &own(AFTER, after));
    let store = "store aligned region0 v1, v2+8";
    for same in [
        "store region0 aligned aligned v1, v2+8",
        "store heap_oob aligned notrap heap_oob region0 v1, v2+8",
        "store.i64 aligned region0 v1, v2+8",
    ] {
        assert_eq!(judged(store, same), "verified", "{same}");
    }
    for other in [
        "store region0 v1, v2+8",
        "store aligned v1, v2+8",
        "store notrap aligned region0 v1, v2+8",
        "store int_ovf aligned region0 v1, v2+8",
        "store aligned little region0 v1, v2+8",
        "store aligned region0 v1, v2",
    ] {
        assert_eq!(judged(store, other), "SM010", "{other}");
    }
    // The type behind a branch says nothing that its operand does not.
    assert_eq!(said(branch, "brif.i64 v1, block1"), "verified");
    // An alias has no debug tags.
    assert_eq!(said("brif v1", "<9> v7 -> v1\n    brif v7"), "verified");
}

#[test]
fn what_cranelift_refuses_is_not_taken_for_right() {
    let read = |before: &str, after: &str| {
        let (before, after) = (Text { text: before, line: 1 }, Text { text: after, line: 1 });
        let pair = read_pair(before, after, &Declared::exactly([0]), AtLeast::minor(135));
        pair.map(|_| ()).unwrap_err().to_string()
    };
    let undeclared = |text: &str| text.replace("    fn0 = u0:0 sig0\n", "");
    let message = "fn0 is not declared in this function";
    assert!(read(&undeclared(BEFORE), &undeclared(AFTER)).ends_with(message));
    // Nothing that is compared differs.
    let typed = AFTER.replace("brif v1", "brif.f32 v1");
    assert!(read(BEFORE, &typed).ends_with("`brif` does not work on f32"));
}

#[test]
fn stack_maps() {
    let own = |text: &str| {
        let called = text.contains("call fn1(v2), stack_map");
        match called {
            true => {
                text.replace("call fn1(v2), stack_map=[", "call fn1(v2), stack_map=[i64 @ ss0+8, ")
            }
            false => text.replace("call fn1(v2)", "call fn1(v2), stack_map=[i64 @ ss0+8]"),
        }
    };
    assert_eq!(judged(&own(BEFORE), &own(AFTER)), "verified");
    assert_eq!(judged(&own(BEFORE), AFTER), "SM010");
    assert_eq!(judged(BEFORE, &own(AFTER)), "SM010");
    assert_eq!(said("call fn0(), stack_map=[i64", "call fn0(), stack_map=[f64"), "SM011");
    assert_eq!(said("jump block2", "jump block2, stack_map=[i64 @ ss1+0]"), "SM010");
}

#[test]
fn what_nobody_knows() {
    let unknown = |text: &str| text.replace("nop", "v9 = gc_alloc.i64 v1");
    let at = |text: &str, place: &str| text.replace(place, &format!("nop\n{place}"));
    // Nothing is live across it that a collector could move.
    let place = "                                    return";
    let (before, after) =
        (BEFORE.replace("return v0", "return v1"), AFTER.replace("return v5", "return v1"));
    let (before, after) = (at(&before, place), at(&after, place));
    assert_eq!(judged(&unknown(&before), &unknown(&after)), "verified");
    // Here v0 is, and v5 is not reloaded behind it.
    let (before, after) =
        (at(BEFORE, "                                    brif"), AFTER.to_owned());
    let after = at(&after, "                                    brif");
    assert!(judged(&unknown(&before), &unknown(&after)).starts_with("Unsupported(Undecided"));
}

#[test]
fn roots_of_the_programs_own_may_keep_an_object_where_it_is() {
    let before = BEFORE.replace("call fn1(v2)", "call fn1(v2), stack_map=[i64 @ ss0+8]");
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly([0]);
    let pair = read_pair(text(&before), text(&before), &declared, AtLeast::minor(135)).unwrap();
    let verify = |collector| {
        let options = Options { collector, ..Options::default() };
        pair.comparison.verify(&options).outcome
    };
    assert_eq!(verify(Collector::Moving), Outcome::Violated);
    assert!(matches!(verify(Collector::NonMoving), Outcome::Unsupported(_)));
}
