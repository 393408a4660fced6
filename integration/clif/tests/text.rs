//! What the text reader takes, and what it says of the rest.

use stackmap_clif::ast::{Argument, Function};
use stackmap_clif::names::Names;
use stackmap_clif::text::{Functions, read_function};

/// The body of a function with some declarations, from line 10 of a file.
fn with_body(body: &str) -> String {
    format!(
        "function %f(i32, i64) -> i32 system_v {{\n    \
         ss0 = explicit_slot 16, align = 4\n    \
         sig0 = (i32) -> i32, i64 uext system_v\n    \
         fn0 = colocated u0:1 sig0\n\
         block0(v0: i32, v1: i64):\n{body}}}\n"
    )
}

fn error(text: &str) -> String {
    match read_function(text, 10, &mut Names::default()) {
        Ok(_) => format!("read without error:\n{text}"),
        Err(error) => error.to_string(),
    }
}

/// The message for a function whose body starts at line 15.
#[track_caller]
fn refused(body: &str, message: &str) {
    assert_eq!(error(&with_body(body)), message, "{body}");
}

fn read<'t>(text: &'t str, names: &mut Names) -> Function<'t> {
    read_function(text, 1, names).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn names_that_are_not_defined() {
    refused("    return v9\n", "15:12: v9 is used but never defined");
    refused("    jump block9\n", "15:10: there is no block9 in this function");
    refused(
        "    v2 = stack_load.i32 ss7\n    return v2\n",
        "15:25: ss7 is not declared in this function",
    );
    refused(
        "    stack_store v0, ss7+4\n    return v0\n",
        "15:21: ss7 is not declared in this function",
    );
    refused(
        "    v2 = stack_addr.i64 ss7\n    return v0\n",
        "15:25: ss7 is not declared in this function",
    );
    refused("    v2 -> v9\n    return v0\n", "15:5: v9 is used but never defined");
    refused(
        "    jump block1(v9)\n\nblock1(v2: i32):\n    return v2\n",
        "15:17: v9 is used but never defined",
    );
    refused(
        "    v2 = get_exception_handler_address.i64 block7, 0\n    return v0\n",
        "15:44: there is no block7 in this function",
    );
}

#[test]
fn names_with_two_meanings() {
    refused("    v0 = iconst.i32 1\n    return v0\n", "15:5: v0 is defined twice");
    refused("    v2 -> v0\n    v2 -> v1\n    return v0\n", "16:5: v2 is defined twice");
    refused("    return v0\n\nblock0:\n    return v0\n", "17:1: block0 is defined twice");
    refused("    return v0\n\nblock1(v0: i32):\n    return v0\n", "17:8: v0 is defined twice");
    let twice = "function %f() {\n    ss0 = explicit_slot 4\n    ss0 = explicit_slot 8\n}\n";
    assert_eq!(error(twice), "12:5: ss0 is defined twice");
    refused("    v2 -> v3\n    v3 -> v2\n    return v2\n", "15:5: v2 is an alias of itself");
    refused("    v2 -> v2\n    return v2\n", "15:5: v2 is an alias of itself");
}

#[test]
fn blocks_without_end() {
    refused("", "14:1: block0 does not end in a branch, a return or a trap");
    refused("    nop\n", "15:5: block0 does not end in a branch, a return or a trap");
    refused(
        "    nop\n\nblock1:\n    return v0\n",
        "15:5: block0 does not end in a branch, a return or a trap",
    );
    refused("    return v0\n    nop\n", "16:5: instruction after the end of block0");
    let whole = with_body("    return v0\n");
    let truncated = whole.strip_suffix("}\n").unwrap();
    assert_eq!(error(truncated), "10:1: the function ends without `}`: the text is truncated");
    assert_eq!(error("function %f() {\n}\n"), "10:1: the function has no blocks");
}

#[test]
fn edges() {
    refused(
        "    jump block1(v0, v0)\n\nblock1(v2: i32):\n    return v2\n",
        "15:10: block1 has 1 parameters, but this edge passes 2 arguments",
    );
    refused(
        "    jump block1\n\nblock1(v2: i32):\n    return v2\n",
        "15:10: block1 has 1 parameters, but this edge passes 0 arguments",
    );
    refused(
        "    jump block1(ret0)\n\nblock1(v2: i32):\n    return v2\n",
        "15:17: `jump` cannot take ret0",
    );
    refused("    jump block1(x)\n", "15:17: expected an argument, found `x`");
    refused("    jump block1(v0 v1)\n", "15:20: expected `,` or `)`, found `v1`");
    refused("    jump v0\n", "15:5: `jump` takes one block");
    refused("    brif v0, block0\n", "15:5: `brif` takes a condition and two blocks");
    refused("    br_table block0, [block0]\n", "15:5: `br_table` takes an index and blocks");
    refused("    v2 = iadd v0, block0\n", "15:19: `iadd` cannot take block0");
    refused("    try_call fn0(v0), sig0\n", "15:5: `try_call` takes a function, arguments, edges");
    refused(
        "    try_call_indirect v1(v0), sig0\n",
        "15:5: `try_call_indirect` takes an address, arguments, a signature and edges",
    );
    refused(
        "    try_call fn0(v0), sig0, block1(ret4294967296), []\n",
        "15:36: the number ret4294967296 is too large",
    );
}

