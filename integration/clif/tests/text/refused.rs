//! Texts that the reader refuses, and the error of each.

use crate::{error, refused, taken, with_body};

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
    refused("    v2 -> v9\n    return v0\n", "15:11: an alias of v9, which is not defined before");
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
    // The same value, but written in another way.
    taken(&with_body("    v2 -> v0\n    v3 -> v2\n    v3 -> v2\n    return v3\n"));
    refused("    v2 -> v0\n    v2 -> v2\n    return v2\n", "16:5: v2 is defined twice");
    refused(
        "    v2 -> v0\n    v3 -> v2\n    v3 -> v0\n    return v3\n",
        "17:5: v3 is defined twice",
    );
    refused("    return v0\n\nblock0:\n    return v0\n", "17:1: block0 is defined twice");
    refused("    return v0\n\nblock1(v0: i32):\n    return v0\n", "17:8: v0 is defined twice");
    let twice = "function %f() {\n    ss0 = explicit_slot 4\n    ss0 = explicit_slot 8\n}\n";
    assert_eq!(error(twice), "12:5: ss0 is defined twice");
    refused(
        "    v2 -> v3\n    v3 -> v2\n    return v2\n",
        "15:11: an alias of v3, which is not defined before",
    );
    refused("    v2 -> v2\n    return v2\n", "15:11: an alias of v2, which is not defined before");
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
    refused("    jump v0\n", "15:10: expected a block, found `v0`");
    refused("    brif v0, block0\n", "15:14: expected `,`, found the end of the line");
    refused("    br_table block0, [block0]\n", "15:14: expected a value, found `block0`");
    refused("    v2 = iadd v0, block0\n", "15:19: expected a value, found `block0`");
    refused("    try_call fn0(v0), sig0\n", "15:23: expected `,`, found the end of the line");
    refused(
        "    try_call_indirect v1(v0), sig0\n",
        "15:31: expected `,`, found the end of the line",
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
    refused("    v2 = iadd v0, ss0\n", "15:19: expected a value, found `ss0`");
    refused("    v2 = iadd v0 v0\n", "15:18: expected `,`, found `v0`");
    refused("    v2 = iadd v0, v0, v0\n", "15:23: expected `stack_map`, found `v0`");
    refused("    v2 = stack_load.i32 v0\n", "15:25: expected a stack slot, found `v0`");
    refused("    v2 = stack_addr.i64 ss0, ss0\n", "15:30: expected `stack_map`, found `ss0`");
    refused("    stack_store ss0\n", "15:17: expected a value, found `ss0`");
    refused("    v2 = load.i32\n", "15:15: expected a value, found the end of the line");
    refused("    store v0\n", "15:11: expected `,`, found the end of the line");
    refused("    v2 = select v0, v0\n", "15:21: expected `,`, found the end of the line");
    refused("    v2 = bitcast.i32 v0, v0\n", "15:26: expected `stack_map`, found `v0`");
    refused("    call v0()\n", "15:10: expected a function, found `v0`");
    refused("    call_indirect sig0\n", "15:19: expected `,`, found the end of the line");
    refused("    v2 = stack_switch v0, v0\n", "15:27: expected `,`, found the end of the line");
    refused("    trap\n", "15:5: expected a trap code, found the end of the line");
    refused("    v2 = global_value.i64 gv0\n", "15:27: gv0 is not declared in this function");
    refused("    v2 = vconst.i8x16 const0\n", "15:23: const0 is not declared in this function");
}

#[test]
fn numbers_that_are_too_large() {
    refused("    return v4294967296\n", "15:12: the number v4294967296 is too large");
    refused("    jump block99999999999\n", "15:10: the number block99999999999 is too large");
    refused(
        "    v2 = load.i32 v1+0x1_0000_0000\n    return v2\n",
        "15:21: `+0x1_0000_0000` is not an offset of 32 bits",
    );
    refused(
        "    v2, v3 = call fn0(v0), stack_map=[i32 @ ss0+4294967296]\n",
        "15:48: `+4294967296` is not a number of 32 bits",
    );
    let slot = "function %f() {\n    ss0 = explicit_slot 4294967296\n";
    assert_eq!(error(slot), "11:25: `4294967296` is not a number of 32 bits");
    let signature = "function %f() {\n    sig4294967296 = () fast\n";
    assert_eq!(error(signature), "11:5: the number sig4294967296 is too large");
}

