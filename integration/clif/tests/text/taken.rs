//! Texts that the reader accepts, and the functions it makes of them.

use stackmap_clif::ast::Argument;
use stackmap_clif::names::Names;

use crate::{read, with_body};

#[test]
fn a_large_number_allocates_nothing() {
    let text = with_body("    v4294967294 = iadd v0, v0\n    return v4294967294\n");
    let mut names = Names::default();
    let function = read(&text, &mut names);
    assert_eq!(names.values.len(), 3);
    assert_eq!(function.values.len(), 3);
    assert_eq!(names.values.number(2), u32::MAX - 1);
}

#[test]
fn instructions_of_every_form() {
    let text = with_body(
        "@0050                               v2 = iadd v0, v0
         <ss0, 3> @0051 v3 ! range(32, 0x0, 0x1), v4 ! compare(eq, v2, v3) = uadd_overflow v2, v0
         v5 = load.i32 notrap aligned region0 v1+0x1_0000
         v6 = f64const -0x1.8p-3
         v7 = f32const +NaN:0x1
         v8 = icmp ult v0, v2  ; v2 = 7
         v9, v10 = call_indirect sig0, v1(v0), stack_map=[i32 @ ss0+0, i64 @ ss9+8]
         v11 = shuffle v5, v5, 0x000102
         v12 = get_exception_handler_address.i64 block1, 0
         nop 
         v13 = stack_addr.i64 ss0-4
         v14 = frobnicate v0, v1, 7
         v20, v21 = call fn0(v0)
         br_table v0, block1(v2), [block1(v0),
             block1(v5)] ; broken by hand

block1(v15 ! mem(mt0, 0x0, 0x0): i32) cold:
    v16 -> v15
    v17 -> v16
    trapz v17, user1
    try_call_indirect v1(v0, v2), sig0, block2(ret0, v17), [ tag0: block2(exn0, v0), context v1, default: block3 ], stack_map=[]

block2(v18: i64, v19: i32):
    return_call fn0(v19)

block3:
    trap heap_oob
",
    );
    let mut names = Names::default();
    let function = read(&text, &mut names);
    let operands: Vec<Vec<u32>> = function
        .instructions
        .iter()
        .map(|i| {
            i.operands.of(&function.value_pool).iter().map(|&v| names.values.number(v)).collect()
        })
        .collect();
    let wanted: [&[u32]; 18] = [
        &[0, 0],
        &[2, 0],
        &[1],
        &[],
        &[],
        &[0, 2],
        &[1, 0],
        &[5, 5],
        &[],
        &[],
        &[],
        &[0, 1],
        &[0],
        &[0],
        &[17],
        &[1, 0, 2, 1],
        &[19],
        &[],
    ];
    assert_eq!(operands, wanted);
    let by_name = |name: &str| function.instructions.iter().find(|i| i.name == name).unwrap();
    assert_eq!(by_name("load").offset, 65536);
    assert_eq!(by_name("stack_addr").offset, -4);
    let call = by_name("call_indirect");
    let entries = call.entries.unwrap().of(&function.entry_pool);
    assert_eq!((entries.len(), entries[1].offset, entries[1].size), (2, 8, 8));
    assert_eq!(call.operand_text, "sig0, v1(v0)");
    let table = by_name("br_table").edges.of(&function.edge_pool);
    assert_eq!(table.len(), 3);
    let tried = by_name("try_call_indirect").edges.of(&function.edge_pool);
    let arguments = tried[0].arguments.of(&function.argument_pool);
    assert_eq!(arguments[0], Argument::Return(0));
    assert!(matches!(arguments[1], Argument::Value(_)));
    let alias = names.values.index(17).unwrap();
    assert_eq!(names.values.number(function.resolve(alias)), 15);
}

#[test]
fn types_are_inferred_or_unknown() {
    let text = with_body(
        "    v2, v3 = call fn0(v0)
    v4 = iadd v3, v3
    v5 = icmp eq v4, v4
    v6 = select v5, v4, v4
    v7 = frobnicate v0
    v8 = iadd v7, v7
    v9 = uextend.i64 v5
    v10 -> v4
    return v0
",
    );
    let mut names = Names::default();
    let function = read(&text, &mut names);
    let r#type = |number| {
        let index = names.values.index(number).unwrap();
        function.value(index).r#type.map(|r#type| r#type.to_string())
    };
    let types = [2, 3, 4, 5, 6, 7, 8, 9, 10].map(r#type);
    let wanted = [
        Some("i32"),
        Some("i64"),
        Some("i64"),
        Some("i8"),
        Some("i64"),
        None,
        None,
        Some("i64"),
        Some("i64"),
    ];
    assert_eq!(types, wanted.map(|text| text.map(str::to_owned)));
}

#[test]
fn places_are_kept() {
    let text = with_body("    v2 = iadd v0, v0\n    return v2\n");
    let function = read(&text, &mut Names::default());
    let add = function.instructions[0].origin;
    assert_eq!((add.line, add.column, add.length), (6, 5, 16));
    let block = function.blocks[0].origin;
    assert_eq!((block.line, block.column, block.length), (5, 1, 25));
    let slot = function.slots[0].origin;
    assert_eq!((slot.line, slot.column, slot.length), (2, 5, 33));
}

#[test]
fn declarations_of_every_form() {
    let text = "function u805306368:3(i64 vmctx, i64 sret, i32 uext) -> i32 uext, i64 tail {
    dss0 = explicit_dynamic_slot dt0
    ss0 = explicit_slot 16, align = 16, key = 3
    ss4294967294 = spill_slot 8
    region0 = 1 \"heap = region; of a kind\"
    dt0 = i32x4*gv0
    mt0 = struct 16 { 8: i64 readonly ! mem(mt0, 0x0, 0x0) }
    gv0 ! mem(mt0, 0x0, 0x0) = vmctx
    gv1 = load.i64 notrap aligned readonly region0 gv0+8 ; a comment
    sig0 = (i64 sarg(64), i32) -> i32 uext, f64 system_v
    fn0 = colocated patchable u0:1 sig0
    fn1 = %memcpy(i64, i64) -> i64 system_v
    const0 = 0x00000001
    entity_of_the_future7 = whatever it is
    stack_limit = gv1

block0(v0: i64, v1: i64, v2: i32):
    v3, v4 = call fn0(v0, v2)
    v5 = call fn1(v0, v1)
    return v3, v5
}
";
    let mut names = Names::default();
    let function = read(text, &mut names);
    assert_eq!(function.name, "u805306368:3");
    let slots: Vec<(u32, u32)> =
        function.slots.iter().map(|s| (names.slots.number(s.index), s.size)).collect();
    assert_eq!(slots, [(0, 16), (u32::MAX - 1, 8)]);
    assert_eq!(function.declarations.len(), 12);
    let r#type = |number| {
        let index = names.values.index(number).unwrap();
        function.value(index).r#type.unwrap().to_string()
    };
    assert_eq!([3, 4, 5].map(r#type), ["i32", "f64", "i64"]);
}
