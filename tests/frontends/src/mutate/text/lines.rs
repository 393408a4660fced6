//! Changes of one line.

use std::ops::Range;

use super::Change;

/// Lines that are put before every other.
const NEW: [&str; 16] = [
    "    nop",
    "    trap user1",
    "    debugtrap",
    "    v91 = iconst.i64 0",
    "    v91 = iconst.i32 0",
    "    v91 = iconst.i64 1",
    "    v91 = iadd v0, v0",
    "    v91 = udiv v0, v0",
    "    v91 = udiv_imm v0, 0",
    "    v91 = load.i64 v0",
    "    store v0, v0",
    "    v91 = stack_addr.i64 ss0",
    "    v91 = get_frame_pointer.i64",
    "    v91 = func_addr.i64 fn0",
    "    call fn0()",
    "    ; a comment",
];

/// The maximum number of lines by which a line is moved.
const FAR: usize = 2;

/// Each line deleted, written twice, put behind the next or the one after, made a
/// comment, tagged, located, given a stack map and made cold; and something else before
/// each.
pub(super) fn changes(text: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let lines: Vec<Range<usize>> = lines(text);
    for (i, line) in lines.iter().enumerate() {
        let code = text[line.clone()].trim_end_matches('\n');
        let class = class(code);
        let mut add = |kind, at: Range<usize>, new: String| {
            changes.push(Change { kind, of: class.to_owned(), at, new });
        };
        add("delete line", line.clone(), String::new());
        add("write line twice", line.clone(), format!("{code}\n{code}\n"));
        for other in lines.iter().skip(i + 1).take(FAR) {
            let between = &text[line.end..other.start];
            let other_code = text[other.clone()].trim_end_matches('\n');
            let new = format!("{other_code}\n{between}{code}\n");
            add("swap lines", line.start..other.end, new);
        }
        add("comment out", line.clone(), format!("; {code}\n"));
        add("add tag", line.clone(), format!("<7> {}\n", code.trim_start()));
        add("add location", line.clone(), format!("@0007 {}\n", code.trim_start()));
        add("add map", line.clone(), format!("{code}, stack_map=[i64 @ ss0+0]\n"));
        if code.contains(':') {
            add("make cold", line.clone(), code.replace(':', " cold:") + "\n");
        }
        if i > 0 {
            let before = line.start..line.start;
            let new = NEW.iter().map(|new| (new.trim().to_owned(), format!("{new}\n")));
            changes.extend(new.map(|(of, new)| Change {
                kind: "insert line",
                of,
                at: before.clone(),
                new,
            }));
        }
    }
    changes
}

/// The lines of a text, with the line feeds.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let at = start..start + line.len();
        start = at.end;
        at
    });
    lines.collect()
}

fn class(line: &str) -> &'static str {
    let line = line.trim();
    let declares = |prefix| line.starts_with(prefix) && line.contains(" = ");
    match line {
        "" => "empty line",
        "}" => "end",
        _ if line.starts_with("function") => "function",
        _ if line.starts_with("block") => "block",
        _ if line.starts_with('v') && line.contains(" -> ") => "alias",
        _ if declares("ss") => "slot",
        _ if ["sig", "fn", "gv", "region", "const", "dt", "dss", "stack_limit"]
            .into_iter()
            .any(declares) =>
        {
            "declaration"
        }
        _ => "instruction",
    }
}
