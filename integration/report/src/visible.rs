//! Makes text from an input safe to display.
//!
//! Names, paths, messages and lines of an input can contain characters that a terminal, the log of
//! a workflow or a page interprets instead of displaying: they move the cursor, hide the following
//! text, change its direction, or end a line. In addition, two words are commands to programs that
//! run workflows: `##[` (and similar ones) anywhere in a line, and `::` at its beginning.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns whether a character is interpreted or not displayed: control characters, line and
/// paragraph separators, characters that change the direction of text, characters without width,
/// and noncharacters.
pub fn is_invisible(char: char) -> bool {
    let is_no_character = u32::from(char) & 0xfffe == 0xfffe;
    char.is_control()
        || is_no_character
        || matches!(
            char,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns the text with such characters replaced by escapes such as `\u{1b}`, and with a backslash
/// between the two characters of `##` and of `::`. The function is idempotent.
///
/// Cost: linear in the length of the text.
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_harmless(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (char, is_second) in with_pairs(text) {
        if is_second {
            shown.push('\\');
        }
        match is_invisible(char) {
            // Writing to a string does not fail.
            true => drop(write!(shown, "\\u{{{:x}}}", u32::from(char))),
            false => shown.push(char),
        }
    }
    Cow::Owned(shown)
}

/// Returns the lines of a text that positions refer to: each keeps its length in bytes, with `?`
/// for the bytes that [`visible`] would replace.
///
/// Cost: linear in the length of the text.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if text.split(['\n', '\t']).all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (char, is_second) in with_pairs(text) {
        match char {
            '\n' | '\t' => shown.push(char),
            '\r' => shown.push(' '),
            _ if is_second || is_invisible(char) => {
                shown.extend(std::iter::repeat_n('?', char.len_utf8()));
            }
            _ => shown.push(char),
        }
    }
    Cow::Owned(shown)
}

/// Returns a JSON document with such characters escaped. Its values stay the same: outside of
/// strings the only such characters are line ends.
///
/// Cost: linear in the length of the document.
pub fn visible_json(document: &str) -> Cow<'_, str> {
    if document.split('\n').all(is_harmless) {
        return Cow::Borrowed(document);
    }
    let mut shown = String::with_capacity(document.len() + 16);
    for (char, is_second) in with_pairs(document) {
        let is_escaped = is_invisible(char) || (is_second && char == '#');
        if char == '\n' || !is_escaped {
            shown.push(char);
            continue;
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            let _ = write!(shown, "\\u{unit:04x}");
        }
    }
    Cow::Owned(shown)
}

fn is_harmless(text: &str) -> bool {
    !with_pairs(text).any(|(char, is_second)| is_second || is_invisible(char))
}

/// Returns the characters, each with whether it is the second of `##` or `::`.
fn with_pairs(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut last = None;
    text.chars().map(move |char| {
        let is_second = matches!(char, '#' | ':') && last.replace(char) == Some(char);
        if !matches!(char, '#' | ':') {
            last = None;
        }
        (char, is_second)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_of_every_character() {
        for char in '\0'..=char::MAX {
            let text = format!("a{char}b");
            let shown = visible(&text);
            assert!(!shown.chars().any(is_invisible), "{char:?}");
            assert_eq!(shown == text, !is_invisible(char), "{char:?}");
            assert_eq!(visible(&shown), shown, "{char:?}");
            let line = visible_lines(&text);
            assert_eq!(line.len(), text.len());
            assert!(!line.chars().any(|c| is_invisible(c) && !"\n\t".contains(c)), "{char:?}");
        }
        for char in ['\u{1b}', '\n', '\u{9b}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{ffff}'] {
            assert!(is_invisible(char), "{char:?}");
        }
        for char in ['a', ' ', '\u{e9}', '\u{4e2d}', '\u{fffd}', '\u{1f600}', '\u{200a}'] {
            assert!(!is_invisible(char), "{char:?}");
        }
    }

    #[test]
    fn commands_of_workflows() {
        assert_eq!(visible("##[x] a::b :::: ###"), "#\\#[x] a:\\:b :\\:\\:\\: #\\#\\#");
        assert_eq!(visible_lines("##[x]\r\n::error\t"), "#?[x] \n:?error\t");
        assert_eq!(visible("# # : :"), "# # : :");
    }

    #[test]
    fn json_stays_the_same() {
        let document = "{\n  \"a\": \"\u{9b}##[ ::\u{e0001}\u{7f}\"\n}";
        let shown = visible_json(document);
        assert_eq!(shown, "{\n  \"a\": \"\\u009b#\\u0023[ ::\\udb40\\udc01\\u007f\"\n}");
    }
}
