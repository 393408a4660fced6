//! The contents of locations, point by point: for display, not for the proof.
//!
//! The proof tracks only what something ahead depends on, which is less than a
//! picture of a stack slot shows. So this is an analysis of its own, of the few
//! locations a picture has rows for and of those that are copied to them.
//!
//! Forwards. Domain: for each location two sets of [`Held`], what it holds on every
//! path to the point and what on some path. Join: the first intersect, the second
//! unite. Bottom: the point is not reached. At the function's start everything
//! holds nothing. The sets only shrink and only grow, so sweeps in reverse
//! post-order end. Along a single path nothing is joined, and both sets are what the
//! location holds on that path.
//!
//! Two things are coarser than in the definition of an execution: a value that is a
//! reference only on some paths is taken for one at safepoints, and a copy of an
//! instance that no value names any more is told by a value that once did.

mod alone;
mod content;
mod state;
mod tracked;

pub use alone::Alone;
pub use content::{Held, PathContents};
pub use state::State;

use crate::Collector;
use crate::model::{Block, EdgeIndex, Location};
use crate::prove::pair::Pair;
use crate::prove::worklist::Worklist;
use content::Contents;
use tracked::Tracked;

/// The contents of some locations of a pair, at the start of each block.
#[derive(Debug)]
pub struct Timeline<'p> {
    tracked: Tracked<'p>,
    at_start: Vec<Option<Contents>>,
}

impl<'p> Timeline<'p> {
    /// Prepares the analysis of `rows` and of the locations that are copied to them. Paths can
    /// be followed afterwards; the contents on all paths have to be [solved](Self::solve) for.
    ///
    /// Cost: linear in the pair.
    pub fn new(pair: &'p Pair<'p>, collector: Collector, rows: &[Location]) -> Self {
        let tracked = Tracked::new(pair, collector, rows);
        Timeline { at_start: vec![None; pair.after().block_count()], tracked }
    }

    /// Returns the state in which the function is entered: the beginning of every path.
    pub fn entry(&self) -> State<'_> {
        State::entry(&self.tracked)
    }

    /// Returns the contents at the start of a block, on all paths to it; `None` if there is no
    /// such path, or if it was not solved for.
    pub fn at_start(&self, block: Block) -> Option<State<'_>> {
        let contents = self.at_start.get(block.index())?.clone()?;
        Some(State::new(&self.tracked, contents))
    }

    /// Computes the contents on all paths. Returns whether that succeeded: it does not if it
    /// takes more than `most` contents, which are locations times blocks.
    ///
    /// Cost: each block is walked once for each time its contents change; a
    /// definition or a safepoint costs the number of locations looked at.
    pub fn solve(&mut self, most: usize) -> bool {
        let Timeline { tracked, at_start } = self;
        let pair = tracked.pair;
        if tracked.locations.len().saturating_mul(pair.post_order().len()) > most {
            return false;
        }
        if let Some(entry) = at_start.first_mut() {
            *entry = Some(State::entry(tracked).into_contents());
        }
        let order = pair.post_order().iter().rev().copied();
        let mut worklist = Worklist::new(order, at_start.len());
        while let Some(block) = worklist.pop() {
            let Some(contents) = at_start[block.index()].clone() else { continue };
            let mut state = State::new(tracked, contents);
            for (_, step) in pair.steps(block) {
                state.step(step);
            }
            for (i, &target) in pair.cfg().successors(block).iter().enumerate() {
                let mut taken = state.clone();
                taken.edge(block, EdgeIndex::new(i));
                let taken = taken.into_contents();
                let changed = match &mut at_start[target.index()] {
                    Some(known) => known.join(&taken),
                    unknown @ None => {
                        *unknown = Some(taken);
                        true
                    }
                };
                if changed {
                    worklist.push(target);
                }
            }
        }
        true
    }
}
