//! The text of a baseline: JSON Lines, one for what it was written with, and one for each known
//! defect.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::known::Entry;
use crate::visible::visible_json;

/// The form of the file, and of the fingerprints in it.
const VERSION: u32 = crate::fingerprint::FORM;

/// A line of a baseline.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    /// The first line.
    Baseline(Header),
    /// A known defect.
    Known(Entry),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: u32,
    options: String,
}

/// An error in the text of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// There is no line.
    #[error("is empty: even a baseline of which nothing is known has a first line")]
    Empty,
    /// The first line is not that of a baseline.
    #[error("line 1 is not that of a baseline, which `--write-baseline` writes")]
    NoHeader,
    /// The form is one of another version of this program.
    #[error(
        "line 1: it has the form {0} of baselines, and this version reads the form {VERSION}: write it anew"
    )]
    Version(u32),
    /// The line cannot be read.
    #[error("line {line} is not one that `--write-baseline` writes: {error}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// The error, in words.
        error: String,
    },
    /// A line is there twice, so that what is known might be counted twice.
    #[error("line {line} is about the same as line {first}")]
    Again {
        /// The line, from 1.
        line: usize,
        /// The line with the same, from 1.
        first: usize,
    },
}

/// Reads the options that a baseline was written with, and its entries.
pub(super) fn read(text: &str) -> Result<(String, Vec<Entry>), BaselineError> {
    let mut lines = (1..).zip(text.lines());
    let (_, first) = lines.next().ok_or(BaselineError::Empty)?;
    let options = match serde_json::from_str(first) {
        Ok(Line::Baseline(Header { version, options })) if version == VERSION => options,
        Ok(Line::Baseline(Header { version, .. })) => return Err(BaselineError::Version(version)),
        Ok(Line::Known(_)) | Err(_) => return Err(BaselineError::NoHeader),
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen = HashMap::new();
    for (line, text) in lines {
        let error = |error: String| BaselineError::Line { line, error };
        let entry = match serde_json::from_str(text) {
            Ok(Line::Known(entry)) => entry,
            Ok(Line::Baseline(_)) => return Err(error("a second first line".to_owned())),
            Err(found) => return Err(error(found.to_string())),
        };
        if entry.count == 0 {
            return Err(error("there is none of it".to_owned()));
        }
        if let Some(first) = seen.insert(entry.key(), line) {
            return Err(BaselineError::Again { line, first });
        }
        entries.push(entry);
    }
    Ok((options, entries))
}

/// Returns the text of a baseline.
pub(super) fn write(
    options: &str,
    entries: impl Iterator<Item = Entry>,
) -> serde_json::Result<String> {
    let header = Header { version: VERSION, options: options.to_owned() };
    let mut text = String::new();
    for line in std::iter::once(Line::Baseline(header)).chain(entries.map(Line::Known)) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", visible_json(&serde_json::to_string(&line)?));
    }
    Ok(text)
}
