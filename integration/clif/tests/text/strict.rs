//! Texts that cranelift-reader refuses are refused.

use crate::{error, refused, taken, with_body};

/// Takes a function with this body.
#[track_caller]
fn body(body: &str) {
    taken(&with_body(&format!("    {body}\n    return v0\n")));
}

/// Refuses one with this, which begins in column 5 of line 15.
#[track_caller]
fn not(line: &str, message: &str) {
    refused(&format!("    {line}\n    return v0\n"), &format!("15:{message}"));
}

#[test]
fn a_type_that_cannot_be_told_is_printed() {
    body("v2 = iconst.i64 0");
    not("v2 = iconst 0", "10: `iconst` needs a type, such as `iconst.i32`");
    not("v2 = load v1", "10: `load` needs a type, such as `load.i32`");
    not("v2 = uextend v0", "10: `uextend` needs a type, such as `uextend.i32`");
    not("v2 = bitcast v0", "10: `bitcast` needs a type, such as `bitcast.i32`");
    not("v2 = stack_addr ss0", "10: `stack_addr` needs a type, such as `stack_addr.i32`");
    not("v2 = stack_load ss0", "10: `stack_load` needs a type, such as `stack_load.i32`");
    not(
        "v2 = get_stack_pointer",
        "10: `get_stack_pointer` needs a type, such as `get_stack_pointer.i32`",
    );
    not("v2 = vconst [1 2]", "10: `vconst` needs a type, such as `vconst.i32x4`");
}

#[test]
fn a_type_is_told_by_what_is_defined_before() {
    let later = |suffix: &str| {
        with_body(&format!(
            "    jump block2\nblock1:\n    v3 = iadd{suffix} v2, v2\n    return v3\nblock2:\n    v2 = iconst.i32 1\n    jump block1\n"
        ))
    };
    taken(&later(".i32"));
    assert_eq!(error(&later("")), "17:10: `iadd` needs a type, such as `iadd.i32`");
    not("v2 = iadd v2, v0", "10: `iadd` needs a type, such as `iadd.i32`");
}

#[test]
fn a_type_is_one_that_the_opcode_works_on() {
    body("v2 = iadd.i32 v0, v0");
    not("v2 = iadd.f32 v0, v0", "10: `iadd` does not work on f32");
    not("v2 = fadd v0, v0", "10: `fadd` does not work on i32");
    not("v2 = iconst.i128 0", "22: `0` is not a number of this type");
    not("v2 = stack_addr.i8 ss0", "10: `stack_addr` does not work on i8");
    not("v2 = uextend.i8x16 v0", "10: `uextend` does not work on i8x16");
    not("store.i31 v0, v1", "11: expected a type, found `i31`");
    not("v2 = iadd. v0, v0", "16: expected a type, found `v0`");
    body("v2 = f32const 0.0");
    not("v2 = f32const.f32 0.0", "10: `f32const` takes no type");
    not("call.i32 fn0(v0)", "5: `call` takes no type");
    refused("    jump.i32 block1\nblock1:\n    return\n", "15:5: `jump` takes no type");
}

#[test]
fn results_are_as_many_as_there_are() {
    not("iadd v0, v0", "5: `iadd` has 1 results, but 0 are named");
    not("v2, v3 = iadd v0, v0", "14: `iadd` has 1 results, but 2 are named");
    not("v2 = uadd_overflow v0, v0", "10: `uadd_overflow` has 2 results, but 1 are named");
    not("v2 = store v0, v1", "10: `store` has 0 results, but 1 are named");
    not("v2 = call fn0(v0)", "10: `call` has 2 results, but 1 are named");
    not("call_indirect sig0, v1(v0)", "5: `call_indirect` has 2 results, but 0 are named");
    not("v2, v2 = call fn0(v0)", "9: v2 is defined twice");
}

