//! Checks that *after* performs exactly the operations of *before*.
//!
//! Operations are matched by order, not by name: an adapter marks which after instructions
//! perform an operation (and is responsible for their being the same operation), and the n-th
//! of these in a block must be the n-th operation of its counterpart.
//!
//! This module only decides whether they match; [`faults`](crate::explain::faults) reports where
//! they do not.

use smallvec::{SmallVec, smallvec};

use crate::model::{
    Action, After, Before, Block, EdgeIndex, Operation, OperationId, OperationKind,
};
use crate::prove::cfg::Cfg;

use super::activity::Activity;
use super::step::Binding;

/// *After* does not perform what *before* does, or not in a way that can be followed.
pub(super) struct NotAligned;

/// A difference between an instruction and the operation it performs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// It reads an operand that the operation does not have.
    NoOperand(u32),
    /// It writes a result that the operation does not have.
    NoResult(u32),
    /// It does not read this operand.
    Unread(usize),
    /// It writes this result this number of times, which is not one.
    Written(usize, u32),
    /// The collector runs this number of times, which is not what the operation requires (one
    /// or none).
    Safepoints(u32),
    /// It moves a value, or writes null, behind its own safepoint.
    Moves,
    /// It writes this result in front of its own safepoint.
    Early(u32),
}

/// For each after instruction the before operation it performs.
/// Only reachable blocks are looked at; notes what they do.
pub(super) fn operations(
    before: &Before,
    after: &After,
    reachable: &[Block],
    activity: &mut Activity,
) -> Result<Vec<Option<OperationId>>, NotAligned> {
    let mut performs = vec![None; after.instruction_count()];
    for &block in reachable {
        let counterpart = after.counterpart(block);
        if block.index() == 0 && !begins_alike(before, after) {
            return Err(NotAligned);
        }
        let mut operations = counterpart.map(|b| before.operations(b)).into_iter().flatten();
        for id in after.instructions(block) {
            let instruction = after.instruction(id);
            activity.note(block, instruction.actions);
            if !instruction.performs {
                if !only_moves(instruction.actions) {
                    return Err(NotAligned);
                }
                continue;
            }
            let operation = operations.next().ok_or(NotAligned)?;
            if difference(&before.operation(operation), instruction.actions).is_some() {
                return Err(NotAligned);
            }
            performs[id.index()] = Some(operation);
        }
        if operations.next().is_some() {
            return Err(NotAligned);
        }
    }
    Ok(performs)
}

/// Whether both functions begin in the entry block of *before*, with as many parameters.
fn begins_alike(before: &Before, after: &After) -> bool {
    let entry = Block::new(0);
    after.counterpart(entry) == Some(entry)
        && before.params(entry).len() == after.params(entry).len()
}

/// Whether an instruction of the spiller's own does what it may: move, write null and clobber.
pub(crate) fn only_moves(actions: &[Action]) -> bool {
    actions.iter().all(|action| match action {
        Action::Move { .. } | Action::Null { .. } | Action::Clobber { .. } => true,
        Action::Use { .. } | Action::Define { .. } | Action::Safepoint { .. } => false,
    })
}

