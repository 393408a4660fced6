//! Findings as text, with places as regalloc2 names them.

use std::fmt;

use stackmap_verifier::findings::{Finding, Label, Site};
use stackmap_verifier::{Outcome, Report};

use crate::model::Model;
use crate::place::Place;

/// A report, ready to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Rendered<'a> {
    model: &'a Model,
    report: &'a Report,
}

impl Model {
    /// The model's report as text: the outcome, then each finding with what led
    /// to it, a path on which it shows, and what to do.
    pub fn render<'a>(&'a self, report: &'a Report) -> Rendered<'a> {
        Rendered { model: self, report }
    }
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.report.outcome {
            Outcome::Verified => writeln!(f, "verified")?,
            Outcome::Violated => writeln!(f, "violated")?,
            Outcome::Unsupported(reason) => writeln!(f, "unsupported: {reason}")?,
            Outcome::Internal(error) => writeln!(f, "{error}")?,
        }
        self.report.findings.iter().try_for_each(|finding| self.finding(f, finding))
    }
}

impl Rendered<'_> {
    fn finding(&self, f: &mut fmt::Formatter<'_>, finding: &Finding) -> fmt::Result {
        writeln!(f, "{} {}: {}", finding.code, finding.code.name(), finding.message)?;
        self.label(f, "  at ", &finding.primary)?;
        for label in &finding.secondary {
            self.label(f, "     ", label)?;
        }
        for (i, block) in finding.witness.iter().enumerate() {
            let lead = if i == 0 { "  path " } else { "       " };
            let back = if block.by_back_edge { " (around the loop)" } else { "" };
            writeln!(f, "{lead}{}{back}", block.site.block)?;
            for event in &block.events {
                self.label(f, "         ", event)?;
            }
        }
        for note in &finding.notes {
            self.label(f, "  note ", note)?;
        }
        writeln!(f, "  help {}", finding.help)
    }

    fn label(&self, f: &mut fmt::Formatter<'_>, lead: &str, label: &Label) -> fmt::Result {
        writeln!(f, "{lead}{}: {}", self.site(&label.site), label.text)
    }

    fn site(&self, site: &Site) -> String {
        match site.instruction.and_then(|instruction| self.model.place(instruction)) {
            Some(Place::Instruction(inst)) => format!("{}, inst{}", site.block, inst.index()),
            Some(Place::Edit(edit)) => format!("{}, edit {edit}", site.block),
            None => site.block.clone(),
        }
    }
}
