//! Names and strings that hold what they like: Cranelift prints them as they are.

use stackmap_clif::names::Names;
use stackmap_clif::text::Functions;

use crate::{error, read};

fn name(header: &str) -> String {
    let text = format!("{header} {{\nblock0(v0: i32):\n    return\n}}\n");
    let mut names = Names::default();
    read(&text, &mut names).name.to_owned()
}

#[test]
fn a_function_may_have_any_name() {
    let odd = [
        "%plain",
        "%",
        "%foo::bar<T, U>",
        "%a;b",
        "%a b",
        "%f(x",
        "%f()",
        "%f(i32)x",
        "%\"quoted\"",
        "%{}",
        "%a -> b",
        "%\u{e9}\u{1f600}",
        "%a\tb",
    ];
    for odd in odd {
        assert_eq!(name(&format!("function {odd}(i32) -> i32 system_v")), odd);
    }
    // A blank in front of the signature is no part of it.
    assert_eq!(name("function %f (i32)"), "%f");
    assert_eq!(name("function %a;b (i32)"), "%a;b");
    assert_eq!(name("function u7:12(i32) -> i32 tail"), "u7:12");
}

#[test]
fn what_is_no_name_is_refused() {
    let error = |header: &str| error(&format!("{header} {{\nblock0:\n    return\n}}\n"));
    assert_eq!(error("function %a;b"), "10:10: expected `(`, found the end of the line");
    assert_eq!(error("function %f(i31)"), "10:13: expected a type, found `i31`");
    assert_eq!(error("function %a;b(i31)"), "10:10: expected `(`, found the end of the line");
    assert_eq!(error("function u7(i32)"), "10:12: expected `:`, found `(`");
    assert_eq!(
        error("function u7:4294967296(i32)"),
        "10:13: `4294967296` is not a decimal number of 32 bits"
    );
    assert_eq!(error("function f(i32)"), "10:10: expected a name, found `f`");
    assert_eq!(error("function %f(i32) cdecl"), "10:18: `cdecl` is not a calling convention");
}

#[test]
fn what_is_called_may_have_any_name() {
    let odd = ["%plain", "%foo::bar<T>", "%a;b", "%a b ", "%f(x", "%sig7", "%x sig1", "%(i64)"];
    for odd in odd {
        let text = format!(
            "function %f() {{
    sig0 = () -> i64 tail
    fn0 = colocated {odd} sig0
    fn1 = {odd}(i64) -> i32 system_v
    gv0 = symbol colocated {odd}+8
    region0 = 1 \"{odd} \"of a kind\"\"
block0:
    v0 = call fn0()
    v1 = call fn1(v0)
    return
}}
"
        );
        let mut names = Names::default();
        let function = read(&text, &mut names);
        let declarations: Vec<String> = function
            .declarations
            .iter()
            .map(|(name, declaration)| format!("{name} = {declaration}"))
            .collect();
        let lines: Vec<&str> = text.lines().skip(1).take(5).map(str::trim).collect();
        assert_eq!(declarations, lines);
        let r#type = |number| function.value(names.values.index(number).unwrap()).r#type.unwrap();
        assert_eq!([0, 1].map(r#type).map(|t| t.to_string()), ["i64", "i32"]);
    }
}

#[test]
fn a_comment_is_no_part_of_a_declaration() {
    let text = "function %f() {
    sig0 = () tail ; sig1
    fn0 = %g sig0 ; (i64) -> i64
    gv0 = symbol %g ; +8
    region0 = 1 \"one\" ; \"two\"
block0:
    call fn0()
    return
}
";
    let mut names = Names::default();
    let function = read(text, &mut names);
    let declared: Vec<&str> = function.declarations.iter().map(|(_, text)| *text).collect();
    assert_eq!(declared, ["() tail", "%g sig0", "symbol %g", "1 \"one\""]);
}

/// The function behind one with an odd name is found.
#[test]
fn an_odd_name_ends_with_its_function() {
    let one = |name: &str| format!("function {name}() {{\nblock0:\n    return\n}}\n\n");
    let text = [one("%a;b"), one("%\"c"), one("%d {")].concat();
    let mut functions = Functions::new(&text, 1);
    let mut found = Vec::new();
    while let Some(function) = functions.next(&mut Names::default()) {
        found.push(function.unwrap().name.to_owned());
    }
    assert_eq!(found, ["%a;b", "%\"c", "%d {"]);
}
