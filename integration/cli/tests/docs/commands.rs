//! The output of commands, as pages show it.
//!
//! A fenced block whose first line is `$ stackmap-verify ...` goes on with the output.

use crate::{assert_says, pages, read, run};

/// The names by which a page may call the command.
const NAMES: [&str; 2] = ["$ stackmap-verify ", "$ cargo run --release -- "];

/// A page with the output of its commands as it is now; and how many there are.
fn with_output(page: &str) -> (String, usize) {
    let mut text = String::new();
    let mut count = 0;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let Some(arguments) = NAMES.iter().find_map(|name| line.strip_prefix(name)) else {
            continue;
        };
        count += 1;
        let said = run(arguments.split_whitespace());
        let said = [said.stdout, said.stderr].concat();
        text.push_str(&String::from_utf8(said).expect("the command writes UTF-8"));
        for old in lines.by_ref() {
            if old == "```" {
                text.push_str("```\n");
                break;
            }
        }
    }
    (text, count)
}

#[test]
fn commands_print_what_the_pages_say() {
    let mut all = 0;
    for path in pages().iter().map(String::as_str).chain(["README.md"]) {
        let (expected, count) = with_output(&read(path));
        all += count;
        if count > 0 {
            assert_says(path, &expected);
        }
    }
    assert!(all >= 6, "{all}");
}
