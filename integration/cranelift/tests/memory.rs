//! Functions in memory that no text can hold, and pairs that do not align.

use cranelift_codegen::ir::{Block, Function, Inst, InstructionData, Opcode, Value};
use stackmap_cranelift::{Comparison, lower};
use stackmap_verifier::findings::Finding;

const TEXT: &str = "function %f(i32) -> i32 system_v {
    sig0 = () -> i32 system_v
    fn0 = u0:0 sig0
block0(v0: i32):
    v1 = call fn0()
    brif v1, block1, block2
block1:
    return v0
block2:
    trap user1
}
";

fn parse(text: &str) -> Function {
    cranelift_reader::parse_functions(text).unwrap().remove(0)
}

fn error(before: &Function, after: &Function) -> String {
    lower(before, [Value::from_u32(0)], after).unwrap_err().to_string()
}

/// The messages of the findings.
fn changed(before: &Function, after: &Function) -> String {
    match lower(before, [Value::from_u32(0)], after).unwrap() {
        Comparison::Pair(_) => panic!("nothing is found to be changed"),
        Comparison::Changed(findings) => {
            let said = |f: &Finding| format!("{}: {}", f.code, f.message);
            findings.iter().map(said).collect::<Vec<_>>().join("; ")
        }
    }
}

fn last_of(function: &Function, block: u32) -> Inst {
    function.layout.last_inst(Block::from_u32(block)).unwrap()
}

/// Damages a good function, which then is the before, the after, or both.
fn damaged(damage: impl FnOnce(&mut Function)) -> [String; 2] {
    let good = parse(TEXT);
    let mut bad = good.clone();
    damage(&mut bad);
    [error(&bad, &good), error(&good, &bad)]
}

#[test]
fn a_pair_without_changes() {
    let function = parse(TEXT);
    let declared = [Value::from_u32(0), Value::from_u32(u32::MAX - 1), Value::from_u32(0)];
    let lowered = lower(&function, declared, &function).unwrap().pair().unwrap();
    assert_eq!(lowered.declared.len(), 1);
    assert_eq!(lowered.before.operation_count(), 4);
}

#[test]
fn no_blocks() {
    let good = parse(TEXT);
    assert_eq!(error(&Function::new(), &good), "the before function has no blocks");
    assert_eq!(error(&good, &Function::new()), "the after function has no blocks");
}

#[test]
fn no_terminator() {
    let errors = damaged(|function| {
        let last = last_of(function, 1);
        function.layout.remove_inst(last);
    });
    assert_eq!(
        errors,
        [
            "block1 of the before function has no terminator",
            "block1 of the after function has no terminator"
        ]
    );
}

#[test]
fn an_instruction_after_the_terminator() {
    let errors = damaged(|function| {
        let data = InstructionData::NullAry { opcode: Opcode::Nop };
        let nop = function.dfg.make_inst(data);
        let first = function.layout.first_inst(Block::from_u32(1)).unwrap();
        let again = function.dfg.clone_inst(first);
        function.layout.append_inst(nop, Block::from_u32(1));
        function.layout.append_inst(again, Block::from_u32(1));
    });
    assert_eq!(
        errors,
        [
            "`nop` in the before function comes after the end of its block",
            "`nop` in the after function comes after the end of its block"
        ]
    );
}

#[test]
fn a_branch_behind_the_end_of_its_block_to_a_block_that_does_not_exist() {
    let good = parse(TEXT);
    let without = parse(&TEXT.replace("block1:\n    return v0\nblock2:", "block2:"));
    let bad = parse(&TEXT.replace("block1:\n", ""));
    assert!(lower(&good, [], &without).is_err());
    assert_eq!(changed(&good, &bad), "SM010: block1 is not reached in the after function");
}

#[test]
fn a_block_that_is_not_in_the_layout() {
    let errors = damaged(|function| {
        let trap = last_of(function, 2);
        function.layout.remove_inst(trap);
        function.layout.remove_block(Block::from_u32(2));
    });
    assert_eq!(
        errors,
        [
            "`brif.i32 v1, block1, block2` in the before function names a block that is not in its layout",
            "`brif.i32 v1, block1, block2` in the after function names a block that is not in its layout"
        ]
    );
}

#[test]
fn a_value_that_nothing_defines() {
    let mut bad = parse(TEXT);
    let call = bad.layout.first_inst(Block::from_u32(0)).unwrap();
    bad.layout.remove_inst(call);
    assert_eq!(
        error(&bad, &parse(TEXT)),
        "v1 is used in the before function, but nothing defines it"
    );
}

