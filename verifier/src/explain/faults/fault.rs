//! Faults: actions that a spiller must not take.

use crate::model::{Block, EdgeIndex, InstructionId, Location, OperationId};
use crate::prove::pair::{Difference, Misplaced};

/// An action that the spiller took but must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The after block.
    pub(crate) block: Block,
    pub(crate) kind: FaultKind,
}

/// The kind of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The program differs here.
    Changed(Change),
    /// An instruction of the spiller accesses a location that it must not.
    Access(InstructionId, Location, Misplaced),
}

/// A difference that makes *after* a different program than *before*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The counterpart of the entry is not the entry.
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
    /// An edge of the block, this one of *before*, leads to this split-edge block and from
    /// there in a circle.
    Circle(Block, Wanted),
}

/// An edge of *before*, by its block and position.
pub(crate) type Wanted = (Block, EdgeIndex);

/// All faults on paths on which the two programs run in lockstep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Faults {
    /// The faults, in the order of blocks and, within a block, in the order of the program.
    pub(crate) list: Vec<Fault>,
    /// By after block, the edge by which a shortest path enters it.
    pub(super) came_by: Vec<Option<(Block, EdgeIndex)>>,
    /// A split-edge block that is on more than one edge.
    pub(crate) shared_split_edge: Option<Block>,
}

impl Faults {
    /// Creates an empty list of faults for a program with `blocks` blocks.
    pub(super) fn none(blocks: usize) -> Self {
        Faults { list: Vec::new(), came_by: vec![None; blocks], shared_split_edge: None }
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
