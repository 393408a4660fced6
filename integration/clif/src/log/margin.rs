//! The margin: the text before each line of a multi-line record.
//!
//! Some loggers indent the lines after the first. Programs that collect the output of other
//! programs write the program's name, or the time, before each line: the margin is then the same in
//! every line except for [times](super::times). Another number means another program: `app[4711]:`.

use super::times;

/// The text that precedes each line of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Margin {
    /// The margin up to its last non-blank character; empty if there is none.
    pieces: Vec<Piece>,
    /// The number of blanks that follow.
    blanks: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// One or more digits of a time.
    Digits,
    /// One or more blanks.
    Blanks,
    /// This character.
    Is(char),
}

impl Margin {
    /// Creates the margin from the text that precedes a line.
    pub(super) fn new(text: &str) -> Margin {
        let head = text.trim_end();
        let mut pieces = Vec::new();
        let parts = times::parts(head);
        for (char, is_time) in parts.flat_map(|(part, is)| part.chars().map(move |c| (c, is))) {
            let piece = match char {
                _ if is_time && char.is_ascii_digit() => Piece::Digits,
                _ if char.is_whitespace() => Piece::Blanks,
                _ => Piece::Is(char),
            };
            let goes_on = matches!(piece, Piece::Digits | Piece::Blanks);
            if !(goes_on && pieces.last() == Some(&piece)) {
                pieces.push(piece);
            }
        }
        Margin { pieces, blanks: text[head.len()..].chars().count() }
    }

    /// Returns whether the margin is empty or consists of blanks only.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Returns the content of a line after the margin, and the width of the margin in that line in
    /// characters; `None` if the line does not begin with the margin.
    ///
    /// An empty line may lack the blanks at the end of its margin.
    pub(super) fn strip<'l>(&self, line: &'l str) -> Option<(&'l str, usize)> {
        let rest = self.strip_head(line)?;
        let blanks = rest.chars().take_while(|char| char.is_whitespace()).take(self.blanks);
        let (count, bytes) =
            blanks.fold((0, 0), |(count, bytes), blank| (count + 1, bytes + blank.len_utf8()));
        let content = &rest[bytes..];
        if count < self.blanks && !content.is_empty() {
            return None;
        }
        Some((content, line[..line.len() - content.len()].chars().count()))
    }

    /// Returns the rest of a line after the head of the margin, which is the margin up to its last
    /// non-blank character.
    pub(super) fn strip_head<'l>(&self, line: &'l str) -> Option<&'l str> {
        let mut rest = line;
        for piece in &self.pieces {
            let after = match piece {
                Piece::Digits => rest.trim_start_matches(|char: char| char.is_ascii_digit()),
                Piece::Blanks => rest.trim_start(),
                Piece::Is(char) => rest.strip_prefix(*char)?,
            };
            if after.len() == rest.len() {
                return None;
            }
            rest = after;
        }
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::Margin;

    #[test]
    fn nothing_and_blanks() {
        let none = Margin::new("");
        assert!(none.is_blank());
        assert_eq!(none.strip("  v0"), Some(("  v0", 0)));
        let indented = Margin::new("    ");
        assert!(indented.is_blank());
        assert_eq!(indented.strip("      v0"), Some(("  v0", 4)));
        assert_eq!(indented.strip(""), Some(("", 0)));
        assert_eq!(indented.strip("  v0"), None);
    }

    #[test]
    fn a_name() {
        let name = Margin::new("app-1  | ");
        assert!(!name.is_blank());
        assert_eq!(name.strip("app-1  |   v0"), Some(("  v0", 9)));
        // Something removed the trailing blanks of lines.
        assert_eq!(name.strip("app-1  |"), Some(("", 8)));
        assert_eq!(name.strip("app-1  |v0"), None);
        assert_eq!(name.strip("db-1   | v0"), None);
    }

    #[test]
    fn times_of_the_same_form() {
        let time = Margin::new("2026-11-27T09:59:59.123456789Z ");
        assert_eq!(time.strip("2026-11-27T10:00:00.12Z v0"), Some(("v0", 24)));
        assert_eq!(time.strip("10:00:00 v0"), None);
        let padded = Margin::new("Nov  7 \u{e9}t\u{e9}[17]: ");
        assert_eq!(padded.strip("Nov 27 \u{e9}t\u{e9}[17]:   v0"), Some(("  v0", 16)));
        // Another process.
        assert_eq!(padded.strip("Nov 27 \u{e9}t\u{e9}[18]:   v0"), None);
    }
}
