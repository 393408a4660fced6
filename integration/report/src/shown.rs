//! Makes characters with an effect on the display visible in records.

use std::borrow::Cow;

use crate::listing::Listing;
use crate::machine::MachineCode;
use crate::printed::{Event, PrintedFinding, PrintedSite, VisitedBlock};
use crate::record::Record;
use crate::visible::visible;

impl Record {
    /// Returns the record with such characters made visible in every string, and in its texts if
    /// there are findings that refer to them.
    ///
    /// Cost: linear in the size of the record, and of its texts if there are findings.
    #[must_use]
    pub fn visible(mut self) -> Record {
        let Record { input, function, findings, reason, listing, fingerprint, .. } = &mut self;
        show(input);
        [function, reason, listing, fingerprint].into_iter().flatten().for_each(show);
        findings.iter_mut().for_each(show_finding);
        if !self.findings.is_empty() {
            self.texts = self.texts.map(Listing::visible);
        }
        self.code = self.code.map(MachineCode::visible);
        self
    }
}

fn show(text: &mut String) {
    // Most texts are unchanged.
    if let Cow::Owned(shown) = visible(text) {
        *text = shown;
    }
}

/// No field is ignored by `..` here: an added field has to be made visible as well.
fn show_finding(finding: &mut PrintedFinding) {
    let PrintedFinding {
        code: _,
        name,
        severity: _,
        message,
        slot,
        values,
        safepoint,
        witness,
        line: _,
        column: _,
        labels,
        notes,
        help,
        omitted: _,
        fingerprint,
        known: _,
    } = finding;
    [name, message, help].into_iter().chain(slot).chain(fingerprint).chain(values).for_each(show);
    if let Some(PrintedSite { block, line: _ }) = safepoint {
        show(block);
    }
    for VisitedBlock { block, line: _, back_edge: _, events } in witness {
        show(block);
        events.iter_mut().for_each(show_event);
    }
    labels.iter_mut().chain(notes).for_each(show_event);
}

fn show_event(event: &mut Event) {
    let Event { line: _, text, block, column: _, length: _, line_of_function: _ } = event;
    show(text);
    show(block);
}