#[test]
fn unknown_opcodes_with_operands_that_may_mean_anything() {
    let refused = |operand: &str| {
        let body = format!("    v2 = frobnicate.i32 v0, {operand}\n    return v0\n");
        let message = format!(
            "15:10: unknown opcode `frobnicate.i32` names {operand}: it cannot be told what it does with it"
        );
        assert_eq!(error(&with_body(&body)), message);
    };
    ["block0", "ss0", "fn0", "sig0"].into_iter().for_each(refused);
}

#[test]
fn operands_that_an_opcode_does_not_take() {
    refused("    v2 = iadd v0, ss0\n", "15:19: `iadd` cannot take ss0");
    refused("    v2 = stack_load.i32 v0\n", "15:10: `stack_load` takes a stack slot");
    refused("    v2 = stack_addr.i64 ss0, ss0\n", "15:30: `stack_addr` cannot take ss0");
    refused("    stack_store ss0\n", "15:5: `stack_store` takes a value and a stack slot");
    refused("    v2 = load.i32\n", "15:10: `load` takes an address");
    refused("    store v0\n", "15:5: `store` takes a value and an address");
    refused("    v2 = select v0, v0\n", "15:10: `select` takes a condition and two values");
    refused("    v2 = bitcast.i32 v0, v0\n", "15:10: `bitcast` takes one value");
    refused("    call v0()\n", "15:5: `call` takes a function and arguments");
    refused(
        "    call_indirect sig0\n",
        "15:5: `call_indirect` takes a signature, an address and arguments",
    );
    refused("    v2 = stack_switch v0, v0\n", "15:10: `stack_switch` takes three values");
}

#[test]
fn numbers_that_are_too_large() {
    refused("    return v4294967296\n", "15:12: the number v4294967296 is too large");
    refused("    jump block99999999999\n", "15:10: the number block99999999999 is too large");
    refused(
        "    v2 = load.i32 v1+0xffff_ffff_ffff_ffff\n    return v2\n",
        "15:21: the number +0xffff_ffff_ffff_ffff is too large",
    );
    refused(
        "    call fn0(v0), stack_map=[i32 @ ss0+4294967296]\n",
        "15:39: the number +4294967296 is too large",
    );
    let slot = "function %f() {\n    ss0 = explicit_slot 4294967296\n";
    assert_eq!(error(slot), "11:25: the number 4294967296 is too large");
}

#[test]
fn malformed_stack_maps() {
    let map = |entries: &str| with_body(&format!("    call fn0(v0), stack_map={entries}\n"));
    assert_eq!(error(&map("")), "15:28: expected `[`, found the end of the line");
    assert_eq!(error(&map("i32")), "15:29: expected `[`, found `i32`");
    assert_eq!(error(&map("[i31 @ ss0+0]")), "15:30: `i31` is not a type of known size");
    assert_eq!(error(&map("[i8x16xN @ ss0+0]")), "15:30: `i8x16xN` is not a type of known size");
    assert_eq!(error(&map("[3 @ ss0+0]")), "15:30: expected a type, found `3`");
    assert_eq!(error(&map("[i32 ss0+0]")), "15:34: expected `@`, found `ss0`");
    assert_eq!(error(&map("[i32 @ v0+0]")), "15:36: expected a stack slot, found `v0`");
    assert_eq!(error(&map("[i32 @ ss0]")), "15:39: expected an offset, found `]`");
    assert_eq!(error(&map("[i32 @ ss0+0 i32]")), "15:42: expected `,` or `]`, found `i32`");
    assert_eq!(error(&map("[], stack_map=[]")), "15:33: a second stack map on one instruction");
}

