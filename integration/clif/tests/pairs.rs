//! Pairs of texts, lowered.

use std::fmt::Write;

use stackmap_clif::declared::Declared;
use stackmap_clif::lower::{Comparison, Lowered};
use stackmap_clif::pair::{ClifPair, ReadError, Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::{Action, After, Block};

const HEAD: &str = "function %f(i32, i64) -> i32 system_v {\n";
const PREAMBLE: &str = "    sig0 = () -> i32 system_v\n    fn0 = u0:0 sig0\n";

/// A function whose body starts at line 5, after one line for a slot.
fn function(slot: &str, body: &str) -> String {
    format!("{HEAD}    {slot}\n{PREAMBLE}block0(v0: i32, v1: i64):\n{body}}}\n")
}

fn pair_of(before: &str, after: &str, version: AtLeast) -> Result<ClifPair, ReadError> {
    let (before, after) = (Text { text: before, line: 1 }, Text { text: after, line: 101 });
    read_pair(before, after, &Declared::exactly([0]), version)
}

/// Both functions have the program's slot `ss0`; the after function has `ss1`.
fn pair(before: &str, after: &str) -> Result<ClifPair, ReadError> {
    let before = function("ss0 = explicit_slot 16", before);
    let after = function("ss0 = explicit_slot 16\n    ss1 = explicit_slot 4", after);
    pair_of(&before, &after, AtLeast::UNKNOWN)
}

#[track_caller]
fn refused(before: &str, after: &str, message: &str) {
    match pair(before, after) {
        Ok(pair) => panic!("{:?}", pair.comparison),
        Err(error) => assert_eq!(error.to_string(), message),
    }
}

/// The changes that are found, with the lines of the first label.
fn found(pair: Result<ClifPair, ReadError>) -> Vec<String> {
    match pair.unwrap_or_else(|error| panic!("{error}")).comparison {
        Comparison::Pair(model) => panic!("lowered:\n{}", actions(&model.after)),
        Comparison::Changed(findings) => {
            let line = |f: &Finding| f.primary.site.origin.line;
            findings.iter().map(|f| format!("{} {}: {}", f.code, line(f), f.message)).collect()
        }
    }
}

#[track_caller]
fn changed(before: &str, after: &str, wanted: &str) {
    assert_eq!(found(pair(before, after)), [wanted]);
}

fn model(pair: Result<ClifPair, ReadError>) -> Lowered {
    let pair = pair.unwrap_or_else(|error| panic!("{error}"));
    match pair.comparison {
        Comparison::Pair(model) => *model,
        Comparison::Changed(findings) => panic!("{findings:?}"),
    }
}

/// The actions of the after program, with the names of the input.
fn actions(program: &After) -> String {
    let mut out = String::new();
    let name = |at| program.display_location(at).to_string();
    for block in (0..program.block_count()).map(Block::new) {
        for id in program.instructions(block) {
            let instruction = program.instruction(id);
            out.push_str(if instruction.performs { "=" } else { "+" });
            for &action in instruction.actions {
                match action {
                    Action::Use { operand, at } => write!(out, " use{operand} {};", name(at)),
                    Action::Define { result, at } => write!(out, " def{result} {};", name(at)),
                    Action::Move { from, to } => write!(out, " {} -> {};", name(from), name(to)),
                    Action::Null { at } => write!(out, " null {};", name(at)),
                    Action::Clobber { at } => write!(out, " clobber {};", name(at)),
                    Action::Safepoint { roots } => {
                        let roots: Vec<String> =
                            program.roots(roots).iter().map(|&root| name(root)).collect();
                        write!(out, " safepoint {roots:?};")
                    }
                }
                .unwrap();
            }
            out.push('\n');
        }
    }
    out
}

#[track_caller]
fn lowered(before: &str, after: &str, wanted: &[&str]) -> Lowered {
    let pair = model(pair(before, after));
    assert_eq!(actions(&pair.after).lines().collect::<Vec<_>>(), wanted);
    pair
}

#[test]
fn spills_and_reloads_of_both_styles() {
    let before = "    v2 = call fn0()\n    return v0\n";
    lowered(
        before,
        "    stack_store v0, ss1
    v2 = call fn0(), stack_map=[i32 @ ss1+0]
    v3 = stack_load.i32 ss1
    return v3
",
        &["+ v0 -> ss1;", "= safepoint [\"ss1\"]; def0 v2;", "+ ss1 -> v3;", "= use0 v3;"],
    );
    lowered(
        before,
        "    v3 = stack_addr.i64 ss1
    store notrap aligned v0, v3
    v2 = call fn0(), stack_map=[i32 @ ss1+0]
    v4 = stack_addr.i64 ss1
    v5 = load.i32 notrap aligned v4
    return v5
",
        &[
            "+ clobber v3;",
            "+ v0 -> ss1;",
            "= safepoint [\"ss1\"]; def0 v2;",
            "+ clobber v4;",
            "+ ss1 -> v5;",
            "= use0 v5;",
        ],
    );
}

#[test]
fn the_programs_own_slots_are_no_part_of_the_model() {
    let body = "    stack_store v0, ss0+4
    v2 = stack_addr.i64 ss0+8
    store v2, v2+4
    v3 = load.i32 v2-4
    stack_store v0, ss0+14
    v4, v5 = call fn1(v2), stack_map=[i32 @ ss0+4]
    return v3
";
    let signature = "sig1 = (i64) -> i32, i32 system_v\n    fn1 = u0:1 sig1\n    fn0 =";
    let text = function("ss0 = explicit_slot 16", body).replace("fn0 =", signature);
    let model = model(pair_of(&text, &text, AtLeast::UNKNOWN));
    assert!(model.after.slots().is_empty() && model.has_own_roots);
    let wanted = [
        "= use0 v0;",
        "= def0 v2;",
        "= use0 v2; use1 v2;",
        "= use0 v2; def0 v3;",
        "= use0 v0;",
        "= use0 v2; safepoint []; def0 v4; def1 v5;",
        "= use0 v3;",
    ];
    assert_eq!(actions(&model.after).lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn what_the_spiller_may_not_do() {
    let inserted = [
        "v2 = call fn0()",
        "v2 = load.i32 v1",
        "v2 = frobnicate v0",
        "v2 = iconst.i32 3",
        "v2 = iadd v0, v0",
        "v2 = udiv_imm v0, 0",
        "v2 = select v0, v0, v0",
    ];
    for line in inserted {
        let message =
            format!("SM010 107: `{line}` is not the program's, and neither spill nor reload");
        changed("    return v0\n", &format!("    {line}\n    return v0\n"), &message);
    }
    for line in ["store v0, v1", "trapz v0, user1", "jump block1\n\nblock1:"] {
        let text = line.lines().next().unwrap();
        let message = format!("SM010 107: `{text}` stands where the program has something else");
        changed("    return v0\n", &format!("    {line}\n    return v0\n"), &message);
    }
}

#[test]
fn operations_must_be_the_same() {
    let lines = [
        ("v2 = iadd v0, v0", "v2 = isub v0, v0"),
        ("v2 = iconst.i32 1", "v2 = iconst.i32 2"),
        ("v2 = load.i32 v1", "v2 = load.i32 v1+4"),
        ("v2 = load.i32 notrap v1", "v2 = load.i32 v1"),
        ("v2 = load.i32 v1", "v2 = load.i64 v1"),
        ("v2 = call fn0()", "v2 = call fn0(v0)"),
        ("v2 = stack_load.i32 ss0", "v2 = stack_load.i32 ss1"),
        ("v2 = iadd v0, v0", "v3 = iadd v0, v0"),
    ];
    for (before, after) in lines {
        let body = |line: &str| format!("    {line}\n    return v0\n");
        let said = found(pair(&body(before), &body(after)));
        assert!(said[0].starts_with("SM010 107: `"), "{said:?}");
    }
    // A suffix is not part of the operation, and neither are comments.
    let body = |line: &str| format!("    {line}\n    return v0\n");
    model(pair(&body("v2 = iadd.i32 v0, v0"), &body("v2 = iadd v0, v0 ; v0 = 3")));
}

#[test]
fn nothing_may_be_missing() {
    changed(
        "    nop\n    jump block1\n\nblock1:\n    return v0\n",
        "    nop\n    jump block1\n\nblock1:\n    trap user1\n",
        "SM010 111: `trap user1` stands where the program has something else",
    );
    changed(
        "    v2 = iadd v0, v0\n    trap user1\n",
        "    trap user1\n",
        "SM010 107: `trap user1` stands where the program has something else",
    );
}

#[test]
fn declarations_must_be_the_same() {
    let before = function("ss0 = explicit_slot 16", "    return v0\n");
    let after = before.replace("fn0 = u0:0 sig0", "fn0 = u0:1 sig0");
    let said = found(pair_of(&before, &after, AtLeast::UNKNOWN));
    assert_eq!(said, ["SM010 0: fn0 is declared otherwise than in the before function"]);
}

#[test]
fn syntax_errors_say_which_function() {
    let good = function("ss0 = explicit_slot 16", "    return v0\n");
    let bad = function("ss0 = explicit_slot 16", "    return v9\n");
    let error = |before, after| pair_of(before, after, AtLeast::UNKNOWN).unwrap_err().to_string();
    assert_eq!(error(&bad, &good), "before function: 6:12: v9 is used but never defined");
    assert_eq!(error(&good, &bad), "after function: 106:12: v9 is used but never defined");
}

#[test]
fn accesses_that_cannot_be_placed() {
    let body = |line: &str| format!("    {line}\n    return v0\n");
    for (line, bytes) in [("stack_store v0, ss1+2", "2..6"), ("stack_store v0, ss1-1", "-1..3")] {
        let wanted = format!("SM011 107: `{line}` accesses bytes {bytes} of ss1, which has 4");
        changed(&body("nop"), &body(&format!("{line}\n    nop")), &wanted);
    }
    let unknown = "    v2 = frobnicate v0\n    stack_store v2, ss1\n    return v0\n";
    refused(
        "    v2 = frobnicate v0\n    return v0\n",
        unknown,
        "the type of the value that `stack_store v2, ss1` (line 108) moves is unknown",
    );
}

#[test]
fn entries_of_slots_that_do_not_exist_reach_the_model() {
    let before = "    v2 = call fn0()\n    return v2\n";
    let after = "    v2 = call fn0(), stack_map=[i32 @ ss9+0, i64 @ ss1+4]\n    return v2\n";
    lowered(before, after, &["= safepoint [\"slot#9\", \"ss1+4\"]; def0 v2;", "= use0 v2;"]);
}

#[test]
fn results_on_edges() {
    let before = "    try_call fn0(), sig0, block1(ret0, v0), [ default: block2(exn0) ]

block1(v2: i32, v3: i32):
    return v3

block2(v4: i64):
    return v0
";
    let after = "    stack_store v0, ss1
    try_call fn0(), sig0, block3(ret0), [ default: block2(exn0) ], stack_map=[i32 @ ss1+0]

block3(v5: i32):
    v6 = stack_load.i32 ss1
    jump block1(v5, v6)

block1(v2: i32, v3: i32):
    return v3

block2(v4: i64):
    v7 = stack_load.i32 ss1
    return v7
";
    let pair = lowered(
        before,
        after,
        &[
            "+ v0 -> ss1;",
            "= safepoint [\"ss1\"]; def0 ret0 of block0; def1 exn0 of block0;",
            "+ ss1 -> v6;",
            "+",
            "= use0 v3;",
            "+ ss1 -> v7;",
            "= use0 v7;",
        ],
    );
    assert_eq!(pair.after.counterpart(Block::new(1)), None);
    assert_eq!(pair.after.counterpart(Block::new(2)), Some(Block::new(1)));
}

#[test]
fn a_result_that_the_call_does_not_have() {
    let call = |edge: &str| {
        format!(
            "    try_call fn0(), sig0, block1({edge}), [], stack_map=[]\n\nblock1(v2: i32):\n    return v2\n"
        )
    };
    changed(
        &call("ret0"),
        &call("ret1"),
        "SM010 107: `try_call fn0(), sig0, block1(ret1), []` passes a result that it has not",
    );
}

#[test]
fn stack_maps_that_a_version_does_not_print() {
    let body = "    try_call fn0(), sig0, block1(ret0), []\n\nblock1(v2: i32):\n    return v2\n";
    let unknown = "the stack map of `try_call fn0(), sig0, block1(ret0), []` (line 107) is not known: Cranelift prints none for `try_call` before 0.131, and none for `stack_switch` at all";
    refused(body, body, unknown);
    // Without slots there is nothing to list.
    let function = format!("{HEAD}{PREAMBLE}block0(v0: i32, v1: i64):\n{body}}}\n");
    model(pair_of(&function, &function, AtLeast::UNKNOWN));
    // A version that prints them.
    let text = crate::function("ss0 = explicit_slot 16", body);
    model(pair_of(&text, &text, AtLeast::minor(131)));
    assert!(pair_of(&text, &text, AtLeast::minor(130)).is_err());
    // A spiller that stores through addresses is of such a version.
    let spill = format!("    v7 = stack_addr.i64 ss1\n    store v0, v7\n{body}");
    model(pair(body, &spill));
    // The program's own address says nothing.
    let own = format!("    v7 = stack_addr.i64 ss0\n    store v0, v7\n{body}");
    assert!(pair(&own, &own).is_err());
    // An alias region does.
    let region = text.replace(PREAMBLE, &format!("    region0 = 1 \"vmctx; x\"\n{PREAMBLE}"));
    model(pair_of(&region, &region, AtLeast::UNKNOWN));
    // So does one `try_call` with a stack map.
    let two = |map: &str| {
        format!(
            "    brif v0, block2, block1\n\nblock1:\n    try_call fn0(), sig0, block3, []{map}\n\nblock2:\n    try_call fn0(), sig0, block3, []\n\nblock3:\n    return v0\n"
        )
    };
    model(pair(&two(""), &two(", stack_map=[i32 @ ss1+0]")));
    assert!(pair(&two(""), &two("")).is_err());
    // `stack_switch` never shows its own.
    let switch = "    v2 = stack_switch v1, v1, v1\n    return v0\n";
    let text = crate::function("ss0 = explicit_slot 16", switch);
    assert!(pair_of(&text, &text, AtLeast::minor(137)).is_err());
}

#[test]
fn what_never_runs_need_not_align() {
    let before = "    return v0\n\nblock1:\n    v2 = call fn0()\n    return v2\n";
    let after = "    return v0\n\nblock1:\n    v2 = iconst.i32 1\n    return v2\n";
    let pair = lowered(before, after, &["= use0 v0;"]);
    assert_eq!(pair.before.operation_count(), 1);
    assert!(pair.after.is_terminated(Block::new(1)));
}

#[test]
fn declared_values_and_aliases() {
    let text =
        function("ss0 = explicit_slot 16", "    v2 -> v0\n    v3 = iadd v2, v2\n    return v3\n");
    let text = Text { text: &text, line: 1 };
    let declared = Declared::exactly([2, 0, 77]);
    let pair = read_pair(text, text, &declared, AtLeast::UNKNOWN).unwrap();
    assert_eq!(pair.doubtful, []);
    let model = model(Ok(pair));
    let name = |&value| model.before.value_name(value).to_string();
    assert_eq!(model.declared.iter().map(name).collect::<Vec<_>>(), ["v0"]);
}

#[test]
fn a_set_of_all_keys_leaves_doubts() {
    let before = function("ss0 = explicit_slot 16", "    v2 = call fn0()\n    return v2\n");
    let after = function(
        "ss0 = explicit_slot 16\n    ss1 = explicit_slot 4",
        "    stack_store v0, ss1\n    v2 = call fn0(), stack_map=[i32 @ ss1+0]\n    return v2\n",
    );
    let declared = Declared::parse("{v0, v1, v2}").unwrap();
    let doubtful = |version| {
        let (before, after) = (Text { text: &before, line: 1 }, Text { text: &after, line: 1 });
        let pair = read_pair(before, after, &declared, version).unwrap();
        let model = pair.model().unwrap();
        let name = |&value| model.before.value_name(value).to_string();
        assert_eq!(model.declared.iter().map(name).collect::<Vec<_>>(), ["v0", "v1", "v2"]);
        pair.doubtful.iter().map(name).collect::<Vec<_>>()
    };
    // v2 is the largest. That v0 is spilled does not declare it.
    assert_eq!(doubtful(AtLeast::minor(128)), ["v0", "v1"]);
    assert_eq!(doubtful(AtLeast::minor(132)), [""; 0]);
}
