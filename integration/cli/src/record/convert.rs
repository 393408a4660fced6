//! Records from results, and sums to and fro.

use stackmap_verifier::Stats;
use stackmap_verifier::findings::{Finding, Label, Site, WitnessBlock};

use super::{Block, Counts, Event, Found, Omitted, Part, Place, Record, Sums};
use crate::outcome::{Checked, Summary, Tally};

impl Record {
    /// What a line says of a result, with no more than so many blocks of a path.
    pub(crate) fn new(checked: &Checked, max_witness: usize) -> Self {
        let reason = checked.reason.as_ref();
        Record {
            input: checked.input.clone(),
            function: checked.function.clone(),
            verdict: checked.verdict,
            evidence: checked.evidence,
            optimized: checked.optimized,
            certified: checked.certified,
            stated: checked.stated,
            stats: checked.stats.into(),
            findings: checked.findings.iter().map(|f| Found::new(f, max_witness)).collect(),
            reason: reason.map(|reason| reason.text.clone()),
            line: reason.and_then(|reason| reason.line),
            column: reason.and_then(|reason| reason.column),
            listing: checked.listing.as_ref().map(|listing| listing.after.path.clone()),
            index: checked.index,
        }
    }
}

impl Found {
    fn new(finding: &Finding, max_witness: usize) -> Self {
        let origin = finding.primary.site.origin;
        let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
        let path = &finding.witness;
        let omitted = omitted(path.len(), max_witness);
        let gap = omitted.map_or(0..0, |gap| gap.after..gap.after + gap.blocks);
        let kept = path.iter().enumerate().filter(|(i, _)| !gap.contains(i));
        Found {
            code: finding.code,
            name: finding.code.name().to_owned(),
            severity: finding.severity(),
            message: finding.message.clone(),
            slot: finding.slot.clone(),
            values: finding.values.clone(),
            safepoint: finding.safepoint.as_ref().map(Place::from),
            witness: kept.map(|(_, block)| Block::from(block)).collect(),
            line: origin.line(),
            column: origin.line().map(|_| origin.column),
            labels: labels.map(Event::from).collect(),
            notes: finding.notes.iter().map(Event::from).collect(),
            help: finding.help.to_owned(),
            omitted,
        }
    }
}

/// What to leave out of a path: its middle, since its ends tell the most.
fn omitted(length: usize, most: usize) -> Option<Omitted> {
    let blocks = length.saturating_sub(most);
    (blocks > 0).then(|| Omitted { after: (length - blocks) / 2, blocks })
}

impl From<&Site> for Place {
    fn from(site: &Site) -> Self {
        Place { block: site.block.clone(), line: site.origin.line() }
    }
}

impl From<&WitnessBlock> for Block {
    fn from(block: &WitnessBlock) -> Self {
        Block {
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

impl From<Stats> for Counts {
    fn from(stats: Stats) -> Self {
        let Stats { blocks, instructions, references, safepoints, roots, slots, shared_slots } =
            stats;
        Counts { blocks, instructions, references, safepoints, roots, slots, shared_slots }
    }
}

impl From<Counts> for Stats {
    fn from(counts: Counts) -> Self {
        let Counts { blocks, instructions, references, safepoints, roots, slots, shared_slots } =
            counts;
        Stats { blocks, instructions, references, safepoints, roots, slots, shared_slots }
    }
}

impl From<&Summary> for Sums {
    fn from(summary: &Summary) -> Self {
        let Summary { tally: _, optimized, inputs, skipped, partition, wasm } = *summary;
        let Part { functions, verified, violated, unsupported, errors, warnings, stats } =
            summary.all().into();
        let Tally { certified, stated, .. } = summary.all();
        let is_there = optimized != Tally::default();
        Sums {
            functions,
            verified,
            certified,
            stated,
            violated,
            unsupported,
            errors,
            warnings,
            stats,
            optimized: is_there.then(|| optimized.into()),
            inputs,
            skipped,
            partition,
            wasm,
            run: None,
        }
    }
}

impl From<Tally> for Part {
    fn from(tally: Tally) -> Self {
        let Tally {
            functions,
            verified,
            // Only pairs are certified, and that is said beside them.
            certified: _,
            stated: _,
            violated,
            unsupported,
            errors,
            warnings,
            stats,
            // Every record says what it rests on.
            after_only: _,
            without_roots: _,
        } = tally;
        let stats = stats.into();
        Part { functions, verified, violated, unsupported, errors, warnings, stats }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_loses_its_middle() {
        assert_eq!(omitted(3, 3), None);
        assert_eq!(omitted(9, 4), Some(Omitted { after: 2, blocks: 5 }));
        assert_eq!(omitted(2, 0), Some(Omitted { after: 0, blocks: 2 }));
    }
}
