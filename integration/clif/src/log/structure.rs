//! Structured lines, such as JSON objects.

use std::borrow::Cow;

use super::marker;

/// A structured line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// The byte offset at which the structure begins; anything may precede it.
    pub start: usize,
    /// The strings in the structure.
    pub fields: Vec<Field>,
}

/// A string in a structured line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The path of the string, which is the same in all lines of one program.
    pub path: String,
    /// The content of the string, with escapes resolved.
    pub text: String,
}

/// A function that parses the structure of a line, if it has one.
///
/// This crate knows no structure itself. It calls the function for lines that contain a record of
/// the spiller, and for lines that may continue one.
pub type Structures = fn(&str) -> Option<Structure>;

/// The place of a record within its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TextPosition {
    /// The line itself is the text.
    Line,
    /// The string with this path is the text.
    Field(String),
}

impl TextPosition {
    /// Returns the text at the same place of another line.
    pub(super) fn text<'l>(&self, line: &'l str, structures: Structures) -> Option<Cow<'l, str>> {
        match self {
            TextPosition::Line => Some(Cow::Borrowed(line)),
            TextPosition::Field(path) => {
                let fields = structures(line)?.fields;
                let field = fields.into_iter().find(|field| field.path == *path)?;
                Some(Cow::Owned(without_end(&field.text).to_owned()))
            }
        }
    }
}

/// A string that contains a record, and the other strings of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) path: String,
    /// The text of the string, without a line end at its end.
    pub(super) text: String,
    /// The other strings of the line.
    pub(super) beside: Vec<String>,
}

impl Message {
    /// Returns the string of a structured line that contains a marker.
    pub(super) fn of(structure: Structure) -> Option<Message> {
        let mut fields = structure.fields;
        let at = fields.iter().position(|field| marker::find(&field.text).is_some())?;
        let Field { path, text } = fields.swap_remove(at);
        let text = without_end(&text).to_owned();
        Some(Message { path, text, beside: fields.into_iter().map(|field| field.text).collect() })
    }
}

/// Returns a text without the end of its last line.
fn without_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}