#[test]
fn malformed_stack_maps() {
    let map =
        |entries: &str| with_body(&format!("    v8, v9 = call fn0(v0), stack_map={entries}\n"));
    assert_eq!(error(&map("")), "15:37: expected `[`, found the end of the line");
    assert_eq!(error(&map("i32")), "15:38: expected `[`, found `i32`");
    assert_eq!(error(&map("[i31 @ ss0+0]")), "15:39: expected a type, found `i31`");
    assert_eq!(
        error(&map("[i8x16xN @ ss0+0]")),
        "15:39: expected a type of known size, found `i8x16xN`"
    );
    assert_eq!(error(&map("[3 @ ss0+0]")), "15:39: expected a type, found `3`");
    assert_eq!(error(&map("[i32 ss0+0]")), "15:43: expected `@`, found `ss0`");
    assert_eq!(error(&map("[i32 @ v0+0]")), "15:45: expected a stack slot, found `v0`");
    assert_eq!(error(&map("[i32 @ ss0]")), "15:48: expected an offset, found `]`");
    assert_eq!(error(&map("[i32 @ ss0+0 i32]")), "15:51: expected `,` or `]`, found `i32`");
}

#[test]
fn malformed_lines() {
    refused("    call fn0(v0\n", "15:14: expected `,` or `)`, found the end of the line");
    refused("    call fn0)v0)\n", "15:13: expected `(`, found `)`");
    refused("    call fn0(v0]\n", "15:16: expected `,` or `)`, found `]`");
    refused("    v2 = \u{e9}\n", "15:10: unexpected character '\u{e9}'");
    refused("    v2 =\n", "15:8: expected an instruction, found the end of the line");
    refused("    v2 iadd v0\n", "15:8: expected `,` or `=`, found `iadd`");
    refused("    v2, 3 = iadd v0\n", "15:9: expected a value, found `3`");
    refused("    v2 -> 3\n", "15:11: expected a value, found `3`");
    refused("    v2 -> v0 v1\n", "15:14: expected `,` or `=`, found the end of the line");
    refused("    @0050\n", "15:5: expected an instruction, found the end of the line");
    refused("    v2 = iadd.i31 v0, v0\n", "15:15: expected a type, found `i31`");
    refused("block1(v2)\n", "14:1: block0 does not end in a branch, a return or a trap");
    refused("    return v0\nblock1(v2):\n", "16:10: expected `:`, found `)`");
    refused("    return v0\nblock1(v2: 3):\n", "16:12: expected a type, found `3`");
    refused("    return v0\nblock1(3):\n", "16:8: expected a block parameter, found `3`");
    refused("    return v0\nblock1(v2: i32 v3):\n", "16:16: expected `,` or `)`, found `v3`");
    refused("    return v0\nblock1 warm:\n", "16:8: expected `:`, found `warm`");
}

#[test]
fn malformed_outlines() {
    assert_eq!(error(""), "10:1: expected a function, found nothing");
    assert_eq!(error("test compile\n"), "10:1: expected a function, found nothing");
    assert_eq!(error("  what\n"), "10:3: expected `function`, found `what`");
    assert_eq!(error("function %f()\n"), "10:13: expected `{`, found the end of the line");
    assert_eq!(error("function %f {\n"), "10:13: expected `(`, found `{`");
    assert_eq!(error("function (i32) {\n"), "10:10: expected a name, found `(`");
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
    assert_eq!(
        declaration("    ss0 ="),
        "11:9: expected a sort of stack slot, found the end of the line"
    );
    let two = with_body("    return v0\n").repeat(2);
    assert_eq!(error(&two), "17:1: expected the end of the text, found `function`");
}
