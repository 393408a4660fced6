//! Takes the text of an instruction apart.

use stackmap_clif::opcode::Class;

use crate::statement::{Argument, Edge, Piece};

/// Takes the text behind an opcode of this class apart.
pub(crate) fn pieces(text: &str, class: Class) -> Vec<Piece> {
    let text = without_comments(text);
    let mut scanner = Scanner { rest: &text, plain: String::new(), pieces: Vec::new() };
    if class == Class::Exit && (text.is_empty() || text.starts_with('v')) {
        return vec![Piece::List(text.split(',').filter_map(|word| value(word.trim())).collect())];
    }
    let mut may_call = class.is_call();
    while let Some(word) = scanner.word() {
        if let Some(number) = value(word) {
            scanner.push(Piece::Value(number));
        } else if let Some(target) = block(word).filter(|_| class != Class::NamesBlock) {
            let arguments = scanner.arguments().unwrap_or_default();
            scanner.push(Piece::Edge(Edge { target, arguments }));
            continue;
        } else {
            scanner.plain.push_str(word);
        }
        if may_call && scanner.rest.starts_with('(') {
            may_call = false;
            let values = scanner.arguments().unwrap_or_default();
            let values = values.into_iter().filter_map(|argument| match argument {
                Argument::Value(value) => Some(value),
                Argument::Result(_) => None,
            });
            scanner.plain.push('(');
            scanner.push(Piece::List(values.collect()));
            scanner.plain.push(')');
        }
    }
    scanner.flush();
    scanner.pieces
}

/// Returns the words of a text that may be names of entities.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !is_in_word(char)).filter(|word| !word.is_empty())
}

/// Returns a text with the words replaced for which `with` has another.
pub(crate) fn replaced(text: &str, with: impl Fn(&str) -> Option<String>) -> String {
    let mut scanner = Scanner { rest: text, plain: String::new(), pieces: Vec::new() };
    while let Some(word) = scanner.word() {
        match with(word) {
            Some(other) => scanner.plain.push_str(&other),
            None => scanner.plain.push_str(word),
        }
    }
    scanner.plain
}

/// A text that is being taken apart.
struct Scanner<'t> {
    rest: &'t str,
    /// The text since the last piece.
    plain: String,
    pieces: Vec<Piece>,
}

impl<'t> Scanner<'t> {
    /// Returns the next word; what stands in front of it is plain text.
    fn word(&mut self) -> Option<&'t str> {
        while let Some(char) = self.rest.chars().next() {
            // A name or a string may contain what looks like a value.
            let skipped = match char {
                '"' => self.rest[1..].find('"').map_or(self.rest.len(), |end| end + 2),
                '%' => 1 + self.rest[1..].find(|c| !is_in_word(c)).unwrap_or(self.rest.len() - 1),
                _ if is_in_word(char) => {
                    let end = self.rest.find(|c| !is_in_word(c)).unwrap_or(self.rest.len());
                    let (word, rest) = self.rest.split_at(end);
                    self.rest = rest;
                    return Some(word);
                }
                _ => char.len_utf8(),
            };
            let (text, rest) = self.rest.split_at(skipped);
            self.plain.push_str(text);
            self.rest = rest;
        }
        None
    }

    /// Reads `(v0, ret0)`, if that is what follows.
    fn arguments(&mut self) -> Option<Vec<Argument>> {
        let (list, rest) = self.rest.strip_prefix('(')?.split_once(')')?;
        self.rest = rest;
        let words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
        Some(
            words
                .map(|word| match value(word) {
                    Some(value) => Argument::Value(value),
                    None => Argument::Result(word.to_owned()),
                })
                .collect(),
        )
    }

    fn push(&mut self, piece: Piece) {
        self.flush();
        self.pieces.push(piece);
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.plain)));
        }
    }
}

fn is_in_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// Returns the number of a value's name.
pub(crate) fn value(word: &str) -> Option<u32> {
    word.strip_prefix('v')?.parse().ok()
}

/// Returns the number of a block's name.
pub(crate) fn block(word: &str) -> Option<u32> {
    word.strip_prefix("block")?.parse().ok()
}

/// Returns a text of one line, without comments.
fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(';').next().unwrap_or("").trim());
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::Statement;

    fn again(opcode: &str, text: &str, class: Class) -> (String, Vec<u32>) {
        let statement = Statement::new(opcode, class, pieces(text, class));
        (statement.to_string(), statement.values())
    }

    #[test]
    fn instructions_are_written_as_they_were() {
        for (opcode, text, class, values) in [
            ("iadd", "v1, v20", Class::Compute, &[1, 20][..]),
            ("call", "fn0(v1, v2)", Class::Call, &[1, 2]),
            ("call", "fn0()", Class::Call, &[]),
            ("call_indirect", "sig0, v3(v1)", Class::CallIndirect, &[3, 1]),
            ("return", "v1, v2", Class::Exit, &[1, 2]),
            ("return", "", Class::Exit, &[]),
            ("trap", "user1", Class::Exit, &[]),
            ("brif", "v1, block1(v2), block2", Class::Branch, &[1, 2]),
            ("br_table", "v1, block1, [block2(v3), block1]", Class::BranchTable, &[1, 3]),
            (
                "try_call",
                "fn1(v5), sig1, block2(ret0, v5), [ context v7, default: block1(v7, exn0) ]",
                Class::TryCall,
                &[5, 5, 7, 7],
            ),
            ("load.i32", "notrap aligned region0 v0+8", Class::Load(None), &[0]),
            ("symbol", "%v1 \"v2\", v3", Class::Other, &[3]),
        ] {
            let written = format!("{opcode} {text}");
            assert_eq!(again(opcode, text, class), (written.trim().to_owned(), values.to_vec()));
        }
    }

    #[test]
    fn comments_and_line_ends_go() {
        assert_eq!(again("iadd", "v1, ; v9\n   v2", Class::Compute).0, "iadd v1, v2");
    }
}
