//! The result of one function.

use serde::{Deserialize, Serialize};
use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::Origin;
use stackmap_verifier::{Outcome, Report, Stats};

use crate::expected::ExpectedReferences;
use crate::listing::Listing;
use crate::machine::MachineCode;
use crate::printed::PrintedFinding;
use crate::stats::StatsFields;
use crate::verdict::{Evidence, Verdict};

/// The result of one function, or of an input in which no function could be read.
///
/// The findings that the verifier returns identify blocks and instructions by id. Those of a
/// [`Record`](crate::Record) are [`PrintedFinding`]s: a record is the content of JSON, so the names
/// and the order of the fields are part of a public interface. Fields may be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct FunctionResult<F = Finding> {
    /// The name of the input; empty if there is none, as in a program that verifies the functions
    /// it compiles.
    pub input: String,
    /// The function's name, `%f` or `u0:3`; `None` if the input could not be read.
    pub function: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// The evidence that the verdict rests on.
    pub evidence: Evidence,
    /// Whether this is the result after optimization, or of machine code, of a function that was
    /// also judged before. In JSON only if it is true.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optimized: bool,
    /// Whether a certificate was requested and passed. In JSON only if it is true.
    #[serde(default, skip_serializing_if = "is_false")]
    pub certified: bool,
    /// Whether a `;! declare` line in a log decides which values are references. In JSON only if it
    /// is true.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stated: bool,
    /// The references that should have been declared, if that is known from elsewhere. In JSON only
    /// if it is.
    #[serde(default, rename = "expected_references", skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedReferences>,
    /// The reason why of machine code only the stack maps and exception handlers were checked, and
    /// not the instructions. In JSON only if it is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tables_only: Option<String>,
    /// The sizes of the function.
    #[serde(with = "StatsFields")]
    #[cfg_attr(feature = "formats", schemars(with = "StatsFields"))]
    pub stats: Stats,
    /// The findings, in the order of the input.
    pub findings: Vec<F>,
    /// The reason why there is no verdict, if there is none.
    pub reason: Option<String>,
    /// The line of the input, from 1, that the reason is about.
    pub line: Option<u32>,
    /// The column of that line in bytes, from 1.
    pub column: Option<u32>,
    /// The path of the text that the lines of the findings refer to: that of the input, or a
    /// description of text derived from it.
    pub listing: Option<String>,
    /// The index of the input among all inputs of the run, from 0, before any partition.
    pub index: usize,
    /// The identity of the reason, if the function could not be decided and that was
    /// [made](crate::Record::fingerprinted). In JSON only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Whether a baseline has it that the function cannot be decided. In JSON only if it is true.
    #[serde(default, skip_serializing_if = "is_false")]
    pub known: bool,
    /// The number of warnings that are [allowed](crate::Levels::allows), and so not among the
    /// findings. In JSON only if there are any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub allowed: usize,
    /// The texts that the findings refer to, if available. Not in JSON.
    #[serde(skip)]
    pub texts: Option<Listing>,
    /// The machine code that was checked, if it was asked for. Not in JSON.
    #[serde(skip)]
    pub code: Option<MachineCode>,
    /// Whether there is no verdict because the verifier contradicted itself, or because the
    /// observed compiler failed or was misused. Not in JSON.
    #[serde(skip)]
    pub failed: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A finding with a code.
pub trait HasCode {
    /// Returns the code.
    fn code(&self) -> Code;

    /// Returns whether a baseline has it.
    fn is_known(&self) -> bool;
}

impl HasCode for Finding {
    fn code(&self) -> Code {
        self.code
    }

    /// Baselines are about findings in words.
    fn is_known(&self) -> bool {
        false
    }
}

impl HasCode for PrintedFinding {
    fn code(&self) -> Code {
        self.code
    }

    fn is_known(&self) -> bool {
        self.known
    }
}

/// The reason why there is no verdict, and its position in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The reason, in words.
    pub text: String,
    /// The line of the input, from 1, if the reason is about one.
    pub line: Option<u32>,
    /// The column in bytes, from 1.
    pub column: Option<u32>,
}

impl Reason {
    /// Creates a reason that is not about a particular line.
    pub fn new(text: impl Into<String>) -> Self {
        Reason { text: text.into(), line: None, column: None }
    }

    /// Creates a reason that is about a position in the input.
    pub fn at(text: impl Into<String>, origin: Origin) -> Self {
        let line = origin.line();
        Reason { text: text.into(), line, column: line.map(|_| origin.column) }
    }
}

impl FunctionResult {
    /// Returns the result for an input, or for a function of it, that could not be read.
    pub fn error(function: Option<String>, reason: Reason) -> Self {
        let Reason { text, line, column } = reason;
        FunctionResult {
            input: String::new(),
            function,
            verdict: Verdict::Error,
            evidence: Evidence::None,
            optimized: false,
            certified: false,
            stated: false,
            expected: None,
            tables_only: None,
            stats: Stats::default(),
            findings: Vec::new(),
            reason: Some(text),
            line,
            column,
            listing: None,
            index: 0,
            fingerprint: None,
            known: false,
            allowed: 0,
            texts: None,
            code: None,
            failed: false,
        }
    }

    /// Returns the result for a function that was read but could not be judged.
    pub fn unsupported(function: String, evidence: Evidence, reason: Reason) -> Self {
        let verdict = Verdict::Unsupported;
        FunctionResult { evidence, verdict, ..FunctionResult::error(Some(function), reason) }
    }

    /// Returns the same result with the texts of the function, which say which function it is
    /// if there are no findings that refer to them.
    #[must_use]
    pub fn of_texts(self, texts: impl Into<Listing>) -> Self {
        FunctionResult { texts: Some(texts.into()), ..self }
    }

    /// Returns the result for a function that was verified. The origins of the findings are
    /// positions in `texts`, if there are any.
    pub fn new(
        function: String,
        evidence: Evidence,
        report: Report,
        texts: impl Into<Option<Listing>>,
    ) -> Self {
        let Report { outcome, findings, stats, certified } = report;
        let (verdict, reason) = match outcome {
            Outcome::Verified => (Verdict::Verified, None),
            Outcome::Violated => (Verdict::Violated, None),
            Outcome::Unsupported(reason) => (Verdict::Unsupported, Some(reason.to_string())),
            Outcome::Internal(reason) => (Verdict::Error, Some(reason.to_string())),
        };
        let failed = verdict == Verdict::Error;
        let texts = texts.into();
        let listing = texts.as_ref().map(|texts| texts.after.path.clone());
        let unread = FunctionResult::error(Some(function), Reason::new(""));
        FunctionResult {
            verdict,
            evidence,
            certified,
            stats,
            findings,
            reason,
            listing,
            texts,
            failed,
            ..unread
        }
    }
}

impl<F> FunctionResult<F> {
    /// Returns the same result as one of this input of the run.
    #[must_use]
    pub fn of_input(self, input: &str, index: usize) -> Self {
        FunctionResult { input: input.to_owned(), index, ..self }
    }

    /// Returns the same result with another path for the text of the function after, if findings
    /// can have lines in it.
    #[must_use]
    pub fn listed_as(mut self, path: String) -> Self {
        if let Some(texts) = &mut self.texts {
            texts.after.path.clone_from(&path);
        }
        self.listing = self.listing.map(|_| path);
        self
    }

    /// Returns whether there is a fault: a path violates an invariant, something changed that the
    /// spiller must not change, or the verifier or the compiler [failed](Self::failed). `false` if
    /// it could not be decided.
    pub fn is_wrong(&self) -> bool {
        self.verdict == Verdict::Violated || self.failed
    }
}
