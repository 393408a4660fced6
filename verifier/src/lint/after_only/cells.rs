//! Liveness of events on cells, computed for one cell at a time.
//!
//! Cost: for each cell, proportional to the number of blocks in which it is live. No matrix of
//! blocks and cells is ever allocated.

use super::events::{Event, Tick};
use super::timeline::Timeline;
use crate::model::{Block, Location};

/// Follows cells, one after the other.
pub(super) struct Cells<'t, 'p> {
    timeline: &'t Timeline<'p>,
    /// By block, the last [`Live`] in which something was found at its start.
    marked: Vec<u32>,
    round: u32,
    work: Vec<Block>,
}

/// The points from which an event on a cell is reachable before the cell is written again.
pub(super) struct Live<'c, 't, 'p> {
    cells: &'c Cells<'t, 'p>,
    at: Location,
    wanted: Event,
}

impl<'t, 'p> Cells<'t, 'p> {
    pub(super) fn new(timeline: &'t Timeline<'p>) -> Self {
        let marked = vec![0; timeline.after().block_count()];
        Cells { timeline, marked, round: 0, work: Vec::new() }
    }

    /// Returns the points from which `wanted` is reachable on a cell before it is written
    /// again.
    pub(super) fn live(&mut self, at: Location, wanted: Event) -> Live<'_, 't, 'p> {
        self.round += 1;
        let mut decided = None;
        // The first deciding event of each block: a write, or the wanted event.
        for &(tick, event) in self.timeline.events(at) {
            let block = self.timeline.block(tick);
            let decides = event.is_write() || event == wanted;
            let is_first = decides && decided.replace(block) != Some(block);
            if is_first && event == wanted {
                self.mark(block);
            }
        }
        while let Some(block) = self.work.pop() {
            for (source, _) in self.timeline.predecessors(block) {
                if !self.is_marked(source)
                    && decision(self.timeline.events_in(at, source), wanted).is_none()
                {
                    self.mark(source);
                }
            }
        }
        Live { cells: self, at, wanted }
    }

    fn is_marked(&self, block: Block) -> bool {
        self.marked[block.index()] == self.round
    }

    fn mark(&mut self, block: Block) {
        if !self.is_marked(block) {
            self.marked[block.index()] = self.round;
            self.work.push(block);
        }
    }
}

/// Whether the wanted event precedes any write; `None` if neither occurs.
fn decision(events: &[(Tick, Event)], wanted: Event) -> Option<bool> {
    let mut events = events.iter().map(|&(_, event)| event);
    events.find(|&event| event.is_write() || event == wanted).map(|event| event == wanted)
}

impl Live<'_, '_, '_> {
    /// Whether the event may occur at the start of a block or later.
    pub(super) fn at_start(&self, block: Block) -> bool {
        self.cells.is_marked(block)
    }

    /// Whether the event may occur after a tick.
    pub(super) fn behind(&self, tick: Tick) -> bool {
        let timeline = self.cells.timeline;
        let block = timeline.block(tick);
        let events = timeline.events_in(self.at, block);
        let behind = events.partition_point(|&(at, _)| at <= tick);
        decision(&events[behind..], self.wanted).unwrap_or_else(|| {
            timeline.cfg.successors(block).iter().any(|&next| self.at_start(next))
        })
    }
}
