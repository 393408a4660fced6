//! Where the two programs part, and which accesses a spiller may not make.
//!
//! The checks that make a [`Pair`](crate::pair::Pair) are fast and only say that something
//! is wrong. This walk says what. It runs both programs in lockstep
//! from the entry, breadth first, and goes no further where they part: what comes behind
//! that is reached by no path on which the two agree so far. So each fault has a path
//! from the entry, and none follows from another.

mod landing;

use std::collections::VecDeque;

use crate::cfg::Cfg;
use crate::model::{Action, After, Before, Block, EdgeIndex, InstructionId, Location, OperationId};
use crate::pair::{Difference, Misplaced, difference, misplaced, only_moves};
use landing::Landings;

/// Something that the spiller did and must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The after block.
    pub(crate) block: Block,
    pub(crate) kind: FaultKind,
}

/// What it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// Here the program is another.
    Changed(Change),
    /// An instruction of its own accesses what it may not.
    Access(InstructionId, Location, Misplaced),
}

/// How *after* is another program than *before*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The entry does not mirror the entry.
    Entry,
    /// The entry has another number of parameters.
    EntryParameters,
    /// The instruction performs an operation that the block does not have.
    Added(InstructionId),
    /// This operation of the block and those behind it are not performed.
    Missing(OperationId),
    /// The instruction does not do what the operation does.
    Differs(InstructionId, OperationId, Difference),
    /// The spiller's own instruction does more than move and clobber.
    Computes(InstructionId),
    /// Another number of edges leaves the block.
    EdgeCount,
    /// An edge of the block ends in this block, and not where this edge of *before* does.
    Elsewhere(Block, Wanted),
    /// A block on an edge of *before* is not left by just one edge.
    Astray,
    /// An edge of the block, this one of *before*, leads to this landing block and from
    /// there in a circle.
    Circle(Block, Wanted),
}

/// An edge of *before*, by its block and position.
pub(crate) type Wanted = (Block, EdgeIndex);

/// All that is wrong, as far as the two programs run in lockstep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Faults {
    /// In the order of blocks and, within one, of what is there.
    pub(crate) list: Vec<Fault>,
    /// By after block, the edge by which a shortest path enters it.
    came_by: Vec<Option<(Block, EdgeIndex)>>,
    /// A landing block that is on more than one edge.
    pub(crate) shared_landing: Option<Block>,
}

impl Faults {
    /// Walks both programs. Every id in them must exist.
    ///
    /// Cost: linear in the size of both.
    pub(crate) fn find(before: &Before, after: &After, cfg: &Cfg) -> Faults {
        let faults = Faults {
            list: Vec::new(),
            came_by: vec![None; after.block_count()],
            shared_landing: None,
        };
        let landings = Landings::new(after.block_count());
        let mut walk = Walk { before, after, cfg, faults, landings, due: VecDeque::new() };
        walk.run();
        // A block is walked once, and its instructions in order.
        walk.faults.list.sort_by_key(|fault| fault.block);
        walk.faults
    }

    /// The hops of a shortest path in lockstep from the entry to a block with a fault.
    pub(crate) fn path(&self, to: Block) -> Vec<(Block, EdgeIndex)> {
        let mut hops = Vec::new();
        let mut at = to;
        while let Some(hop) = self.came_by[at.index()] {
            hops.push(hop);
            at = hop.0;
        }
        hops.reverse();
        hops
    }
}

struct Walk<'p> {
    before: &'p Before,
    after: &'p After,
    cfg: &'p Cfg,
    faults: Faults,
    landings: Landings,
    due: VecDeque<Block>,
}

/// Here the two programs part: what comes behind is not looked at.
struct Stop;

impl Walk<'_> {
    fn run(&mut self) {
        let entry = Block::new(0);
        let parameters = (self.before.params(entry).len(), self.after.params(entry).len());
        if self.after.mirrors(entry) != Some(entry) {
            return self.changed(entry, Change::Entry);
        }
        if parameters.0 != parameters.1 {
            return self.changed(entry, Change::EntryParameters);
        }
        self.due.push_back(entry);
        while let Some(block) = self.due.pop_front() {
            // Whether it went on is told by what is due.
            let _ = self.block(block);
        }
    }

    fn fault(&mut self, block: Block, kind: FaultKind) {
        self.faults.list.push(Fault { block, kind });
    }

    fn changed(&mut self, block: Block, change: Change) {
        self.fault(block, FaultKind::Changed(change));
    }

    fn part(&mut self, block: Block, change: Change) -> Result<(), Stop> {
        self.changed(block, change);
        Err(Stop)
    }

    fn block(&mut self, block: Block) -> Result<(), Stop> {
        let mirrored = self.after.mirrors(block);
        self.instructions(block, mirrored)?;
        let edges = self.after.edges(block);
        match mirrored {
            Some(mirrored) if self.before.edges(mirrored).len() != edges.len() => {
                self.part(block, Change::EdgeCount)
            }
            Some(mirrored) => {
                for i in 0..edges.len() {
                    let edge = EdgeIndex::new(i);
                    self.follow(block, edge, (mirrored, edge));
                }
                Ok(())
            }
            None => self.landing(block),
        }
    }

    fn instructions(&mut self, block: Block, mirrored: Option<Block>) -> Result<(), Stop> {
        let (before, after) = (self.before, self.after);
        let mut operations = mirrored.map(|b| before.operations(b)).into_iter().flatten();
        for id in after.instructions(block) {
            let instruction = after.instruction(id);
            if instruction.performs {
                let Some(operation) = operations.next() else {
                    return self.part(block, Change::Added(id));
                };
                let performed = before.operation(operation);
                if let Some(how) = difference(&performed, instruction.actions) {
                    return self.part(block, Change::Differs(id, operation, how));
                }
            } else if only_moves(instruction.actions) {
                self.accesses(block, id, instruction.actions);
            } else {
                return self.part(block, Change::Computes(id));
            }
        }
        match operations.next() {
            Some(operation) => self.part(block, Change::Missing(operation)),
            None => Ok(()),
        }
    }

    fn accesses(&mut self, block: Block, id: InstructionId, actions: &[Action]) {
        for &action in actions {
            for (at, why) in misplaced(self.after, action) {
                self.fault(block, FaultKind::Access(id, at, why));
            }
        }
    }

    /// Enters a block by an edge.
    fn reach(&mut self, by: (Block, EdgeIndex), block: Block) {
        let known = &mut self.faults.came_by[block.index()];
        if block.index() != 0 && known.is_none() {
            *known = Some(by);
            self.due.push_back(block);
        } else if self.after.mirrors(block).is_none() {
            self.faults.shared_landing.get_or_insert(block);
        }
    }
}