#[test]
fn numbers_fit_where_they_stand() {
    for number in ["0", "255", "-128", "0xff", "-0x80"] {
        body(&format!("v2 = iconst.i8 {number}"));
    }
    for number in ["256", "-129", "0x100", "1_0", "0x", "1.0"] {
        not(
            &format!("v2 = iconst.i8 {number}"),
            &format!("20: `{number}` is not a number of this type"),
        );
    }
    body("v2 = iconst.i64 0xffff_ffff_ffff_ffff");
    not(
        "v2 = iconst.i64 0x1_ffff_ffff_ffff_ffff",
        "21: `0x1_ffff_ffff_ffff_ffff` is not a number of this type",
    );
    body("v2 = load.i32 v1-0x8000_0000");
    not("v2 = load.i32 v1+0x8000_0000", "21: `+0x8000_0000` is not an offset of 32 bits");
    not("v2 = load.i32 v1 8", "22: expected an instruction, a block or `}`, found `8`");
    body("v2 = ishl_imm v0, -0x1");
    not("v2 = ishl_imm v0, 1e3", "23: `1e3` is not a number of 64 bits");
    body("v2 = f32const 0x1.fffffep127");
    not(
        "v2 = f32const 0x1.ffffffp127",
        "19: `0x1.ffffffp127` is not a float of this type, in hexadecimal",
    );
    not("v2 = f64const 1.5", "19: `1.5` is not a float of this type, in hexadecimal");
    body("v2 = vconst.i32x4 [1 -2 0xffffffff 4]");
    not("v2 = vconst.i32x4 [1 2 3]", "29: expected a number for each lane, found `]`");
    not(
        "v2 = vconst.i32x2 0x000102030405060708",
        "23: `0x000102030405060708` is not a constant of this size, byte by byte",
    );
    not("@fffffffff v2 = iadd v0, v0", "5: `@fffffffff` is not a source location of 32 bits");
    not("<4294967296> v2 = iadd v0, v0", "6: `4294967296` is not a number of 32 bits");
    not("<v0> v2 = iadd v0, v0", "6: expected a debug tag, found `v0`");
}

#[test]
fn words_are_known() {
    body("v2 = load.i32 notrap aligned readonly can_move big region3 user7 v1");
    body("v2 = load.i32 heap_misaligned checked little heap v1");
    not("v2 = load.i32 volatile v1", "19: expected a value, found `volatile`");
    not("v2 = load.i32 big little v1", "23: `little` is not the byte order that was said before");
    not("v2 = load.i32 region0 heap v1", "27: `heap` is not the only alias region of the access");
    // Early versions take no trap code of the user there, later ones from 1 to 250.
    for code in ["user1", "user250", "unreachable", "table_oob", "null_i31ref"] {
        body(&format!("v2 = load.i32 notrap {code} v1"));
        body(&format!("trapz v0, {code}"));
    }
    for code in ["user0", "user251", "user255", "user256", "user65535"] {
        not(
            &format!("v2 = load.i32 notrap {code} v1"),
            &format!("26: expected a value, found `{code}`"),
        );
        body(&format!("trapz v0, {code}"));
    }
    not("trapz v0, oom", "15: `oom` is not a trap code");
    not("trapz v0, user65536", "15: `user65536` is not a trap code");
    body("v2 = icmp ult v0, v0");
    not("v2 = icmp ord v0, v0", "15: `ord` is not one of the words that may stand here");
    not("v2 = icmp v0, v0", "15: expected a word that says how, found `v0`");
    not("v2 = fcmp slt v0, v0", "15: `slt` is not one of the words that may stand here");
    not("v2 = atomic_rmw.i32 mul v1, v0", "25: `mul` is not one of the words that may stand here");
}

#[test]
fn stack_maps_stand_at_calls_that_come_back() {
    body("v2, v3 = call fn0(v0), stack_map=[i32 @ ss0+0,]");
    body("v2, v3 = call fn0(v0), stack_map = [i32 @ ss0 + 0]");
    not(
        "v2 = iadd v0, v0, stack_map=[]",
        "10: `iadd` takes no stack map: it is no call that comes back",
    );
    refused(
        "    return_call fn0(v0), stack_map=[]\n",
        "15:5: `return_call` takes no stack map: it is no call that comes back",
    );
    not("v2, v3 = call fn0(v0), map=[]", "28: expected `stack_map`, found `map`");
    not("v2, v3 = call fn0(v0), stack_map=[i32 @ ss0-4]", "48: expected an offset, found `-4`");
    not("v2, v3 = call fn0(v0), stack_map=[i32 @ ss0 4]", "49: expected an offset, found `4`");
}

