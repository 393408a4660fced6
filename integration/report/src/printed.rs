//! A finding in words and line numbers, as JSON holds it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use stackmap_verifier::findings::{Code, Severity, UnknownCode};

/// A finding in words. The names and the order of the fields are those of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedFinding {
    /// The code.
    #[serde(serialize_with = "write_code", deserialize_with = "read_code")]
    pub code: Code,
    /// The name of the code.
    pub name: String,
    /// The severity of the code.
    #[serde(with = "SeverityName")]
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// The slot or other place it is about, as the input calls it.
    pub slot: Option<String>,
    /// The values it is about, the one that is lost or wrong first.
    pub values: Vec<String>,
    /// The safepoint at which it matters.
    pub safepoint: Option<Place>,
    /// A path on which it shows, without the blocks that are [omitted](Self::omitted).
    pub witness: Vec<VisitedBlock>,
    /// The line at which it shows, from 1.
    pub line: Option<u32>,
    /// The column in bytes, from 1.
    pub column: Option<u32>,
    /// The place at which it shows, and then those that led there.
    pub labels: Vec<Event>,
    /// More to know.
    pub notes: Vec<Event>,
    /// Advice on how to mend it.
    pub help: String,
    /// The blocks of the path that are left out.
    pub omitted: Option<Omitted>,
}

/// Blocks that are left out of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Omitted {
    /// The number of blocks before them.
    pub after: usize,
    /// Their number.
    pub blocks: usize,
}

impl Omitted {
    /// The part of a list of `length` entries to leave out so that `most` are left: its
    /// middle, since its ends tell the most. `None` if nothing has to be.
    pub fn of(length: usize, most: usize) -> Option<Omitted> {
        let blocks = length.saturating_sub(most);
        (blocks > 0).then(|| Omitted { after: (length - blocks) / 2, blocks })
    }
}

/// A safepoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The block.
    pub block: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// A block of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitedBlock {
    /// Its name.
    pub block: String,
    /// The line of its header, from 1.
    pub line: Option<u32>,
    /// Whether the path came here by a back edge.
    pub back_edge: bool,
    /// The events in it, in order.
    pub events: Vec<Event>,
}

/// A place and what to say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The line, from 1, if the input has lines.
    pub line: Option<u32>,
    /// The event, in words.
    pub text: String,
    /// The block; empty for a place among the declarations of the function.
    pub block: String,
    /// The column in bytes, from 1.
    pub column: Option<u32>,
    /// The length in bytes.
    pub length: Option<u32>,
    /// The line of the function, from 1, if all of that stands on the one line of the
    /// input. In JSON only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_of_function: Option<u32>,
}

/// The names of [`Severity`] in every output, for serde.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Severity", rename_all = "lowercase")]
enum SeverityName {
    Error,
    Warning,
}

fn write_code<S: Serializer>(code: &Code, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(code.code())
}

fn read_code<'de, D: Deserializer<'de>>(from: D) -> Result<Code, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|error: UnknownCode| serde::de::Error::custom(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_loses_its_middle() {
        assert_eq!(Omitted::of(3, 3), None);
        assert_eq!(Omitted::of(9, 4), Some(Omitted { after: 2, blocks: 5 }));
        assert_eq!(Omitted::of(2, 0), Some(Omitted { after: 0, blocks: 2 }));
    }
}
