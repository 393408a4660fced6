//! Mutants of a text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A mutant of a text.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was done.
    pub kind: &'static str,
    /// To what kind of token.
    pub of: String,
    /// The text.
    pub text: String,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    at: Range<usize>,
    class: String,
}

const TYPES: [&str; 12] =
    ["i8", "i16", "i32", "i64", "i128", "f16", "f32", "f64", "f128", "i8x16", "i32x4", "f32x4"];

/// `v12` is of class `v`; a number of class `0`; any other word is of class `w`; a
/// punctuation mark its own.
fn class(word: &str, starts_line: bool) -> String {
    if TYPES.contains(&word) || word.contains("x") && TYPES.iter().any(|t| word.starts_with(&format!("{t}x"))) {
        return "type".to_owned();
    }
    let digits = word.find(|c: char| c.is_ascii_digit());
    match digits {
        Some(0) => "number".to_owned(),
        Some(at) if word[at..].chars().all(|c| c.is_ascii_digit()) => word[..at].to_owned(),
        _ if starts_line => "opcode".to_owned(),
        _ => "word".to_owned(),
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut opcode_due = true;
    while at < bytes.len() {
        let c = bytes[at];
        if c == b'\n' {
            opcode_due = true;
            at += 1;
        } else if c.is_ascii_whitespace() {
            at += 1;
        } else if c.is_ascii_alphanumeric() || c == b'_' {
            let end = text[at..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let end = end.map_or(text.len(), |end| at + end);
            let class = class(&text[at..end], opcode_due);
            opcode_due = opcode_due && class != "opcode";
            tokens.push(Token { at: at..end, class });
            at = end;
        } else if text[at..].starts_with("->") {
            tokens.push(Token { at: at..at + 2, class: "->".to_owned() });
            at += 2;
        } else {
            let end = at + text[at..].chars().next().map_or(1, char::len_utf8);
            tokens.push(Token { at: at..end, class: text[at..end].to_owned() });
            at = end;
        }
    }
    tokens
}

/// All mutants of a text.
pub fn mutants(text: &str) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let tokens = tokens(text);
    let mut words: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for token in &tokens {
        words.entry(&token.class).or_default().insert(&text[token.at.clone()]);
    }
    let mut add = |kind, of: &str, at: Range<usize>, new: &str| {
        let text = format!("{}{new}{}", &text[..at.start], &text[at.end..]);
        mutants.push(Mutant { kind, of: of.to_owned(), text });
    };
    for (i, token) in tokens.iter().enumerate() {
        let word = &text[token.at.clone()];
        let class = token.class.as_str();
        add("delete token", class, token.at.clone(), "");
        add("duplicate token", class, token.at.clone(), &format!("{word} {word}"));
        if let Some(next) = tokens.get(i + 1) {
            let between = &text[token.at.end..next.at.start];
            let other = &text[next.at.clone()];
            if other != word {
                let both = token.at.start..next.at.end;
                add("swap tokens", class, both, &format!("{other}{between}{word}"));
            }
        }
        for &other in &words[class] {
            if other != word {
                add("replace token", class, token.at.clone(), other);
            }
        }
        let digits = word.find(|c: char| c.is_ascii_digit());
        if let Some(digits) = digits
            && let Ok(number) = word[digits..].parse::<u64>()
        {
            let prefix = &word[..digits];
            add("number + 1", class, token.at.clone(), &format!("{prefix}{}", number + 1));
            if let Some(less) = number.checked_sub(1) {
                add("number - 1", class, token.at.clone(), &format!("{prefix}{less}"));
            }
        }
        if class == "type" {
            for other in TYPES {
                if other != word {
                    add("replace type", class, token.at.clone(), other);
                }
            }
        }
        if class == "opcode" && (word == "load" || word == "store") {
            let end = token.at.end..token.at.end;
            for flag in ["notrap", "aligned", "readonly", "can_move", "big", "little", "region0", "region1", "heap", "user1"] {
                // Behind the type, if there is one.
                let end = match text[end.start..].starts_with('.') {
                    true => {
                        let at = end.start + text[end.start..].find(' ').unwrap_or(0);
                        at..at
                    }
                    false => end.clone(),
                };
                add("add flag", flag, end, &format!(" {flag}"));
            }
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut with = |kind, of: &str, lines: Vec<&str>| {
        mutants.push(Mutant { kind, of: of.to_owned(), text: lines.join("\n") + "\n" });
    };
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
    for i in 0..lines.len() {
        let of = line_class(lines[i]);
        let mut less = lines.clone();
        less.remove(i);
        with("delete line", of, less);
        let mut more = lines.clone();
        more.insert(i, lines[i]);
        with("duplicate line", of, more);
        for j in i + 1..lines.len().min(i + 3) {
            let mut other = lines.clone();
            other.swap(i, j);
            with("swap lines", of, other);
        }
        let comment = format!("; {}", lines[i]);
        let mut other = lines.clone();
        other[i] = &comment;
        with("comment out", of, other);
        if i > 0 {
            for new in NEW {
                let mut more = lines.clone();
                more.insert(i, new);
                with("insert line", new.trim(), more);
            }
        }
        let tagged = format!("<7> {}", lines[i].trim());
        let located = format!("@0007 {}", lines[i].trim());
        let mapped = format!("{}, stack_map=[i64 @ ss0+0]", lines[i]);
        let cold = lines[i].replace(':', " cold:");
        for (kind, line) in [("add tag", &tagged), ("add location", &located), ("add map", &mapped), ("make cold", &cold)] {
            if line != lines[i] {
                let mut other = lines.clone();
                other[i] = line;
                with(kind, of, other);
            }
        }
    }
    mutants
}

fn line_class(line: &str) -> &'static str {
    match line.trim() {
        "" => "empty",
        "}" => "}",
        line if line.starts_with("function") => "function",
        line if line.starts_with("block") => "block",
        line if line.contains(" -> v") && !line.contains('=') => "alias",
        line if line.split_whitespace().nth(2).is_some_and(|w| w.starts_with("explicit")) => "slot",
        line if line.starts_with("sig") || line.starts_with("fn") || line.starts_with("gv") || line.starts_with("region") || line.starts_with("const") => "declaration",
        _ => "instruction",
    }
}