#[test]
fn what_stands_between_operands() {
    not("stack_store v0 ss0", "20: expected `,`, found `ss0`");
    not("v2, v3 = call fn0(v0 v0)", "26: expected `,` or `)`, found `v0`");
    not("v2, v3 = call fn0(v0,)", "26: expected a value, found `)`");
    not(
        "v2, v3 = call fn0(v0) stack_map=[i32 @ ss0+0]",
        "27: expected an instruction, found `stack_map`",
    );
    refused("    jump jump block1\n", "15:10: expected a block, found `jump`");
    refused("    jump block1 block2\n", "15:17: expected `:`, found the end of the line");
}

#[test]
fn what_may_be_an_opcode_of_a_later_version() {
    body("frobnicate v0, 3");
    body("v2 = frobnicate_2.i32 some_word v0, [v0], \"text\"");
    let words =
        ["cold", "context", "notrap", "system_v", "eq", "user1", "heap_oob", "v01", "fn01", "ss1x"];
    for word in &words[..9] {
        not(&format!("{word} v0"), &format!("5: expected an instruction, found `{word}`"));
        not(&format!("v2 = {word} v0"), &format!("10: expected an instruction, found `{word}`"));
    }
    body(&format!("{} v0", words[9]));
    not("Frobnicate v0", "5: expected an instruction, found `Frobnicate`");
    not("v2 = function v0", "10: expected an instruction, found `function`");
    // One word too many in front of an instruction makes it no other instruction.
    not("frobnicate store v0, v1", "16: expected an operand, found `store`");
    not("frobnicate v2 = iadd v0, v0", "19: expected an operand, found `=`");
}

/// The message for a declaration on line 11.
fn declaration(lines: &str) -> String {
    error(&format!("function %f() {{\n    {lines}\nblock0:\n    return\n}}\n"))
}

#[test]
fn what_is_declared_is_declared_once_and_before() {
    for (sort, what) in [("sig", "() fast"), ("gv", "vmctx"), ("const", "0x00"), ("fn", "%g()")] {
        assert_eq!(
            declaration(&format!("{sort}1 = {what}\n    {sort}1 = {what}")),
            format!("12:5: {sort}1 is defined twice")
        );
    }
    assert_eq!(
        declaration("stack_limit = gv0\n    stack_limit = gv0"),
        "12:5: stack_limit is defined twice"
    );
    assert_eq!(declaration("fn0 = %g sig0"), "11:14: sig0 is not declared in this function");
    // A signature in the place of a name is one more.
    assert_eq!(declaration("fn0 = %g()\n    sig0 = ()"), "12:5: sig0 is defined twice");
    assert_eq!(declaration("region1 = 1 \"x\""), "11:5: expected `region0`, found `region1`");
    not("call fn7(v0)", "10: fn7 is not declared in this function");
    not("v2 = call_indirect sig7, v1(v0)", "24: sig7 is not declared in this function");
    not("v2 = func_addr.i64 fn00", "24: expected a function, found `fn00`");
    not("fn1 = %g()", "5: expected an instruction, found `fn1`");
}

#[test]
fn declarations_say_what_is_declared() {
    assert_eq!(declaration("ss0 = explicit 8"), "11:11: `explicit` is not a sort of stack slot");
    assert_eq!(
        declaration("ss0 = explicit_slot 8, align = 3"),
        "11:36: expected a power of two, found `3`"
    );
    assert_eq!(
        declaration("ss0 = explicit_slot 8, key = -1"),
        "11:34: `-1` is not a number of 64 bits"
    );
    assert_eq!(
        declaration("ss0 = explicit_slot 8, size = 3"),
        "11:28: expected `align` or `key`, found `size`"
    );
    assert_eq!(declaration("gv0 = what"), "11:11: `what` is not a sort of global value");
    assert_eq!(
        declaration("gv0 = load.i64 notrap gv1"),
        "11:11: `load` is not a `notrap aligned` load, as of a global value"
    );
    assert_eq!(declaration("gv0 = vmctx 3"), "11:17: expected a declaration or a block, found `3`");
    assert_eq!(
        declaration("const0 = 7"),
        "11:14: `7` is not a constant of this size, byte by byte"
    );
    assert_eq!(declaration("dt0 = i32*gv0"), "11:11: expected a vector type, found `i32`");
    assert_eq!(declaration("sig0 = (i32 inreg)"), "11:17: expected `,` or `)`, found `inreg`");
    assert_eq!(declaration("sig0 = () cdecl"), "11:15: `cdecl` is not a calling convention");
}
