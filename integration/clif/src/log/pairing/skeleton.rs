//! The skeleton of a function: the part that a spiller leaves unchanged.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

/// Returns a hash of the part that no spiller changes: the operations in their order, without those
/// that a spiller may insert (memory accesses, jumps and blocks) and without the names of values
/// and blocks. A function before and the function after made from it have the same hash; unrelated
/// functions may share it.
///
/// Cost: linear in the length of the text.
pub(super) fn skeleton(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for line in text.lines() {
        let line = line.split(';').next().unwrap_or("");
        let words = line.split(|char: char| !(char.is_alphanumeric() || "_.@".contains(char)));
        let mut words = words.filter(|word| !word.is_empty() && !word.starts_with('@')).peekable();
        let is_header = words.peek().is_some_and(|word| names(word, "block"));
        let mut words = words.filter(|word| !is_name(word)).peekable();
        match words.peek() {
            Some(first) if !is_header && !is_inserted(first) => {}
            Some(_) | None => continue,
        }
        // The type of an operation may or may not be printed, depending on its operands.
        let words = words.map(|word| word.split('.').next().unwrap_or(word));
        words.take_while(|word| *word != "stack_map").for_each(|word| word.hash(&mut hasher));
    }
    hasher.finish()
}

/// Returns whether a word names a value, a block, a stack slot, or a result of a call that is
/// passed along an edge.
fn is_name(word: &str) -> bool {
    ["v", "block", "ss", "ret", "exn"].iter().any(|sort| names(word, sort))
}

/// Returns whether a word is the name of an entity of this kind.
fn names(word: &str, sort: &str) -> bool {
    let number = word.strip_prefix(sort);
    number.is_some_and(|number| number.starts_with(|char: char| char.is_ascii_digit()))
}

/// Returns whether an operation is of a kind that spillers insert.
fn is_inserted(word: &str) -> bool {
    let word = word.split('.').next().unwrap_or(word);
    let inserted = ["store", "load", "stack_store", "stack_load", "stack_addr", "jump"];
    inserted.contains(&word) || word.starts_with("region") || word.starts_with("explicit_slot")
}

#[cfg(test)]
mod tests {
    use super::skeleton;
    use crate::log::Recordings;

    #[test]
    fn what_a_spiller_does_makes_no_difference() {
        let before = "function %f(i64) {\n    fn0 = u0:2 sig0\n\nblock0(v0: i64):\n    call fn0()\n    brif.i8 v0, block1, block2(v0)\n}\n";
        let after = "function %f(i64) {\n    ss0 = explicit_slot 8, align = 8\n    fn0 = u0:2 sig0\n\nblock0(v0: i64):\n@0001 v5 = stack_addr.i64 ss0\n    store notrap v0, v5\n    call fn0(), stack_map=[i64 @ ss0+0]\n    v6 = load.i64 v5\n    brif v6, block1, block3(v6)  ; v6 = 1\nblock3:\n    jump block2\n}\n";
        assert_eq!(skeleton(before), skeleton(after));
    }

    #[test]
    fn no_recorded_spiller_makes_a_difference() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/verified");
        let mut count = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let log = std::fs::read(file.unwrap().path()).unwrap();
            for recording in Recordings::new(log.as_slice()).flatten() {
                let (before, after) = (&recording.before.text, &recording.after.text);
                assert_eq!(skeleton(before), skeleton(after), "{before}{after}");
                count += 1;
            }
        }
        assert!(count > 500, "{count} functions");
    }

    #[test]
    fn what_the_program_does_makes_one() {
        let function = |body: &str| skeleton(&format!("block0(v0: i64):\n    {body}\n"));
        assert_ne!(function("v1 = iadd v0, v0"), function("v1 = isub v0, v0"));
        assert_ne!(function("call fn0(v0)"), function("call fn1(v0)"));
        assert_ne!(function("v1 = iconst.i64 1"), function("v1 = iconst.i64 2"));
    }
}
