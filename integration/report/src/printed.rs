//! A finding in words and line numbers, as represented in JSON.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use stackmap_verifier::findings::{Code, Severity, UnknownCode};

/// A finding in words. The names and the order of the fields are those of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct PrintedFinding {
    /// The code.
    #[serde(serialize_with = "write_code", deserialize_with = "read_code")]
    #[cfg_attr(feature = "formats", schemars(schema_with = "codes"))]
    pub code: Code,
    /// The name of the code.
    pub name: String,
    /// The severity of the code.
    #[serde(with = "SeverityName")]
    #[cfg_attr(feature = "formats", schemars(with = "SeverityName"))]
    pub severity: Severity,
    /// The message, one sentence.
    pub message: String,
    /// The slot or other place that the finding is about, as named in the input.
    pub slot: Option<String>,
    /// The values that the finding is about, the lost or wrong one first.
    pub values: Vec<String>,
    /// The safepoint at which the finding matters.
    pub safepoint: Option<PrintedSite>,
    /// A path on which the fault occurs, without the blocks that are [omitted](Self::omitted).
    pub witness: Vec<VisitedBlock>,
    /// The line at which the fault shows, from 1.
    pub line: Option<u32>,
    /// The column in bytes, from 1.
    pub column: Option<u32>,
    /// The place at which the fault shows, followed by the places that led to it.
    pub labels: Vec<Event>,
    /// Further information.
    pub notes: Vec<Event>,
    /// Advice on how to fix the fault.
    pub help: String,
    /// The blocks that are omitted from the path.
    pub omitted: Option<Omitted>,
    /// The identity of the defect, if it was [made](crate::Record::fingerprinted). In JSON only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Whether a baseline has it. In JSON only if it is true.
    #[serde(default, skip_serializing_if = "is_false")]
    pub known: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Blocks that are omitted from a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct Omitted {
    /// The number of blocks before them.
    pub after: usize,
    /// The number of omitted blocks.
    pub blocks: usize,
}

impl Omitted {
    /// Returns the part of a list of `length` entries to omit so that `most` are left: the middle,
    /// since the ends are the most informative. `None` if nothing has to be omitted.
    pub fn of(length: usize, most: usize) -> Option<Omitted> {
        let blocks = length.saturating_sub(most);
        (blocks > 0).then(|| Omitted { after: (length - blocks) / 2, blocks })
    }
}

/// A safepoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct PrintedSite {
    /// The block.
    pub block: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// A block of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct VisitedBlock {
    /// The name of the block.
    pub block: String,
    /// The line of its header, from 1.
    pub line: Option<u32>,
    /// Whether the path entered the block by a back edge.
    pub back_edge: bool,
    /// The events in the block, in order.
    pub events: Vec<Event>,
}

/// A place and a statement about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
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
    /// The line of the function, from 1, if the function is in one line of the input. Only then
    /// present in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_of_function: Option<u32>,
}

/// The names of [`Severity`] in every output, for serde.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
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

/// Returns the schema of the codes of findings.
#[cfg(feature = "formats")]
fn codes(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.code()).collect();
    schemars::json_schema!({ "type": "string", "enum": codes })
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
