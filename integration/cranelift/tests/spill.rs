//! Running the spiller on text, and what can be wrong with the text.

use stackmap_cranelift::spill::{SpillError, Spilled, is_wanted, run};

const BODY: &str = "    sig0 = () -> i32 system_v
    fn0 = u0:0 sig0
block0:
    v0 = call fn0()
    v1 = call fn0()
    return v0
}
";

fn function(name: &str) -> String {
    format!("function {name}() -> i32 system_v {{\n{BODY}")
}

/// The name of each function that was spilled, or the error.
fn summary(text: &str) -> Vec<String> {
    let name = |result: Result<Spilled, SpillError>| match result {
        Ok(spilled) => spilled.name,
        Err(error) => error.to_string(),
    };
    match run(text) {
        Ok(results) => results.into_iter().map(name).collect(),
        Err(error) => vec![format!("file: {error}")],
    }
}

#[test]
fn the_spiller_runs() {
    let text = format!(";! declare v0\n{}", function("%a"));
    let spilled = run(&text).unwrap().remove(0).unwrap();
    assert!(!spilled.before_text().contains("stack_map"));
    assert!(spilled.after_text().contains("stack_map=[i32 @ ss0+0]"), "{}", spilled.after_text());
    assert_eq!(spilled.before.dfg.num_values(), 2);
}

#[test]
fn a_declare_line_belongs_to_the_function_around_it_or_else_to_the_next() {
    let inside = function("%b").replace("block0:", ";! declare v1\nblock0:");
    let text = format!(";! declare v0\n{}{inside};! declare\n{}", function("%a"), function("u0:3"));
    let declared: Vec<Vec<u32>> = run(&text)
        .unwrap()
        .into_iter()
        .map(|spilled| spilled.unwrap().declared.iter().map(|value| value.as_u32()).collect())
        .collect();
    assert_eq!(declared, [vec![0], vec![1], vec![]]);
}

#[test]
fn whether_the_spiller_is_wanted() {
    assert!(is_wanted("; x\n  ;! declare v0\n"));
    assert!(is_wanted(";! references fn0\n"));
    assert!(!is_wanted("; declare v0\n;! declared\n; references fn0\n"));
}

#[test]
fn a_references_line_belongs_to_the_function_that_a_declare_line_belongs_to() {
    let inside = function("%b").replace("block0:", ";! references sig0\nblock0:");
    let lines = ";! references fn0\n;! declare\n;! references fn1\n";
    let text = format!("{lines}{};! declare\n{inside}", function("%a"));
    let stated = run(&text).unwrap().into_iter().map(|spilled| {
        let references = spilled.unwrap().references;
        references.iter().map(|stated| stated.line()).collect::<Vec<_>>()
    });
    assert_eq!(stated.collect::<Vec<_>>(), [vec![1, 3], vec![16]]);
    let a = function("%a");
    assert_eq!(
        summary(&format!(";! references fn0\n{a}")),
        ["line 2: this function has no `;! declare` line"]
    );
    assert_eq!(
        summary(&format!(";! declare\n{a};! references fn0\n")),
        ["file: line 10: no function follows this `;! references` line"]
    );
    let said = summary(&format!(";! declare\n;! references v0\n{a}"));
    assert!(said[0].starts_with("file: line 2: `;! references` must be followed by"), "{said:?}");
}

#[test]
fn mistakes_in_declare_lines() {
    let (a, b) = (function("%a"), function("%b"));
    assert_eq!(summary(&format!(";! declare v0 x\n{a}")), ["file: line 1: `x` is no value"]);
    assert_eq!(
        summary(&format!(";! declare v0\n;! declare v1\n{a}")),
        ["file: line 2: a second `;! declare` line for one function"]
    );
    assert_eq!(
        summary(&format!(";! declare v0\n{a}\n;! declare v1\n")),
        ["file: line 11: no function follows this `;! declare` line"]
    );
    assert_eq!(
        summary(&format!("{a};! declare v0\n{b}")),
        ["line 1: this function has no `;! declare` line", "%b"]
    );
    assert_eq!(
        summary(&format!(";! declare v7\n{a};! declare v0\n{b}")),
        ["line 1: v7 is declared, but the function does not define it", "%b"]
    );
}

#[test]
fn values_between_the_numbers_do_not_exist() {
    let text = function("%a").replace("v1", "v9");
    assert_eq!(
        summary(&format!(";! declare v5\n{text}")),
        ["line 1: v5 is declared, but the function does not define it"]
    );
    assert_eq!(summary(&format!(";! declare v9\n{text}")), ["%a"]);
}

#[test]
fn text_that_the_reader_does_not_take() {
    let wrong = format!(";! declare v0\n{}", function("%a").replace("return v0", "return v7"));
    assert_eq!(summary(&wrong), ["line 8: undefined operand value v7"]);
    // The functions around it are spilled.
    let right = format!(";! declare v0\n{}", function("%b"));
    let message = "line 18: undefined operand value v7";
    let three = format!("test compile\n{right}{wrong}{right}");
    assert_eq!(summary(&three), ["%b", message, "%b"]);
    let error = run(&three).unwrap().remove(1).unwrap_err();
    assert_eq!(error.function.as_deref(), Some("%a"));
    // What is no function is no function's fault.
    assert_eq!(summary(&format!("garbage\n{right}")), ["file: line 1: expected 'function'"]);
}

#[test]
fn two_functions_on_one_line_are_not_mistaken_for_one() {
    let text = format!(";! declare v0\n{}", function("%a"));
    let joined = format!("{}{}", text.trim_end(), function("%b"));
    let last = format!("{joined};! declare v1\n{}", function("%c"));
    let message = "line 2: each function must begin on a line of its own";
    assert_eq!(summary(&joined), [message]);
    assert_eq!(summary(&last), [message, "%c"]);
}

#[test]
fn a_spiller_that_panics_is_one_error() {
    // Cranelift refuses references as exception contexts by an assertion.
    let text = ";! declare v0
function %a(i64) system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0
block0(v0: i64):
    try_call fn0(), sig0, block1, [ context v0, default: block1 ]
block1:
    return
}
";
    let [error] = &summary(text)[..] else { panic!() };
    let start = "line 2: the spiller panicked: exception-table context v0 on inst0 must not be a needs-stack-map value";
    assert!(error.starts_with(start), "{error}");
    let both = format!("{text};! declare v0\n{}", function("%b"));
    assert_eq!(summary(&both)[1], "%b");
}
