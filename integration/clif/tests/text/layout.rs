//! Line ends, and other things that writers do in different ways.

use stackmap_clif::ast::Function;
use stackmap_clif::names::Names;

use crate::{read, taken, with_body};

/// Each instruction's name, number of operands and number of edges.
fn outline<'t>(function: &Function<'t>) -> Vec<(&'t str, usize, usize)> {
    let instructions = function.instructions.iter();
    instructions.map(|i| (i.name, i.operands.len(), i.edges.len())).collect()
}

#[test]
fn empty_parentheses_are_none() {
    taken(
        "function %empty_header() {
block0():
    jump block1()

block1() cold:
    return
}
",
    );
    taken(&with_body(
        "    brif v0, block1(), block2(v0,)\nblock1():\n    trap user1\nblock2(v2: i32):\n    br_table v2, block1(), []\n",
    ));
}

#[test]
fn a_function_may_have_no_blocks() {
    taken("function %f() {\n}\n");
    taken("function %f(i32) fast {\n    ss0 = explicit_slot 4\n}\n");
}

#[test]
fn a_signature_may_take_several_lines() {
    let text = "function %multi(
    i64, ; the first
    i64 vmctx
) -> i64,
    i32 system_v
{
    fn0 = colocated %g(
      i64, i64
    ) -> i64
    sig1 = (i32 uext,
        i64 sarg(16)) -> i64
        system_v
    fn1 = u0:7
        sig1
block0(v0: i64, v1: i64):
    v2 = call fn0(v0, v1)
    v3 = iconst.i32 0
    v4 = call fn1(v3, v2)
    return v2, v3
}
";
    let mut names = Names::default();
    let function = read(text, &mut names);
    assert_eq!(function.name, "%multi");
    assert_eq!((function.origin.line, function.origin.column), (1, 1));
    let called = function.value(names.values.index(4).unwrap());
    assert_eq!(called.r#type.unwrap().to_string(), "i64");
    let declared: Vec<&str> = function.declarations.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared, ["fn0", "sig1", "fn1"]);
    assert!(function.declarations[0].1.ends_with(") -> i64"));
}

#[test]
fn an_instruction_may_take_several_lines() {
    let spread = with_body(
        "    v2 =
        iadd v0,
            v0 ; a comment
    v3, v4
      = call fn0
        (v2), stack_map
            =[i32 @ ss0
            +0]
    brif
      v3, block1
        (v3), block2
block1(
    v5: i32
) cold
:   return
        v5
block2: v6 = load . i32
    notrap
      v1
  +8
    return v6
",
    );
    let plain = with_body(
        "    v2 = iadd v0, v0
    v3, v4 = call fn0(v2), stack_map=[i32 @ ss0+0]
    brif v3, block1(v3), block2
block1(v5: i32) cold:
    return v5
block2:
    v6 = load.i32 notrap v1+8
    return v6
",
    );
    let mut names = Names::default();
    let (spread, plain) = (read(&spread, &mut names), read(&plain, &mut names));
    assert_eq!(outline(&spread), outline(&plain));
    assert_eq!(spread.entry_pool[0].offset, plain.entry_pool[0].offset);
    let loads = [&spread, &plain].map(|function| function.instructions[4].offset);
    assert_eq!(loads, [8, 8]);
    let cold: Vec<bool> = spread.blocks.iter().map(|block| block.is_cold).collect();
    assert_eq!(cold, [false, true, false]);
}

/// An opcode that nobody knows ends with its line, or with its brackets.
#[test]
fn an_unknown_instruction_ends_with_its_line() {
    let text = with_body(
        "    v2 = frobnicate v0, v1
    v3 = frobnicate.i32 v0, [
        v1, v2
    ], 3
    frobnicate
    return v0
",
    );
    let mut names = Names::default();
    let function = read(&text, &mut names);
    let operands = [2, 3, 0, 1].map(|count: usize| count);
    let read: Vec<usize> = function.instructions.iter().map(|i| i.operands.len()).collect();
    assert_eq!(read, operands);
}

#[test]
fn annotations_come_in_either_order() {
    let text = with_body(
        "    <ss0, 3> @0051 v2 = iadd v0, v0
    @52 <7,> v3 = iadd v2, v2
    @ffffffff v4 = iadd v2, v2
    <>       return v3
",
    );
    let mut names = Names::default();
    let function = read(&text, &mut names);
    let annotations: Vec<&str> = function.instructions.iter().map(|i| i.annotation).collect();
    assert_eq!(annotations, ["<ss0, 3> @0051", "@52 <7,>", "@ffffffff", "<>"]);
}

#[test]
fn other_ends_of_lines() {
    taken(&with_body("    v2 = iadd v0, v0\n    return v2\n").replace('\n', "\r\n"));
    taken(&with_body("\tv2\x0b=\x0ciadd v0,v0\n\treturn v2\n"));
}

#[test]
fn dynamic_types_and_slots() {
    let text = "function %f(i64) {
    gv0 = dyn_scale_target_const.i32x4
    dt0 = i32x4*gv0
    dss0 = explicit_dynamic_slot dt0
block0(v0: i64):
    v1 = dynamic_stack_addr.i64 dss0
    v2 = dynamic_stack_load.dt0 dss0
    dynamic_stack_store v2, dss0
    v3 = splat.types::I32x4xN v9
    v4 = iadd v3, v2
    jump block1(v4)

block1(v5: types::I32x4xN):
    v6 = extract_vector v5, 0
    v7 = global_value.i64 gv0
    return

block2:
    v9 = iconst.i32 1
    return
}
";
    let mut names = Names::default();
    let function = read(text, &mut names);
    let types = [2, 3, 4, 5, 6].map(|number| {
        let value = function.value(names.values.index(number).unwrap());
        value.r#type.unwrap().to_string()
    });
    assert_eq!(types, ["i32x4xN", "i32x4xN", "i32x4xN", "i32x4xN", "i32x4"]);
}
