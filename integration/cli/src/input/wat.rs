//! Recognizes WebAssembly's text format by its beginning.

/// The words that can follow the first parenthesis of a module or a script: a module, a field of a
/// module without a header, or a command of a script.
const WORDS: [&[u8]; 17] = [
    b"module",
    b"component",
    b"type",
    b"rec",
    b"import",
    b"func",
    b"table",
    b"memory",
    b"global",
    b"tag",
    b"export",
    b"start",
    b"elem",
    b"data",
    b"register",
    b"invoke",
    b"thread",
];

/// Returns whether a text begins like WebAssembly text, ignoring comments.
pub(super) fn begins(text: &[u8]) -> bool {
    let Some(rest) = after_comments(text).strip_prefix(b"(") else { return false };
    let rest = after_comments(rest);
    let end = rest.iter().position(|byte| !(byte.is_ascii_lowercase() || *byte == b'_'));
    let word = &rest[..end.unwrap_or(rest.len())];
    WORDS.contains(&word) || word.starts_with(b"assert_")
}

/// Returns the text after white space, `;; lines` and `(; blocks (; in blocks ;) ;)`.
fn after_comments(mut text: &[u8]) -> &[u8] {
    loop {
        text = text.trim_ascii_start();
        text = match text {
            [b';', b';', line @ ..] => {
                let end = line.iter().position(|byte| *byte == b'\n');
                &line[end.unwrap_or(line.len())..]
            }
            [b'(', b';', block @ ..] => after_block(block),
            _ => return text,
        };
    }
}

/// Returns the text after a block comment whose opening has been read.
fn after_block(mut text: &[u8]) -> &[u8] {
    let mut depth = 1_usize;
    while depth > 0 {
        (text, depth) = match text {
            [] => return text,
            [b'(', b';', rest @ ..] => (rest, depth + 1),
            [b';', b')', rest @ ..] => (rest, depth - 1),
            [_, rest @ ..] => (rest, depth),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::begins;

    #[test]
    fn modules_and_scripts() {
        for text in [
            "(module)",
            "( module $m (func))",
            "(func (export \"f\"))",
            ";; a test\n;;\n\n(assert_invalid (module) \"\")",
            "(; a (; nested ;) comment ;) (module definition)",
            "( ;; in between\n rec (type (struct)))",
            "(component)",
        ] {
            assert!(begins(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn other_texts() {
        for text in [
            "",
            "(",
            "((module))",
            "(modules)",
            "(gdb) run",
            "(; open",
            "; function\n(module)",
            "[TRACE] (module)",
            "functional",
        ] {
            assert!(!begins(text.as_bytes()), "{text}");
        }
    }
}
