//! Findings of two programs that do not run in lockstep.

use std::collections::BTreeMap;

use super::faults::{Change, Fault, FaultKind, Faults, Wanted};
use super::{MOST_CONSEQUENCES, Places};
use crate::findings::{Finding, Label, Site};
use crate::model::{After, Before, Block, InstructionId, Location, OperationId};
use crate::prove::pair::Point;
use crate::unsupported::Unsupported;

/// The most findings of one pair; there may be as many faults as there are instructions.
const MOST_FINDINGS: usize = 100;

/// The subject of one finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    /// The spiller's accesses of a place.
    Place(Location),
    /// The targets of the edges of a block.
    Edges(Block),
}

/// Returns the findings on two programs that are [no pair](crate::prove::pair::NotAPair::Wrong),
/// in the order of the input: one for each change of the program, and one for each place that the
/// spiller accesses and must not.
///
/// # Errors
///
/// If the only obstacle is a split-edge block on several edges.
pub(crate) fn parted(before: &Before, after: &After) -> Result<Vec<Finding>, Unsupported> {
    let faults = Faults::find(before, after);
    if let Some(block) = faults.shared_split_edge
        && faults.list.is_empty()
    {
        return Err(Unsupported::SharedSplitEdge { block: after.block_name(block).to_string() });
    }
    let scene = Scene { before, after, places: Places { after } };
    let mut findings: Vec<Finding> = Vec::new();
    // For each topic, the index of its finding, and the number of further faults that it stands
    // for.
    let mut known: BTreeMap<Topic, (usize, usize)> = BTreeMap::new();
    let mut left_out = 0;
    for &fault in &faults.list {
        let (topic, found) = scene.finding(fault);
        let same = topic.and_then(|topic| known.get_mut(&topic));
        if let Some((place, more)) = same
            && let Some(finding) = findings.get_mut(*place)
        {
            *more += 1;
            again(finding, &found, *more);
        } else if findings.len() < MOST_FINDINGS {
            known.extend(topic.map(|topic| (topic, (findings.len(), 0))));
            let path = faults.path(fault.block);
            let witness = scene.places.shortest_path(&path, fault.block, found.primary.clone());
            findings.push(Finding { witness, ..found });
        } else {
            left_out += 1;
        }
    }
    if let Some(last) = findings.last_mut()
        && left_out > 0
    {
        let text = format!("and {left_out} more differences, which are not shown");
        last.notes.push(Label { site: last.primary.site.clone(), text });
    }
    Ok(findings)
}

/// Adds a further fault to the finding of its topic. The first few are described individually,
/// the others only counted.
fn again(known: &mut Finding, other: &Finding, more: usize) {
    let text = match more {
        1..=MOST_CONSEQUENCES => {
            let texts = std::iter::once(&other.primary).chain(&other.secondary);
            let texts: Vec<&str> = texts.map(|label| label.text.as_str()).collect();
            format!("the same, also here: {}", texts.join("; "))
        }
        _ => format!("and {} times more", more - MOST_CONSEQUENCES),
    };
    // Only the last note is a count.
    known.notes.truncate(MOST_CONSEQUENCES);
    known.notes.push(Label { site: other.primary.site.clone(), text });
}

/// Both programs, as places to point to.
pub(crate) struct Scene<'p> {
    before: &'p Before,
    after: &'p After,
    places: Places<'p>,
}

impl Scene<'_> {
    /// Returns the finding of a fault, and its subject.
    fn finding(&self, Fault { block, kind }: Fault) -> (Option<Topic>, Finding) {
        match kind {
            FaultKind::Changed(change) => {
                let is_edge = matches!(change, Change::Elsewhere(..));
                (is_edge.then_some(Topic::Edges(block)), change.finding(self, block))
            }
            FaultKind::Access(instruction, at, why) => {
                let point = Point { block, instruction, action: 0 };
                (Some(Topic::Place(at)), why.finding(&self.places, point, at))
            }
        }
    }

    /// An after block's name, in backquotes.
    pub(crate) fn name(&self, block: Block) -> String {
        format!("`{}`", self.after.block_name(block))
    }

    /// Returns the numbers of parameters of a block in *after* and of the entry in *before*.
    pub(crate) fn parameters(&self, block: Block) -> (usize, usize) {
        (self.after.params(block).len(), self.before.params(Block::new(0)).len())
    }

    /// Returns the numbers of edges of a block in *after* and of its counterpart in *before*.
    pub(crate) fn edges(&self, block: Block) -> (usize, usize) {
        let counterpart = self.after.counterpart(block);
        (self.after.edges(block).len(), counterpart.map_or(0, |b| self.before.edges(b).len()))
    }

    /// The header of an after block.
    pub(crate) fn header(&self, block: Block, text: impl Into<String>) -> Label {
        Label { site: self.places.block(block), text: text.into() }
    }

    /// An instruction of *after*.
    pub(crate) fn instruction(
        &self,
        block: Block,
        instruction: InstructionId,
        text: impl Into<String>,
    ) -> Label {
        self.places.label(Point { block, instruction, action: 0 }, text)
    }

    /// Returns the site of the last instruction of an after block.
    pub(crate) fn end(&self, block: Block, text: impl Into<String>) -> Label {
        match self.after.instructions(block).next_back() {
            Some(last) => self.instruction(block, last, text),
            None => self.header(block, text),
        }
    }
}

/// Places in *before*.
impl Scene<'_> {
    fn site_before(&self, block: Block, operation: Option<OperationId>) -> Site {
        Site {
            block: self.before.block_name(block).to_string(),
            instruction: None,
            origin: match operation {
                Some(id) => self.before.operation_origin(id),
                None => self.before.block_origin(block),
            },
        }
    }

    /// The entry.
    pub(crate) fn entry_before(&self, text: impl Into<String>) -> Label {
        Label { site: self.site_before(Block::new(0), None), text: text.into() }
    }

    /// The header of the counterpart of an after block, if it has one.
    pub(crate) fn counterpart(&self, block: Block, text: impl Into<String>) -> Option<Label> {
        let counterpart = self.after.counterpart(block)?;
        Some(Label { site: self.site_before(counterpart, None), text: text.into() })
    }

    /// An operation of the counterpart of an after block.
    pub(crate) fn operation(
        &self,
        block: Block,
        operation: OperationId,
        text: impl Into<String>,
    ) -> Label {
        let counterpart = self.after.counterpart(block).unwrap_or(Block::new(0));
        Label { site: self.site_before(counterpart, Some(operation)), text: text.into() }
    }

    /// Returns the site of the last operation of the counterpart of an after block.
    pub(crate) fn counterpart_end(&self, block: Block, text: impl Into<String>) -> Option<Label> {
        Some(self.end_before(self.after.counterpart(block)?, text))
    }

    fn end_before(&self, block: Block, text: impl Into<String>) -> Label {
        let last = self.before.operations(block).next_back();
        Label { site: self.site_before(block, last), text: text.into() }
    }

    /// Returns the site at which an edge of *before* leaves its block, with the name of its target
    /// behind the text.
    pub(crate) fn edge_before(&self, (from, edge): Wanted, text: &str) -> Label {
        let target = self.before.edge(from, edge).map_or(from, |edge| edge.target);
        self.end_before(from, format!("{text} `{}`", self.before.block_name(target)))
    }
}
