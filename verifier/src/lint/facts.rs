//! Facts that spread through the blocks of a program, 64 at a time.

use crate::model::Block;
use crate::prove::cfg::Cfg;

/// A set of up to 64 facts.
pub(crate) type Word = u64;

/// The direction in which facts spread along edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// A fact holds at the end of a block if the block makes it, or if the block lets it pass
    /// and it holds at the end of some predecessor.
    Forward,
    /// A fact holds at the start of a block if the block makes it, or if the block lets it pass
    /// and it holds at the start of some successor.
    Backward,
}

/// A may-analysis: up to 64 facts, and the blocks that they reach.
pub(crate) struct Facts<'g> {
    cfg: &'g Cfg,
    /// The reachable blocks.
    blocks: &'g [Block],
    direction: Direction,
    /// By block, the facts that pass through it.
    passes: Vec<Word>,
    /// By block, the facts that hold where facts leave it: at its end, if they spread forward.
    left: Vec<Word>,
    /// By block, the facts that hold where facts enter it.
    entered: Vec<Word>,
    work: Vec<Block>,
}

impl<'g> Facts<'g> {
    /// Creates an analysis without facts. `blocks` are the reachable blocks, in any order; in one
    /// along the direction fewest blocks are visited twice.
    pub(crate) fn new(cfg: &'g Cfg, blocks: &'g [Block], direction: Direction) -> Self {
        let count = cfg.block_count();
        Facts {
            cfg,
            blocks,
            direction,
            passes: vec![Word::MAX; count],
            left: vec![0; count],
            entered: vec![0; count],
            work: Vec::new(),
        }
    }

    /// Forgets all facts.
    pub(crate) fn clear(&mut self) {
        self.passes.fill(Word::MAX);
        self.left.fill(0);
        self.entered.fill(0);
    }

    /// Says whether some facts hold where they leave a block, whatever held before.
    pub(crate) fn decide(&mut self, block: Block, facts: Word, hold: bool) {
        self.passes[block.index()] &= !facts;
        let left = &mut self.left[block.index()];
        *left = if hold { *left | facts } else { *left & !facts };
    }

    /// Spreads the facts.
    ///
    /// Cost: linear in the edges for each time that the set of a block grows: 64 times at most,
    /// once or twice as a rule.
    pub(crate) fn spread(&mut self) {
        let cfg = self.cfg;
        self.work.extend(self.blocks.iter().rev());
        while let Some(block) = self.work.pop() {
            let facts = self.left[block.index()];
            match self.direction {
                Direction::Forward => {
                    let next = cfg.successors(block);
                    next.iter().for_each(|&next| self.enter(next, facts));
                }
                Direction::Backward => {
                    let next = cfg.predecessors(block);
                    next.iter().for_each(|&(next, _)| self.enter(next, facts));
                }
            }
        }
    }

    /// Lets some facts enter a block.
    pub(crate) fn enter(&mut self, block: Block, facts: Word) {
        let entered = &mut self.entered[block.index()];
        let new = facts & !*entered;
        *entered |= new;
        let left = &mut self.left[block.index()];
        let grown = *left | (new & self.passes[block.index()]);
        if std::mem::replace(left, grown) != grown {
            self.work.push(block);
        }
    }

    /// Returns the facts that hold where facts enter a block: at its start, if they spread
    /// forward.
    pub(crate) fn entered(&self, block: Block) -> Word {
        self.entered[block.index()]
    }
}
