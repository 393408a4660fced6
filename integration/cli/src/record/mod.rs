//! One line of `--format json`: what came of one function, what was compiled of one
//! input, or the sums of a run.
//!
//! It is written by [`crate::render`], and read again by `merge`. The shape is a
//! contract: fields are added, not changed. It holds everything a renderer needs
//! but the text of the functions.

mod convert;
mod lines;
mod run;
mod shown;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use stackmap_verifier::findings::{Code, Severity, UnknownCode};

use crate::outcome::{Evidence, Verdict};
use crate::partition::Slice;
use crate::wasm::Compiled;
pub(crate) use run::Run;
pub(crate) use shown::shown;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Line {
    /// What came of one function, or of an input without one.
    Function(Record),
    /// What was compiled of one input, after its functions.
    Input(Compilation),
    /// An input without anything to check.
    Skipped(Skipped),
    /// The sums, on the last line.
    Summary(Box<Sums>),
}

/// What was compiled of one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Compilation {
    pub(crate) input: String,
    #[serde(flatten)]
    pub(crate) compiled: Compiled,
    /// Which of the run's inputs this is, from 0, before any partition.
    pub(crate) index: usize,
}

/// A file of a directory with nothing in it to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Skipped {
    pub(crate) input: String,
    pub(crate) reason: String,
    /// Which of the run's inputs this is, from 0, before any partition.
    pub(crate) index: usize,
}

/// What came of one function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) input: String,
    pub(crate) function: Option<String>,
    pub(crate) verdict: Verdict,
    pub(crate) evidence: Evidence,
    /// Only there if it is true: a function that is in the report already, after
    /// optimisation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) optimized: bool,
    /// Only there if it is true: with `--certify`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) certified: bool,
    /// Only there if it is true: a `;! declare` line in a log decides which values are
    /// references.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) stated: bool,
    pub(crate) stats: Counts,
    pub(crate) findings: Vec<Found>,
    pub(crate) reason: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    /// What the lines of the findings are lines of: the input, or a text that was
    /// made of it.
    pub(crate) listing: Option<String>,
    /// Which of the run's inputs this is, from 0, before any partition.
    pub(crate) index: usize,
}

impl Record {
    /// Whether the lines of the findings are lines of the input.
    pub(crate) fn lines_of_input(&self) -> bool {
        self.listing.as_ref().is_none_or(|listing| *listing == self.input)
    }

    /// ` (after-only evidence)`, if that is less than a reader would expect.
    pub(crate) fn evidence_note(&self) -> &'static str {
        match self.evidence {
            Evidence::AfterOnly => " (after-only evidence)",
            Evidence::Pair if self.stated => STATED,
            Evidence::Pair | Evidence::None => "",
        }
    }

    /// What in it the verdict contradicts, if anything does.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let is_wrong = self.findings.iter().any(|found| found.code.severity() == Severity::Error);
        let is_known = |found: &Found| {
            found.severity == found.code.severity() && found.name == found.code.name()
        };
        let is_judged = matches!(self.verdict, Verdict::Verified | Verdict::Violated);
        if !self.findings.iter().all(is_known) {
            Some("a finding has a name or severity that is not that of its code")
        } else if is_wrong != (self.verdict == Verdict::Violated) {
            Some("its findings say otherwise")
        } else if is_judged == self.reason.is_some() {
            Some("there is a reason for no verdict if and only if there is one")
        } else if self.certified && self.verdict != Verdict::Verified {
            Some("it is certified")
        } else if is_judged && (self.function.is_none() || self.evidence == Evidence::None) {
            Some("there is nothing that it rests on")
        } else {
            None
        }
    }

    /// What the findings' lines are shown under.
    pub(crate) fn shown_path(&self) -> &str {
        self.listing.as_deref().unwrap_or(&self.input)
    }
}

/// What there is to say of evidence that any program may have printed.
pub(crate) const STATED: &str = " (references as a `;! declare` line has them)";

/// Sums over functions, or the sizes of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) blocks: usize,
    pub(crate) instructions: usize,
    pub(crate) references: usize,
    pub(crate) safepoints: usize,
    pub(crate) roots: usize,
    pub(crate) slots: usize,
    pub(crate) shared_slots: usize,
}

impl Counts {
    /// Whether they are of some function, so that sums of them stay in range.
    pub(crate) fn are_possible(self) -> bool {
        let Counts { blocks, instructions, references, safepoints, roots, slots, shared_slots } =
            self;
        [blocks, instructions, references, safepoints, roots, slots, shared_slots]
            .into_iter()
            .all(|count| u32::try_from(count).is_ok())
    }
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    #[serde(serialize_with = "write_code", deserialize_with = "read_code")]
    pub(crate) code: Code,
    pub(crate) name: String,
    #[serde(with = "SeverityName")]
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) slot: Option<String>,
    pub(crate) values: Vec<String>,
    pub(crate) safepoint: Option<Place>,
    /// The path, without the blocks in its middle that were one too many.
    pub(crate) witness: Vec<Block>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    /// Where it shows, and then what led there.
    pub(crate) labels: Vec<Event>,
    pub(crate) notes: Vec<Event>,
    pub(crate) help: String,
    /// How many blocks of the path are left out, and after how many.
    pub(crate) omitted: Option<Omitted>,
}

/// Blocks left out of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Omitted {
    /// How many blocks come before them.
    pub(crate) after: usize,
    /// How many they are.
    pub(crate) blocks: usize,
}

/// A safepoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) block: String,
    pub(crate) line: Option<u32>,
}

/// A block of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) block: String,
    pub(crate) line: Option<u32>,
    pub(crate) back_edge: bool,
    pub(crate) events: Vec<Event>,
}

/// A place and what to say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) line: Option<u32>,
    pub(crate) text: String,
    pub(crate) block: String,
    pub(crate) column: Option<u32>,
    /// In bytes.
    pub(crate) length: Option<u32>,
    /// The line of the function, if all of that stands on the one line of the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line_of_function: Option<u32>,
}

/// The sums of a run: over all lines of functions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub(crate) functions: usize,
    pub(crate) verified: usize,
    /// Only there if there are any: with `--certify`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) certified: usize,
    /// Only there if there are any: functions that rest on a `;! declare` line.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) stated: usize,
    pub(crate) violated: usize,
    pub(crate) unsupported: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) stats: Counts,
    /// What of all that is over functions after optimisation, which are counted twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) optimized: Option<Part>,
    pub(crate) inputs: usize,
    /// How many of these had nothing in them to check. Only there if there are any.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) skipped: usize,
    /// Which slice of the inputs this is, if it is not all of them.
    pub(crate) partition: Option<Slice>,
    /// What was compiled, if there was WebAssembly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wasm: Option<Compiled>,
    /// The run that this is, or is a slice of. Older versions did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<Run>,
}

/// Sums over a part of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) functions: usize,
    pub(crate) verified: usize,
    pub(crate) violated: usize,
    pub(crate) unsupported: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) stats: Counts,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// [`Severity`] as it stands in every output.
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
