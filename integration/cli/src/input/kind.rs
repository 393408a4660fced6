//! Determines the kind of an input.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use super::{quoted, wat};

/// The kind of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// CLIF functions.
    Clif,
    /// Pairs of functions in the text form.
    Pairs,
    /// Lines of a log, possibly the spiller's.
    Log,
    /// Lines of a log behind a CLIF function.
    LogBehindClif,
    /// WebAssembly, in one of its two formats.
    Wasm(Wasm),
    /// Binary data, possibly with text in it.
    Binary,
}

/// The formats of WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wasm {
    /// A module.
    Binary,
    /// A module, or a script with any number of them.
    Text,
    /// What Wasmtime compiled a module to.
    Compiled,
}

/// An input and its kind.
pub(crate) struct Sorted<'i> {
    pub(crate) kind: Kind,
    pub(crate) input: Box<dyn BufRead + Send + 'i>,
}

/// The number of bytes that are examined first.
const START: u64 = 1 << 16;

/// The maximum size in bytes of an input that is not a log, which is read as a whole.
const MOST: u64 = 256 << 20;

const TOO_LARGE: &str = "it is no log, and larger than 256 MiB";

/// Determines the kind of an input.
///
/// WebAssembly begins with four bytes of its own, what Wasmtime compiles with eight, and pairs with a
/// word of their own, whatever follows. Any other input with records of the spiller is a log, whatever
/// its first word is. An input without records is WebAssembly's text format if it begins with a
/// parenthesis and a word of that language, and CLIF if it begins, after any comments, with a function
/// or with one of the commands that Cranelift's file tests begin with. All other text may be a log. An
/// input with a function first and records behind it is both.
pub(crate) fn sort<'i>(mut input: Box<dyn BufRead + Send + 'i>) -> Sorted<'i> {
    let mut text = Vec::new();
    let mut read = input.by_ref().take(START).read_to_end(&mut text);
    let kind = match looks_like(&text) {
        Looks::Binary => Kind::Binary,
        Looks::Wasm => Kind::Wasm(Wasm::Binary),
        Looks::Compiled => Kind::Wasm(Wasm::Compiled),
        Looks::Other => Kind::Log,
        Looks::Wat | Looks::Clif | Looks::Comments | Looks::Pairs => {
            let rest = input.by_ref().take(MOST).read_to_end(&mut text);
            read = read.and(rest).and_then(|count| match count as u64 == MOST {
                true if of_whole(&text) != Kind::Log => Err(io::Error::other(TOO_LARGE)),
                true | false => Ok(count),
            });
            of_whole(&text)
        }
    };
    let start = Cursor::new(text).chain(BufReader::new(Failure(read.err())));
    Sorted { kind, input: Box::new(start.chain(input)) }
}

/// A reader that returns an error that occurred earlier.
struct Failure(Option<io::Error>);

impl Read for Failure {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// The kind that the beginning of an input suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    Wasm,
    Compiled,
    Binary,
    Wat,
    Pairs,
    Clif,
    /// Only comments so far.
    Comments,
    Other,
}

fn looks_like(start: &[u8]) -> Looks {
    if start.starts_with(b"\0asm") {
        return Looks::Wasm;
    }
    if start.starts_with(COMPILED) {
        return Looks::Compiled;
    }
    if begins_pairs(start) {
        return Looks::Pairs;
    }
    if is_binary(start) {
        return Looks::Binary;
    }
    if wat::begins(start) {
        return Looks::Wat;
    }
    let lines = start.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let mut code = lines.filter(|line| !line.is_empty() && !line.starts_with(b";"));
    let word = code.next().and_then(|line| line.split(u8::is_ascii_whitespace).next());
    match word {
        Some(b"function" | b"test" | b"set" | b"target" | b"feature") => Looks::Clif,
        None if start.trim_ascii_start().starts_with(b";") => Looks::Comments,
        Some(_) | None => Looks::Other,
    }
}

