//! The law on faults of the spiller: the reported faults are those that the oracle finds.

use std::collections::BTreeSet;

use stackmap_verifier::findings::{Code, Finding, Severity};
use stackmap_verifier::model::{Block, EdgeIndex, Location};
use stackmap_verifier::{Collector, Report};

use crate::oracle::{self, Fault, FaultKind};
use crate::program::Built;

/// Checks each finding, and that all faults are reported.
pub(super) fn check(
    pair: &Built,
    collector: Collector,
    report: &Report,
    faults: &BTreeSet<Fault>,
) -> Result<(), String> {
    let mut told = BTreeSet::new();
    for finding in &report.findings {
        if finding.severity() != Severity::Error {
            return Err(format!("{}: a warning beside a fault", finding.code));
        }
        told.insert(shown(pair, collector, finding)?);
    }
    let topics: BTreeSet<Topic> = faults.iter().map(|fault| topic(*fault)).collect();
    let untold = topics.difference(&told).next();
    untold.map_or(Ok(()), |topic| Err(format!("a fault is not told: {topic:?}")))
}

/// The subject of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    Changed(Block),
    Misplaced(Location),
}

/// Returns the subject under which a fault is reported.
fn topic(fault: Fault) -> Topic {
    match fault.kind {
        FaultKind::Changed => Topic::Changed(fault.block),
        FaultKind::Misplaced(at) => Topic::Misplaced(at),
    }
}

/// Returns what a finding shows at the end of its witness, and on no shorter path.
fn shown(pair: &Built, collector: Collector, finding: &Finding) -> Result<Topic, String> {
    let code = finding.code;
    let blocks: Vec<Block> = finding.witness.iter().map(|block| block.block).collect();
    let edges: Vec<EdgeIndex> =
        finding.witness.iter().filter_map(|block| block.entered_by).collect();
    let run = oracle::replay(pair, collector, &edges).filter(|run| run.blocks == blocks);
    let run = run.ok_or_else(|| format!("{code}: the witness is no path"))?;
    let fault = run.faults.into_iter().find(|fault| is_of(fault, finding, pair));
    let Some(fault) = fault else {
        return Err(format!("{code}: the witness does not show it"));
    };
    for shorter in super::shorter(pair, &blocks, &edges) {
        let run = oracle::replay(pair, collector, &shorter);
        if run.is_some_and(|run| run.faults.contains(&fault)) {
            return Err(format!("{code}: the witness shows it without one of its blocks too"));
        }
    }
    Ok(topic(fault))
}

/// Whether a finding reports this fault.
fn is_of(fault: &Fault, finding: &Finding, pair: &Built) -> bool {
    let shown = finding.primary.site.instruction;
    let is_there = fault.instruction.is_none_or(|instruction| Some(instruction) == shown);
    is_there
        && match (fault.kind, finding.code) {
            (FaultKind::Changed, Code::ChangedProgram) => true,
            (FaultKind::Misplaced(at), Code::MisplacedAccess) => {
                let name = pair.after.display_location(at).to_string();
                finding.slot.as_deref() == Some(name.as_str())
            }
            (FaultKind::Changed | FaultKind::Misplaced(_), _) => false,
        }
}