#[test]
fn malformed_lines() {
    refused("    call fn0(v0\n", "15:13: `(` is never closed");
    refused("    call fn0)v0)\n", "15:13: `)` closes nothing");
    refused("    call fn0(v0]\n", "15:16: `]` closes nothing");
    refused("    v2 = \u{e9}\n", "15:10: unexpected character '\u{e9}'");
    refused("    v2 =\n", "15:8: expected an instruction, found the end of the line");
    refused("    v2 iadd v0\n", "15:8: expected `,` or `=`, found `iadd`");
    refused("    v2, 3 = iadd v0\n", "15:9: expected a value, found `3`");
    refused("    v2 -> 3\n", "15:11: expected a value, found `3`");
    refused("    v2 -> v0 v1\n", "15:14: expected the end of the line, found `v1`");
    refused("    @0050\n", "15:6: expected an instruction, found `0050`");
    refused("    v2 = iadd.i31 v0, v0\n", "15:10: `i31` is not a type of known size");
    refused("block1(v2)\n", "14:1: block0 does not end in a branch, a return or a trap");
    refused("    return v0\nblock1(v2):\n", "16:10: expected `:`, found `)`");
    refused("    return v0\nblock1(v2: 3):\n", "16:12: expected a type, found `3`");
    refused("    return v0\nblock1(3):\n", "16:8: expected a block parameter, found `3`");
    refused("    return v0\nblock1(v2: i32 v3):\n", "16:16: expected `,` or `)`, found `v3`");
    refused(
        "    return v0\nblock1 warm:\n",
        "16:8: expected `:` and the end of the line, found `warm`",
    );
}

#[test]
fn malformed_outlines() {
    assert_eq!(error(""), "10:1: expected a function, found nothing");
    assert_eq!(error("test compile\n"), "10:1: expected a function, found nothing");
    assert_eq!(error("  what\n"), "10:3: expected `function`, found `what`");
    assert_eq!(error("function %f()\n"), "10:1: expected `{`, found the end of the line");
    assert_eq!(error("function %f {\n"), "10:1: expected a name and a signature, found `%f`");
    assert_eq!(error("function (i32) {\n"), "10:1: expected a name and a signature, found `(i32)`");
    let declaration = |line: &str| error(&format!("function %f() {{\n{line}\n"));
    assert_eq!(declaration("    gv0 vmctx"), "11:5: `gv0 vmctx` declares nothing that CLIF has");
    assert_eq!(declaration("    v0 = iconst.i32 0"), "11:5: instruction outside of a block");
    assert_eq!(declaration("    nop"), "11:5: instruction outside of a block");
    assert_eq!(declaration("    ss0 = 3 4"), "11:11: expected a sort of stack slot, found `3`");
    assert_eq!(
        declaration("    ss0 = explicit_slot"),
        "11:11: expected a size, found the end of the line"
    );
    assert_eq!(declaration("    ss0 = explicit_slot four"), "11:25: expected a size, found `four`");
    let nothing = "11:9: expected a sort of stack slot, found the end of the line";
    assert_eq!(declaration("    ss0 ="), nothing);
    let two = with_body("    return v0\n").repeat(2);
    assert_eq!(
        error(&two),
        "17:1: expected the end of the text, found `function %f(i32, i64) -> i32 system_v {`"
    );
}

#[test]
fn a_large_number_allocates_nothing() {
    let text = with_body("    v4294967295 = iadd v0, v0\n    return v4294967295\n");
    let mut names = Names::default();
    let function = read(&text, &mut names);
    assert_eq!(names.values.len(), 3);
    assert_eq!(function.values.len(), 3);
    assert_eq!(names.values.number(2), u32::MAX);
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
         v9 = call_indirect sig0, v1(v0), stack_map=[i32 @ ss0+0, i64 @ ss9+8]
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
fn aliases_may_come_before_their_targets() {
    let text = with_body(
        "    v2 -> v3\n    v4 -> v2\n    v3 -> v5\n    v5 = iadd v0, v0\n    return v4\n",
    );
    let mut names = Names::default();
    let function = read(&text, &mut names);
    for number in [2, 3, 4, 5] {
        let end = function.resolve(names.values.index(number).unwrap());
        assert_eq!(names.values.number(end), 5, "v{number}");
    }
}

#[test]
fn several_functions_among_commands_and_comments() {
    let one = with_body("    return v0\n");
    let text = format!("; a comment\ntest compile\ntarget x86_64\n\n{one}\n; more\n{one}");
    let mut functions = Functions::new(&text, 1);
    let mut lines = Vec::new();
    while let Some(function) = functions.next(&mut Names::default()) {
        lines.push(function.unwrap().origin.line);
    }
    assert_eq!(lines, [5, 14]);
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
    ss4294967295 = spill_slot 8
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
    assert_eq!(slots, [(0, 16), (u32::MAX, 8)]);
    assert_eq!(function.declarations.len(), 12);
    let r#type = |number| {
        let index = names.values.index(number).unwrap();
        function.value(index).r#type.unwrap().to_string()
    };
    assert_eq!([3, 4, 5].map(r#type), ["i32", "f64", "i64"]);
}
