//! Converts results to words: ids become names and lines.

use stackmap_verifier::findings::{Finding, Label, Site, WitnessBlock};

use crate::printed::{Event, Omitted, PrintedFinding, PrintedSite, VisitedBlock};
use crate::record::Record;
use crate::result::FunctionResult;

impl FunctionResult {
    /// Converts the findings to words, with at most `max_witness` blocks of a path. The lines are
    /// those of the [texts](Self::texts).
    pub fn print(self, max_witness: usize) -> Record {
        let findings = self.findings.iter().map(|f| PrintedFinding::new(f, max_witness)).collect();
        let FunctionResult { input, function, verdict, evidence, optimized, .. } = self;
        let FunctionResult { certified, stated, expected, stats, reason, line, column, .. } = self;
        let FunctionResult {
            listing,
            index,
            texts,
            code,
            failed,
            tables_only,
            fingerprint,
            known,
            ..
        } = self;
        let allowed = self.allowed;
        FunctionResult {
            input,
            function,
            verdict,
            evidence,
            optimized,
            certified,
            stated,
            expected,
            tables_only,
            stats,
            findings,
            reason,
            line,
            column,
            listing,
            index,
            fingerprint,
            known,
            allowed,
            texts,
            code,
            failed,
        }
    }
}

impl PrintedFinding {
    fn new(finding: &Finding, max_witness: usize) -> Self {
        let origin = finding.primary.site.origin;
        let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
        let path = &finding.witness;
        let omitted = Omitted::of(path.len(), max_witness);
        let gap = omitted.map_or(0..0, |gap| gap.after..gap.after + gap.blocks);
        let kept = path.iter().enumerate().filter(|(i, _)| !gap.contains(i));
        PrintedFinding {
            code: finding.code,
            name: finding.code.name().to_owned(),
            severity: finding.severity(),
            message: finding.message.clone(),
            slot: finding.slot.clone(),
            values: finding.values.clone(),
            safepoint: finding.safepoint.as_ref().map(PrintedSite::from),
            witness: kept.map(|(_, block)| VisitedBlock::from(block)).collect(),
            line: origin.line(),
            column: origin.line().map(|_| origin.column),
            labels: labels.map(Event::from).collect(),
            notes: finding.notes.iter().map(Event::from).collect(),
            help: finding.help.to_owned(),
            omitted,
            fingerprint: None,
            known: false,
        }
    }
}

impl Record {
    /// Returns the record with at most so many blocks of each path, as [`FunctionResult::print`]
    /// makes it.
    #[must_use]
    pub fn shortened(mut self, max_witness: usize) -> Record {
        for found in &mut self.findings {
            if let Some(gap) = Omitted::of(found.witness.len(), max_witness) {
                found.witness.drain(gap.after..gap.after + gap.blocks);
                found.omitted = Some(gap);
            }
        }
        self
    }
}

impl From<&Site> for PrintedSite {
    fn from(site: &Site) -> Self {
        PrintedSite { block: site.block.clone(), line: site.origin.line() }
    }
}

impl From<&WitnessBlock> for VisitedBlock {
    fn from(block: &WitnessBlock) -> Self {
        VisitedBlock {
            block: block.site.block.clone(),
            line: block.site.origin.line(),
            back_edge: block.by_back_edge,
            events: block.events.iter().map(Event::from).collect(),
        }
    }
}

impl From<&Label> for Event {
    fn from(label: &Label) -> Self {
        let origin = label.site.origin;
        Event {
            line: origin.line(),
            text: label.text.clone(),
            block: label.site.block.clone(),
            column: origin.line().map(|_| origin.column),
            length: origin.line().map(|_| origin.length),
            line_of_function: None,
        }
    }
}
