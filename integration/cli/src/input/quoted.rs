//! Records that are quoted in a comment or a string of CLIF or WebAssembly.

use std::borrow::Cow;

use stackmap_clif::log::begins_record;

/// Returns whether the spiller's records begin in a text that looks like CLIF, outside of comments.
pub(super) fn clif_has_records(text: &[u8]) -> bool {
    text.split(|&byte| byte == b'\n').any(|line| is_record(without_comment(line)))
}

/// Returns whether the spiller's records begin in a text that looks like WebAssembly, outside of
/// comments and strings.
pub(super) fn wat_has_records(text: &[u8]) -> bool {
    let mut depth = 0_usize;
    text.split(|&byte| byte == b'\n').any(|line| {
        let code = code(line, &mut depth);
        // A line of a structured log is an object of JSON.
        match line.trim_ascii_start().starts_with(b"{") {
            true => is_record(line),
            false => is_record(&code),
        }
    })
}

fn is_record(line: &[u8]) -> bool {
    begins_record(&String::from_utf8_lossy(line))
}

/// Returns a line without the comment at its end, which begins with a semicolon at the beginning of
/// the line or behind a blank. (The fields of a log may be separated by others.)
fn without_comment(line: &[u8]) -> &[u8] {
    let mut semicolons = memchr::memchr_iter(b';', line);
    let begins = |&at: &usize| at == 0 || line[at - 1].is_ascii_whitespace();
    semicolons.find(begins).map_or(line, |at| &line[..at])
}

/// Returns a line without comments and strings. `depth` counts the block comments around its
/// beginning, and then around its end.
fn code<'l>(line: &'l [u8], depth: &mut usize) -> Cow<'l, [u8]> {
    if *depth == 0 && memchr::memchr2(b';', b'"', line).is_none() {
        return Cow::Borrowed(line);
    }
    let mut code = Vec::with_capacity(line.len());
    let mut rest = line;
    while let [first, after @ ..] = rest {
        rest = match (*first, after.first()) {
            (b'(', Some(b';')) => {
                *depth += 1;
                &after[1..]
            }
            (b';', Some(b')')) if *depth > 0 => {
                *depth -= 1;
                &after[1..]
            }
            _ if *depth > 0 => after,
            (b';', Some(b';')) => break,
            (b'"', _) => string_end(after),
            (byte, _) => {
                code.push(byte);
                after
            }
        };
    }
    Cow::Owned(code)
}

/// Returns the rest of a line behind the string that begins it. No string goes on in the next line.
fn string_end(line: &[u8]) -> &[u8] {
    let mut rest = line;
    while let [first, after @ ..] = rest {
        rest = match first {
            b'"' => return after,
            b'\\' => after.get(1..).unwrap_or_default(),
            _ => after,
        };
    }
    rest
}
