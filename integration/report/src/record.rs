//! A result in words.

use stackmap_verifier::findings::Severity;

use crate::levels::Levels;
use crate::printed::PrintedFinding;
use crate::result::FunctionResult;
use crate::verdict::{Evidence, Verdict};

/// A result in words: the content of JSON, and the input of renderers.
pub type Record = FunctionResult<PrintedFinding>;

/// The note for evidence that any program may have printed.
const STATED: &str = " (references as a `;! declare` line has them)";

impl Record {
    /// Returns whether the lines of the findings are lines of the input.
    pub fn lines_of_input(&self) -> bool {
        self.listing.as_ref().is_none_or(|listing| *listing == self.input)
    }

    /// Returns ` (after-only evidence)` or another note, if the evidence is weaker than a reader
    /// would expect.
    pub fn evidence_note(&self) -> &'static str {
        match self.evidence {
            Evidence::AfterOnly => " (after-only evidence)",
            Evidence::Code => " (code evidence)",
            Evidence::Pair if self.stated => STATED,
            Evidence::Pair | Evidence::None => "",
        }
    }

    /// Returns `in function %f (pair evidence)`; `None` if there is no function.
    pub(crate) fn context(&self) -> Option<String> {
        let function = self.function.as_deref()?;
        let stated = if self.stated { STATED } else { "" };
        Some(format!("in function {function} ({} evidence){stated}", self.evidence.name()))
    }

    /// Leaves out the findings that are allowed, and counts them.
    pub fn leave_out(&mut self, levels: &Levels) {
        let all = self.findings.len();
        self.findings.retain(|found| !levels.allows(found.code));
        self.allowed += all - self.findings.len();
    }

    /// Returns the path under which the findings' lines are shown.
    pub fn shown_path(&self) -> &str {
        self.listing.as_deref().unwrap_or(&self.input)
    }

    /// Returns a description of the part of the record that contradicts the verdict, if there is
    /// one.
    pub fn contradiction(&self) -> Option<&'static str> {
        let is_wrong = self.findings.iter().any(|found| found.code.severity() == Severity::Error);
        let is_known = |found: &PrintedFinding| {
            found.severity == found.code.severity() && found.name == found.code.name()
        };
        let is_judged = self.verdict.is_judged();
        if !self.findings.iter().all(is_known) {
            Some("a finding has a name or severity that is not that of its code")
        } else if is_wrong != (self.verdict == Verdict::Violated) {
            Some("its findings say otherwise")
        } else if is_judged == self.reason.is_some() {
            Some("there is a reason for no verdict if and only if there is one")
        } else if self.tables_only.is_some() && self.evidence != Evidence::Code {
            Some("its tables are checked, but it is no machine code")
        } else if self.certified && self.verdict != Verdict::Verified {
            Some("it is certified")
        } else if is_judged && (self.function.is_none() || self.evidence == Evidence::None) {
            Some("there is nothing that it rests on")
        } else {
            None
        }
    }
}
