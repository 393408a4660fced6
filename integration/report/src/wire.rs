//! The lines of `--format json`: the result of one function, the sums over the compiled modules of
//! one input, or the sums of a run.
//!
//! The command writes them and `merge` reads them again. The format is a public interface: fields
//! are added, not changed, and each line says which version of it this is. The lines contain everything that a renderer needs, except the text of
//! the functions.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::compiled::Compiled;
use crate::record::Record;
use crate::summary::Summary;
use crate::visible::visible;

/// The version of the form of lines. Fields may be added to it; it is raised if one is removed, or
/// means something else.
const VERSION: u32 = 1;

/// A line of JSON with the version of its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Versioned {
    #[schemars(schema_with = "version")]
    version: u32,
    #[serde(flatten)]
    line: WireLine,
}

/// The reason why a line is not one of this version.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It has the form of another version.
    #[error("it has version {0} of the form, and this program reads version {VERSION}")]
    Version(u32),
    /// It says of no version that it has its form.
    #[error("it does not say the version of its form: it is one of an older program")]
    NoVersion,
    /// It is not a line of any.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The version of a line, whatever else is in it.
#[derive(Deserialize)]
struct OnlyVersion {
    version: Option<u32>,
    #[serde(rename = "type")]
    _type: String,
}

/// Returns the schema of the version.
fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "integer", "const": VERSION })
}

impl Versioned {
    /// Returns a line of this version.
    pub fn new(line: WireLine) -> Versioned {
        Versioned { version: VERSION, line }
    }

    /// Reads a line of this version.
    ///
    /// # Errors
    ///
    /// Returns an error if it is none.
    pub fn read(text: &[u8]) -> Result<WireLine, LineError> {
        match serde_json::from_slice(text) {
            Ok(Versioned { version: VERSION, line }) => Ok(line),
            Ok(Versioned { version, .. }) => Err(LineError::Version(version)),
            Err(error) => match serde_json::from_slice(text) {
                Ok(OnlyVersion { version: None, .. }) => Err(LineError::NoVersion),
                Ok(OnlyVersion { version: Some(version), .. }) if version != VERSION => {
                    Err(LineError::Version(version))
                }
                Ok(_) | Err(_) => Err(error.into()),
            },
        }
    }
}

/// A line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum WireLine {
    /// The result of one function, or of an input without one.
    Function(Box<Record>),
    /// The sums over the compiled modules of one input, after its functions.
    Input(Compilation),
    /// An input without anything to check.
    Skipped(Skipped),
    /// The sums, on the last line.
    Summary(Box<Summary>),
}

/// The sums over the compiled modules of one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compilation {
    /// The name of the input.
    pub input: String,
    /// Sums over its modules.
    #[serde(flatten)]
    pub compiled: Compiled,
    /// The index of the input among all inputs of the run, from 0, before any partition.
    pub index: usize,
}

impl Compilation {
    /// Returns the same record with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(&self) -> Compilation {
        Compilation { input: visible(&self.input).into_owned(), ..self.clone() }
    }
}

/// An input without anything to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// The name of the input.
    pub input: String,
    /// The reason why it was not checked.
    pub reason: String,
    /// The index of the input among all inputs of the run, from 0, before any partition.
    pub index: usize,
}

impl Skipped {
    /// Returns the same record with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(&self) -> Skipped {
        let Skipped { input, reason, index } = self;
        let (input, reason) = (visible(input).into_owned(), visible(reason).into_owned());
        Skipped { input, reason, index: *index }
    }
}
