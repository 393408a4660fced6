//! Actions that a spiller must not take, whatever the contents of memory.

use std::collections::BTreeSet;

use stackmap_verifier::model::{
    Action, After, Block, InstructionId, Location, Operation, OperationKind, SlotOwner,
};

/// An action that a spiller must not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The block.
    pub block: Block,
    /// The instruction; `None` if the fault is in how the block begins or is left.
    pub instruction: Option<InstructionId>,
    /// The kind of the fault.
    pub kind: FaultKind,
}

/// The kind of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// The two programs diverge here.
    Changed,
    /// An instruction of the spiller accesses bytes that it does not own.
    Misplaced(Location),
}

/// Whether the instruction reads every operand, writes every result, and lets the collector run if
/// and only if the operation does, with all results written and nothing moved behind that. The
/// spiller's own instructions may only move, write null and clobber.
pub(super) fn performs(operation: Option<Operation<'_>>, after: &After, id: InstructionId) -> bool {
    let (mut reads, mut writes, mut safepoints) = (BTreeSet::new(), Vec::new(), 0);
    let (mut moves_behind, mut writes_before) = (false, false);
    for action in after.instruction(id).actions {
        match *action {
            Action::Use { operand, .. } => drop(reads.insert(operand)),
            Action::Define { result, .. } => writes.push(result),
            Action::Safepoint { .. } => {
                safepoints += 1;
                writes_before |= !writes.is_empty();
            }
            Action::Move { .. } | Action::Null { .. } => moves_behind |= safepoints > 0,
            Action::Clobber { .. } => {}
        }
    }
    writes.sort_unstable();
    let (uses, defs, runs) = operation.map_or((0, 0, false), |o| {
        (o.uses.len(), o.defs.len(), o.kind == OperationKind::Safepoint)
    });
    let all = |n: usize| (0u32..).take(n);
    reads.into_iter().eq(all(uses))
        && writes.into_iter().eq(all(defs))
        && safepoints == usize::from(runs)
        && !moves_behind
        && !writes_before
}

/// Returns the locations that an instruction of the spiller accesses but must not.
pub(super) fn misplaced(after: &After, id: InstructionId) -> BTreeSet<Location> {
    let mut found = BTreeSet::new();
    for action in after.instruction(id).actions {
        let (read, written) = match *action {
            Action::Move { from, to } => (Some(from), Some(to)),
            Action::Null { at } | Action::Clobber { at } => (None, Some(at)),
            Action::Use { .. } | Action::Define { .. } | Action::Safepoint { .. } => (None, None),
        };
        found.extend(read.into_iter().chain(written).filter(|&at| !is_inside(after, at)));
        found.extend(written.filter(|&at| {
            let slot = after.cell(at).and_then(|cell| after.slot(cell.slot));
            slot.is_some_and(|slot| slot.owner == SlotOwner::Program)
        }));
    }
    found
}

/// Whether a cell is not empty and all its bytes are in a slot.
pub(super) fn is_inside(after: &After, at: Location) -> bool {
    after.cell(at).is_none_or(|cell| {
        let slot = after.slot(cell.slot);
        cell.size > 0 && slot.is_some_and(|slot| cell.end() <= u64::from(slot.size))
    })
}

/// The destination of an edge that enters a block of *after*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrives {
    /// This block of *before*, after any split-edge blocks.
    At(Block),
    /// A split-edge block that does not have exactly one edge.
    Astray,
    /// None: the path goes around split-edge blocks forever.
    Never,
}

pub(super) fn arrives(after: &After, entered: Block) -> Arrives {
    let mut seen = BTreeSet::new();
    let mut at = entered;
    loop {
        if let Some(counterpart) = after.counterpart(at) {
            return Arrives::At(counterpart);
        }
        let mut edges = after.edges(at);
        let (Some(edge), None) = (edges.next(), edges.next()) else { return Arrives::Astray };
        if !seen.insert(at) {
            return Arrives::Never;
        }
        at = edge.target;
    }
}
