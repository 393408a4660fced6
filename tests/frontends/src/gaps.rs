//! Slots that a before text leaves out.

use std::collections::BTreeMap;

/// Returns *before* with the declarations of the slots that only *after* declares, below the
/// last one of *before*.
///
/// To the text front end such a slot is one that the spiller has added. cranelift-reader makes
/// slots up where numbers are left out, and so takes it for a slot of the program that has
/// another size. It is none if *before* does not name it.
pub(crate) fn filled(before: &str, after: &str) -> String {
    let (known, after) = (slots(before), slots(after));
    let Some(&last) = known.keys().next_back() else { return before.to_owned() };
    let is_left_out = |number: &u32| !known.contains_key(number) && !names(before, *number);
    let added = after.iter().filter(|(number, _)| **number < last && is_left_out(number));
    let lines = added.map(|(_, line)| format!("    {line}\n"));
    let body = before.find('{').and_then(|brace| Some(brace + before[brace..].find('\n')? + 1));
    let body = body.unwrap_or(before.len());
    format!("{}{}{}", &before[..body], lines.collect::<String>(), &before[body..])
}

/// The declarations of slots, by number.
fn slots(text: &str) -> BTreeMap<u32, &str> {
    let declaration = |line| {
        let line = without_comment(line).trim();
        let (name, _) = line.split_once('=')?;
        Some((name.trim().strip_prefix("ss")?.parse().ok()?, line))
    };
    text.lines().filter_map(declaration).collect()
}

/// Whether a text names a slot outside of comments.
fn names(text: &str, slot: u32) -> bool {
    let name = format!("ss{slot}");
    let mut words =
        text.lines().flat_map(|line| without_comment(line).split(|c: char| !c.is_alphanumeric()));
    words.any(|word| word == name)
}

fn without_comment(line: &str) -> &str {
    line.split(';').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: &str = "function %f() {\n ss0 = explicit_slot 16\n ss1 = explicit_slot 8\n}";

    #[test]
    fn a_slot_that_is_left_out_is_filled_in() {
        let before = "function %f() {\n; ss0 = explicit_slot 16\n ss1 = explicit_slot 8\n}";
        let filled = filled(before, AFTER);
        assert!(filled.starts_with("function %f() {\n    ss0 = explicit_slot 16\n;"), "{filled}");
    }

    #[test]
    fn a_slot_that_is_named_is_not() {
        let before = "function %f() {\n ss1 = explicit_slot 8\n v0 = stack_addr.i64 ss0\n}";
        assert_eq!(filled(before, AFTER), before);
    }

    #[test]
    fn a_slot_behind_the_last_is_not() {
        let before = "function %f() {\n ss0 = explicit_slot 16\n}";
        assert_eq!(filled(before, AFTER), before);
        assert_eq!(filled("function %f() {\n}", AFTER), "function %f() {\n}");
    }
}
