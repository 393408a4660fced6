//! What decides whether a smaller case still goes wrong.

use std::collections::BTreeSet;

use stackmap_clif::after_only::read_after_only;
use stackmap_clif::declared::Declared;
use stackmap_clif::expected::Stated;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::{Code, Finding, Severity, Site};
use stackmap_verifier::{Options, verify_after_only};

use crate::case::Case;

/// Decides what goes wrong in a case.
pub trait Oracle {
    /// Returns what is found in a case; `None` if it cannot be read, run or judged.
    fn ask(&mut self, case: &Case) -> Option<Answer>;
}

/// What is found in a case.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The findings.
    pub findings: Vec<Finding>,
    /// The lines that the findings point into: the function after, and behind it the function
    /// before.
    pub lines: Vec<String>,
    /// The function after.
    pub after: String,
}

impl Answer {
    /// Returns the codes of the findings that are errors.
    pub(crate) fn errors(&self) -> BTreeSet<Code> {
        let errors = self.findings.iter().filter(|f| f.severity() == Severity::Error);
        errors.map(|finding| finding.code).collect()
    }

    /// Returns the first finding with a code.
    pub fn finding(&self, code: Code) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.code == code)
    }

    /// Returns the text of the line at a site.
    pub fn line(&self, site: &Site) -> Option<&str> {
        let line = site.origin.line()?.checked_sub(1)?;
        self.lines.get(line as usize).map(|line| line.trim())
    }
}

/// Verifies the two functions of a case against each other; of a case with the function after only,
/// what that shows by itself.
#[derive(Clone, Debug, Default)]
pub struct Verifier {
    /// What is verified.
    pub options: Options,
    /// What is known of the version of Cranelift that wrote the functions.
    pub version: AtLeast,
    /// What is a reference, declared or not.
    pub references: Vec<Stated>,
}

impl Verifier {
    /// Verifies two functions.
    pub fn pair(&self, before: &str, after: &str, declared: &[u32]) -> Option<Answer> {
        let behind = u32::try_from(after.lines().count()).ok()?.saturating_add(1);
        let declared =
            Declared::exactly(declared.to_vec()).with_references(self.references.clone());
        let pair = read_pair(
            Text { text: before, line: behind },
            Text { text: after, line: 1 },
            &declared,
            self.version,
        );
        let report = pair.ok()?.verify(&self.options).ok()?;
        Some(answer(report.findings, after, before))
    }

    fn after_only(&self, after: &str) -> Option<Answer> {
        let lowered = read_after_only(Text { text: after, line: 1 }, &[], self.version).ok()?;
        let report = verify_after_only(&lowered.program, &lowered.declared, &self.options);
        Some(answer(report.findings, after, ""))
    }
}

fn answer(findings: Vec<Finding>, after: &str, before: &str) -> Answer {
    let lines = after.lines().chain(before.lines()).map(str::to_owned).collect();
    Answer { findings, lines, after: after.to_owned() }
}

impl Oracle for Verifier {
    fn ask(&mut self, case: &Case) -> Option<Answer> {
        match case.has_before() {
            true => self.pair(&case.before(), &case.after(), case.declared()),
            false => self.after_only(&case.after()),
        }
    }
}
