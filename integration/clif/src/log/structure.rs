//! Lines with a structure, such as objects of JSON.

use std::borrow::Cow;

use super::marker;

/// A line that has a structure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// The byte the structure begins with; anything may stand before it.
    pub start: usize,
    /// The strings in it.
    pub fields: Vec<Field>,
}

/// A string in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which one it is: the same in all lines of one program.
    pub path: String,
    /// What it says, without escapes.
    pub text: String,
}

/// Reads the structure of a line, if it has one.
///
/// This crate knows of none itself. It asks for lines with the spiller's records in
/// them, and for those that may go on with one.
pub type Structures = fn(&str) -> Option<Structure>;

/// Where in a line a record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The line is the text.
    Line,
    /// A string in it is: the one with this path.
    Field(String),
}

impl Place {
    /// The text of another line, at the same place.
    pub(super) fn text<'l>(&self, line: &'l str, structures: Structures) -> Option<Cow<'l, str>> {
        match self {
            Place::Line => Some(Cow::Borrowed(line)),
            Place::Field(path) => {
                let fields = structures(line)?.fields;
                let field = fields.into_iter().find(|field| field.path == *path)?;
                Some(Cow::Owned(without_end(&field.text).to_owned()))
            }
        }
    }
}

/// A string that has a record in it, and what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) path: String,
    /// Without a line end at its end.
    pub(super) text: String,
    /// The other strings.
    pub(super) beside: Vec<String>,
}

impl Message {
    /// The string of a structured line that has a marker in it.
    pub(super) fn of(structure: Structure) -> Option<Message> {
        let mut fields = structure.fields;
        let at = fields.iter().position(|field| marker::find(&field.text).is_some())?;
        let Field { path, text } = fields.swap_remove(at);
        let text = without_end(&text).to_owned();
        Some(Message { path, text, beside: fields.into_iter().map(|field| field.text).collect() })
    }
}

/// A text without the end of its last line.
fn without_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}