/// Returns what keeps these actions from performing the operation: every operand is read, every
/// result written once, the collector runs in both or in neither, in front of all results, and
/// nothing is moved behind it.
pub(crate) fn difference(operation: &Operation<'_>, actions: &[Action]) -> Option<Difference> {
    if performs_in_order(operation, actions) {
        return None;
    }
    let (uses, defs) = (operation.uses.len(), operation.defs.len());
    let mut reads: SmallVec<[bool; 16]> = smallvec![false; uses];
    let mut writes: SmallVec<[u32; 4]> = smallvec![0; defs];
    let (mut safepoints, mut moves, mut early) = (0, false, None);
    for &action in actions {
        match action {
            Action::Use { operand, .. } => match reads.get_mut(operand as usize) {
                Some(read) => *read = true,
                None => return Some(Difference::NoOperand(operand)),
            },
            Action::Define { result, .. } => match writes.get_mut(result as usize) {
                Some(written) => {
                    *written += 1;
                    early = early.or((safepoints == 0).then_some(result));
                }
                None => return Some(Difference::NoResult(result)),
            },
            Action::Safepoint { .. } => safepoints += 1,
            Action::Move { .. } | Action::Null { .. } => moves |= safepoints > 0,
            Action::Clobber { .. } => {}
        }
    }
    let unread = reads.iter().position(|&read| !read).map(Difference::Unread);
    let written = || {
        let mut writes = writes.iter().enumerate();
        let wrong = writes.find(|&(_, &count)| count != 1);
        wrong.map(|(result, &count)| Difference::Written(result, count))
    };
    let collects =
        || (safepoints != wanted(operation)).then_some(Difference::Safepoints(safepoints));
    let early = early.filter(|_| safepoints > 0).map(Difference::Early);
    unread.or_else(written).or_else(collects).or(moves.then_some(Difference::Moves)).or(early)
}

/// The number of times that the collector runs.
fn wanted(operation: &Operation<'_>) -> u32 {
    u32::from(operation.kind == OperationKind::Safepoint)
}

/// Whether every operand and result comes once and in order, as front ends have it:
/// then there is nothing to count.
fn performs_in_order(operation: &Operation<'_>, actions: &[Action]) -> bool {
    let (mut operands, mut results, mut safepoints) = (0, 0, 0);
    let wanted = wanted(operation);
    for action in actions {
        match *action {
            Action::Use { operand, .. } if operand == operands => operands += 1,
            Action::Define { result, .. } if result == results && safepoints == wanted => {
                results += 1;
            }
            Action::Use { .. } | Action::Define { .. } => return false,
            Action::Safepoint { .. } => safepoints += 1,
            Action::Move { .. } | Action::Null { .. } if safepoints > 0 => return false,
            Action::Move { .. } | Action::Null { .. } | Action::Clobber { .. } => {}
        }
    }
    operands as usize == operation.uses.len()
        && results as usize == operation.defs.len()
        && safepoints == wanted
}

/// For each after edge, by its number in the graph, what it completes.
///
/// An edge out of a block with a counterpart takes the before edge in the same position.
/// If it enters a split-edge block, the before edge stays pending through the one
/// edge that leaves it.
pub(super) fn edges(
    before: &Before,
    after: &After,
    cfg: &Cfg,
    post_order: &[Block],
) -> Result<Vec<Binding>, NotAligned> {
    let mut bindings = vec![Binding::Pending; cfg.edge_count()];
    // The before edge each split-edge block is on.
    let mut pending: Vec<Option<(Block, EdgeIndex)>> = vec![None; after.block_count()];
    for &block in post_order.iter().rev() {
        let Some(counterpart) = after.counterpart(block) else { continue };
        if before.edges(counterpart).len() != cfg.successors(block).len() {
            return Err(NotAligned);
        }
        for (i, first) in after.edges(block).enumerate() {
            let edge = EdgeIndex::new(i);
            let mut from = (block, edge);
            let mut target = first.target;
            // Walk the split-edge blocks this edge goes through. Each is entered
            // for one before edge only, so that together the walks are linear
            // and a loop of split-edge blocks is refused when it closes.
            while after.counterpart(target).is_none() {
                let claimed = pending[target.index()].replace((counterpart, edge));
                let &[next] = cfg.successors(target) else { return Err(NotAligned) };
                if claimed.is_some() {
                    return Err(NotAligned);
                }
                from = (target, EdgeIndex::new(0));
                target = next;
            }
            if before.edge(counterpart, edge).map(|e| e.target) != after.counterpart(target) {
                return Err(NotAligned);
            }
            bindings[cfg.edge_number(from.0, from.1)] = Binding::Completes(counterpart, edge);
        }
    }
    Ok(bindings)
}
