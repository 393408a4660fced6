//! One function that cannot be read costs that function.

use stackmap_clif::names::Names;
use stackmap_clif::text::Functions;

use crate::with_body;

/// Names of what is read, and messages for the rest.
fn functions(text: &str) -> Vec<String> {
    let mut functions = Functions::new(text, 1);
    let mut read = Vec::new();
    while let Some(function) = functions.next(&mut Names::default()) {
        read.push(match function {
            Ok(function) => format!("{} at {}", function.name, function.origin.line),
            Err(unreadable) => {
                format!("{}: {}", unreadable.name.unwrap_or("?"), unreadable.error)
            }
        });
    }
    read
}

fn good(name: &str) -> String {
    format!("function %{name}() {{\nblock0:\n    return\n}}\n")
}

#[test]
fn several_functions_among_commands_and_comments() {
    let one = with_body("    return v0\n");
    let text = format!(
        "; a comment\ntest compile\ntarget x86_64 \u{e9}\n\n{one}\n; more\n; run: %f(1) == 2\n{one}"
    );
    assert_eq!(functions(&text), ["%f at 5", "%f at 15"]);
}

#[test]
fn the_functions_around_one_are_read() {
    let wrong = [
        ("function %bad(i31) {\n}\n", "%bad: 5:15: expected a type, found `i31`"),
        ("function %bad() {\n    fn0 = 3\n}\n", "%bad: 6:11: expected a name, found `3`"),
        (
            "function %bad() {\nblock0:\n    v0 = iconst 3\n    return\n}\n",
            "%bad: 7:10: `iconst` needs a type, such as `iconst.i32`",
        ),
        ("function %bad() {\nblock0:\n    \u{e9}\n}\n", "%bad: 7:5: unexpected character '\u{e9}'"),
        (
            "function %bad() {\nblock0:\n    call fn0(\"\n}\n",
            "%bad: 7:10: fn0 is not declared in this function",
        ),
        ("function 3() {\n}\n", "?: 5:10: expected a name, found `3`"),
        ("function\n", "?: 5:1: expected a name, found the end of the line"),
        ("garbage\n", "?: 5:1: expected `function`, found `garbage`"),
        ("garbage\nmore garbage }\n", "?: 5:1: expected `function`, found `garbage`"),
        ("\u{e9}\n", "?: 5:1: unexpected character '\u{e9}'"),
        ("}\n", "?: 5:1: expected `function`, found `}`"),
        ("\"\n", "?: 5:1: `\"` is never closed"),
    ];
    for (bad, message) in wrong {
        let text = format!("{}{bad}{}", good("first"), good("last"));
        let after = 5 + bad.lines().count();
        let wanted = ["%first at 1".to_owned(), message.to_owned(), format!("%last at {after}")];
        assert_eq!(functions(&text), wanted, "{bad}");
        let end = format!("{}{bad}", good("first"));
        assert_eq!(functions(&end), wanted[..2], "{bad}");
    }
}

#[test]
fn a_function_without_end_does_not_take_the_next() {
    let truncated = "%bad: 1:1: the function ends without `}`: the text is truncated";
    for cut in ["function %bad() {\n", "function %bad() {\nblock0:\n    return\n\n"] {
        let line = cut.lines().count() + 1;
        let text = format!("{cut}{}", good("next"));
        assert_eq!(functions(&text), [truncated.to_owned(), format!("%next at {line}")]);
        assert_eq!(functions(cut), [truncated]);
    }
    // A string, or a bracket, that is open to the next function, which closes it.
    let open = "function %bad() {\n    region0 = 1 \"\n\nfunction %next() {\n    region0 = 1 \"x\"\nblock0:\n    return\n}\n";
    assert_eq!(functions(open)[1..], ["%next at 4"]);
    let open = format!("function %bad(i32,\n{}", good("next"));
    assert_eq!(functions(&open)[1..], ["%next at 2"]);
}

#[test]
fn brackets_that_are_open_end_with_their_function() {
    let next = good("next");
    let fact = format!("function %bad() {{\nblock0(v0 ! range((64:\n{next}");
    assert_eq!(functions(&fact), ["%bad: 3:18: expected `:`, found `{`", "%next at 3"]);
    let declared = format!("function %bad() {{\n    mt0 = struct (8\n{next}");
    assert_eq!(functions(&declared), ["%bad: 2:18: `(` is never closed", "%next at 3"]);
}

#[test]
fn each_function_that_cannot_be_read_is_counted() {
    let bad = "function %bad() {\nblock0:\n    return v0\n}\n";
    let text = [bad, &good("one"), bad, bad, &good("two"), bad].concat();
    let read = functions(&text);
    let bad = read.iter().filter(|read| read.starts_with("%bad: ")).count();
    assert_eq!((read.len(), bad), (6, 4));
    assert_eq!((&*read[1], &*read[4]), ("%one at 5", "%two at 17"));
}
