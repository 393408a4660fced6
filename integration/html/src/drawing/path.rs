//! The witness path, by ids.

use std::collections::BTreeMap;

use stackmap_verifier::findings::{Finding, WitnessBlock};
use stackmap_verifier::model::{Block, EdgeIndex, InstructionId, Location};
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::{PathContents, State, Timeline};

/// A moment of the path: the number of edges taken, and the next instruction; `None` at the start
/// of a block.
pub(super) type Moment = (usize, Option<InstructionId>);

/// The witness path of a finding.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) hops: Vec<Hop>,
    /// The last instruction of the path, if it extends beyond the start of its last block.
    pub(super) end: Option<InstructionId>,
    /// The events on the path, numbered from 1 in order.
    pub(super) events: BTreeMap<Moment, Vec<usize>>,
}

/// A block of the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop {
    pub(super) block: Block,
    pub(super) entered_by: Option<EdgeIndex>,
    pub(super) by_back_edge: bool,
}

/// The locations that are wrong at the end of the path, with the moment since which they are.
pub(super) type Clashes = BTreeMap<Location, Moment>;

impl Path {
    pub(super) fn new(finding: &Finding) -> Self {
        let hop = |block: &WitnessBlock| Hop {
            block: block.block,
            entered_by: block.entered_by,
            by_back_edge: block.by_back_edge,
        };
        let mut events: BTreeMap<Moment, Vec<usize>> = BTreeMap::new();
        let mut number = 0;
        for (hop, block) in finding.witness.iter().enumerate() {
            for event in &block.events {
                number += 1;
                events.entry((hop, event.site.instruction)).or_default().push(number);
            }
        }
        let last = finding.witness.last();
        let end = last.and_then(|block| {
            let events = block.events.iter().map(|event| event.site.instruction);
            events.chain([finding.primary.site.instruction]).flatten().max()
        });
        Path { hops: finding.witness.iter().map(hop).collect(), end, events }
    }

    /// Returns whether the path goes through a block; without a path, every block counts.
    pub(super) fn touches(&self, block: Block) -> bool {
        self.hops.is_empty() || self.hops.iter().any(|hop| hop.block == block)
    }

    /// Returns the moment at which the path ends.
    pub(super) fn last(&self) -> Moment {
        (self.hops.len().saturating_sub(1), self.end)
    }

    /// Returns the instructions that the path goes through in the block at position `hop`.
    pub(super) fn instructions(
        &self,
        pair: &Pair<'_>,
        hop: usize,
    ) -> impl Iterator<Item = InstructionId> + use<> {
        let block = self.hops.get(hop).map_or(Block::new(0), |hop| hop.block);
        let end = (hop + 1 == self.hops.len()).then_some(self.end);
        pair.after().instructions(block).filter(move |&id| end.is_none_or(|end| Some(id) <= end))
    }

    /// Walks along the path, and passes the state at each moment to `see`.
    pub(super) fn run<'t>(
        &self,
        pair: &Pair<'_>,
        timeline: &'t Timeline<'_>,
        mut see: impl FnMut(Seen, &State<'t>),
    ) {
        let mut state = timeline.entry();
        let mut previous: Option<Block> = None;
        for (number, hop) in self.hops.iter().enumerate() {
            if let (Some(from), Some(edge)) = (previous, hop.entered_by) {
                state.edge(from, edge);
            }
            see(Seen::Before((number, None)), &state);
            for id in self.instructions(pair, number) {
                see(Seen::Before((number, Some(id))), &state);
                for (_, step) in pair.steps_of(hop.block, id) {
                    state.step(step);
                }
            }
            if number + 1 < self.hops.len() {
                see(Seen::Leaving(number), &state);
            }
            previous = Some(hop.block);
        }
    }

    /// Returns the moment since which each of these locations has had the content that it has at
    /// the end of the path: the moment after the instruction that last changed it. An edge does not
    /// change contents, but only gives them other names.
    pub(super) fn clashes(
        &self,
        pair: &Pair<'_>,
        timeline: &Timeline<'_>,
        wrong: &[Location],
    ) -> Clashes {
        let mut since = vec![(0, None); wrong.len()];
        let mut previous: Vec<Option<PathContents>> = Vec::new();
        self.run(pair, timeline, |seen, state| {
            let (next, compare) = match seen {
                Seen::Before(moment) => (moment, moment.1.is_some()),
                Seen::Leaving(hop) => ((hop + 1, None), true),
            };
            let contents: Vec<_> = wrong.iter().map(|&at| state.content(at).cloned()).collect();
            if compare {
                let changed = contents.iter().zip(&previous).zip(&mut since);
                for (_, since) in changed.filter(|((now, before), _)| now != before) {
                    *since = next;
                }
            }
            previous = contents;
        });
        wrong.iter().copied().zip(since).collect()
    }
}

/// The moment at which a state is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Before an instruction, or at a block's start.
    Before(Moment),
    /// Behind the last instruction of the block at this position in the path.
    Leaving(usize),
}