#[test]
fn an_operation_that_is_missing() {
    let mut bad = parse(TEXT);
    let call = bad.layout.first_inst(Block::from_u32(0)).unwrap();
    bad.layout.remove_inst(call);
    assert_eq!(
        changed(&parse(TEXT), &bad),
        "SM010: `brif.i32 v1, block1, block2` stands where the program has something else"
    );
}

#[test]
fn declarations_that_differ() {
    let good = parse(TEXT);
    let replaced = |from: &str, to: &str| parse(&TEXT.replace(from, to));
    assert_eq!(
        changed(&good, &replaced("() -> i32", "() -> i64")),
        "SM010: sig0 is declared otherwise than in the before function"
    );
    assert_eq!(
        changed(&good, &replaced("u0:0 sig0", "u0:1 sig0")),
        "SM010: fn0 is declared otherwise than in the before function"
    );
    let global = |value: &str| TEXT.replace("    sig0", &format!("    gv0 = {value}\n    sig0"));
    assert_eq!(
        changed(&parse(&global("vmctx")), &parse(&global("symbol %x"))),
        "SM010: gv0 is declared otherwise than in the before function"
    );
}

#[test]
fn operations_that_differ() {
    let function = |line: &str| {
        parse(&format!(
            "function %f(i32, i64) -> i32 system_v {{
    ss0 = explicit_slot 8
    sig0 = () system_v
    sig1 = (i32) system_v
    fn0 = u0:0 sig0
    fn1 = u0:1 sig0
    const0 = 0x00000000000000000000000000000001
    const1 = 0x00000000000000000000000000000002
block0(v0: i32, v1: i64):
    {line}
    return v0
}}
"
        ))
    };
    let pairs = [
        ("v2 = iconst.i32 1", "v2 = iconst.i32 2"),
        ("v2 = f32const 0.0", "v2 = f32const 0x1.0p0"),
        ("v2 = f64const 0.0", "v2 = f64const 0x1.0p0"),
        ("v2 = iconst.i32 1", "v2 = iconst.i64 1"),
        ("v2 = vconst.i8x16 const0", "v2 = vconst.i8x16 const1"),
        ("v2 = iadd v0, v0", "v2 = isub v0, v0"),
        ("v2 = icmp eq v0, v0", "v2 = icmp ne v0, v0"),
        ("v2 = load.i32 v1", "v2 = load.i32 v1+4"),
        ("v2 = load.i32 v1", "v2 = load.i32 notrap v1"),
        ("v2 = stack_addr.i64 ss0", "v2 = stack_addr.i64 ss0+4"),
        ("v2 = func_addr.i64 fn0", "v2 = func_addr.i64 fn1"),
        ("v2 = atomic_rmw.i32 add v1, v0", "v2 = atomic_rmw.i32 sub v1, v0"),
        ("trapz v0, user1", "trapz v0, user2"),
        ("call fn0()", "call fn1()"),
        ("call_indirect sig0, v1()", "call_indirect sig1, v1(v0)"),
    ];
    for (before, after) in pairs {
        let (before, after) = (function(before), function(after));
        assert!(lower(&before, [], &before).unwrap().pair().is_some());
        let said = changed(&before, &after);
        assert!(said.ends_with(" stands where the program has something else"), "{said}");
    }
}

#[test]
fn a_block_that_splits_several_edges() {
    let before = parse(
        "function %f(i64, i32) -> i64 system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0
block0(v0: i64, v1: i32):
    call fn0()
    brif v1, block1(v0), block1(v0)
block1(v3: i64):
    return v3
}",
    );
    let after = |split_edge: &str| {
        parse(&format!(
            "function %f(i64, i32) -> i64 system_v {{
    ss0 = explicit_slot 8, align = 8
    sig0 = () system_v
    fn0 = u0:0 sig0
block0(v0: i64, v1: i32):
    v4 = stack_addr.i64 ss0
    store notrap aligned v0, v4
    call fn0(), stack_map=[i64 @ ss0+0]
    brif v1, block2, block2
block2:
{split_edge}
block1(v3: i64):
    return v3
}}"
        ))
    };
    let outcome = |split_edge| {
        let declared = [Value::from_u32(0), Value::from_u32(3)];
        let options = stackmap_verifier::Options::default();
        stackmap_cranelift::verify(&before, &declared, &after(split_edge), &options)
            .unwrap()
            .outcome
    };
    let reload =
        "    v5 = stack_addr.i64 ss0\n    v6 = load.i64 notrap aligned v5\n    jump block1(v6)";
    assert_eq!(outcome(reload), stackmap_verifier::Outcome::Verified);
    assert_eq!(outcome("    jump block1(v0)"), stackmap_verifier::Outcome::Violated);
    assert_eq!(outcome("    return v0"), stackmap_verifier::Outcome::Violated);
}