/// Returns whether the first word is the name of the text form of pairs.
fn begins_pairs(start: &[u8]) -> bool {
    let rest = start.strip_prefix(stackmap_pair_text::NAME.as_bytes());
    rest.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

/// The first bytes of an object file that Wasmtime writes: its own operating system is the last one.
const COMPILED: &[u8] = b"\x7fELF\x02\x01\x01\xc8";

/// The first bytes of executables, object files, archives and Rust metadata.
const BINARIES: [&[u8]; 9] = [
    b"\x7fELF",
    b"MZ",
    b"!<arch>",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"rust\0",
    b"%PDF",
];

/// The reciprocal of the fraction of zero bytes that a text may contain: a log may contain the
/// output of a program.
const FEW: usize = 100;

/// Returns whether this is binary data, which contains zeros and either begins like a known binary
/// format or has more zeros than a text may have.
fn is_binary(start: &[u8]) -> bool {
    let zeros = memchr::memchr_iter(0, start).count();
    let is_known = BINARIES.iter().any(|magic| start.starts_with(magic));
    zeros > 0 && (is_known || zeros > start.len() / FEW)
}

/// Returns the kind of a text whose beginning looks like CLIF or WebAssembly.
fn of_whole(text: &[u8]) -> Kind {
    if begins_pairs(text) {
        return Kind::Pairs;
    }
    let lines = || text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_start);
    let code = || lines().filter(|line| !line.starts_with(b";"));
    let is_function = |line: &[u8]| line.starts_with(b"function ");
    let looks = looks_like(text);
    // A record that is quoted in a comment or a string does not count.
    let has_records = match looks {
        Looks::Wat => quoted::wat_has_records(text),
        Looks::Wasm
        | Looks::Compiled
        | Looks::Binary
        | Looks::Pairs
        | Looks::Clif
        | Looks::Comments
        | Looks::Other => quoted::clif_has_records(text),
    };
    if has_records {
        let first = code().find(|line| !line.trim_ascii_end().is_empty());
        return match first.is_some_and(is_function) {
            true => Kind::LogBehindClif,
            false => Kind::Log,
        };
    }
    match looks {
        Looks::Wat => Kind::Wasm(Wasm::Text),
        Looks::Clif if code().any(is_function) => Kind::Clif,
        Looks::Pairs => Kind::Pairs,
        Looks::Wasm | Looks::Compiled | Looks::Binary => Kind::Binary,
        Looks::Clif | Looks::Comments | Looks::Other => Kind::Log,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the kind of a text. Determining it must not consume the text.
    fn of(text: &[u8]) -> Kind {
        let Sorted { kind, mut input } = sort(Box::new(text));
        let mut rest = Vec::new();
        input.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, text);
        kind
    }

    const RECORD: &str = "[TRACE x] values needing inclusion in stack maps: {v0}\n";

    #[test]
    fn content_and_not_the_name_decides() {
        assert_eq!(of(b"; a comment\n\nfunction %f() {\n"), Kind::Clif);
        assert_eq!(of(b";! declare v0\ntest compile\nfunction %f() {\n"), Kind::Clif);
        assert_eq!(of(b"[TRACE x] before inserting safepoint"), Kind::Log);
        assert_eq!(of(b"functional programming\n"), Kind::Log);
        assert_eq!(of(b"\x7fELF\x02\x01\x01\0\0\0"), Kind::Binary);
        assert_eq!(of(b"\0asm\x01\0\0\0"), Kind::Wasm(Wasm::Binary));
        assert_eq!(of(b"\x7fELF\x02\x01\x01\xc8\0"), Kind::Wasm(Wasm::Compiled));
        assert_eq!(of(b";; a comment\n(module)\n"), Kind::Wasm(Wasm::Text));
        assert_eq!(of(b"(gdb) continue\n"), Kind::Log);
        assert_eq!(of(b"stackmap-pair 1\n"), Kind::Pairs);
        assert_eq!(of(b"stackmap-pair"), Kind::Pairs);
        assert_eq!(of(b"stackmap-pairs 1\n"), Kind::Log);
        assert_eq!(of(b""), Kind::Log);
    }

    #[test]
    fn a_zero_makes_no_binary_of_a_log() {
        let log = |zeros: usize| format!("{}{}", "\0".repeat(zeros), RECORD.repeat(10));
        assert_eq!(of(log(1).as_bytes()), Kind::Log);
        assert_eq!(of(log(100).as_bytes()), Kind::Binary);
        assert_eq!(of(format!("MZ{}", log(1)).as_bytes()), Kind::Binary);
    }

    #[test]
    fn records_make_a_log_of_anything() {
        for first in ["test foo ... ok", "set -x", "(module)", ";! declare v0"] {
            assert_eq!(of(format!("{first}\n{RECORD}").as_bytes()), Kind::Log, "{first}");
        }
        let behind = format!("; a comment\nfunction %f() {{\n{RECORD}");
        assert_eq!(of(behind.as_bytes()), Kind::LogBehindClif);
        // Pairs are known by their first line.
        assert_eq!(of(format!("stackmap-pair 1\n# {RECORD}").as_bytes()), Kind::Pairs);
        // A record that is quoted in a comment does not count.
        assert_eq!(of(format!("function %f() {{\n; {RECORD}").as_bytes()), Kind::Clif);
        assert_eq!(of(format!("function %f() {{\nblock0: ; {RECORD}").as_bytes()), Kind::Clif);
        for quoted in [
            format!(";; {RECORD}(module)"),
            format!("(module ;; {RECORD})"),
            format!("(module (;\n(; ;){RECORD};))"),
            format!("(module (data \"\\\"{}\"))", RECORD.trim_end()),
        ] {
            assert_eq!(of(quoted.as_bytes()), Kind::Wasm(Wasm::Text), "{quoted}");
        }
        // What only looks like a quotation.
        let json = format!("(module)\n{{\"message\":\"{}\"}}", RECORD.trim_end());
        assert_eq!(of(json.as_bytes()), Kind::Log);
        assert_eq!(of(format!("test x ... ok\n12:00;TRACE;{RECORD}").as_bytes()), Kind::Log);
    }

    #[test]
    fn a_first_word_alone_makes_no_clif() {
        assert_eq!(of(b"test foo ... ok\ntest bar ... ok\n"), Kind::Log);
    }

    #[test]
    fn comments_are_read_past_whatever_their_length() {
        let comments = ";; a comment\n".repeat(10_000);
        assert_eq!(of(format!("{comments}function %f() {{\n").as_bytes()), Kind::Clif);
        assert_eq!(of(format!("{comments}(module)\n").as_bytes()), Kind::Wasm(Wasm::Text));
        assert_eq!(of(comments.as_bytes()), Kind::Log);
    }
}
