//! Does *after* perform exactly what *before* does?
//!
//! Operations are matched by order, not by name: an adapter marks which after
//! instructions perform an operation (and answers for their being the same
//! operation), and the n-th of these in a block must be the n-th operation of
//! the block it mirrors.

use smallvec::{SmallVec, smallvec};

use crate::cfg::Cfg;
use crate::model::{
    Action, After, Before, Block, EdgeIndex, InstructionId, Operation, OperationId, OperationKind,
};
use crate::unsupported::Unsupported;

use super::activity::Activity;
use super::{Binding, NONE};

/// For each after instruction the before operation it performs, or [`NONE`].
/// Only reachable blocks are looked at; notes what they do.
pub(super) fn operations(
    before: &Before,
    after: &After,
    reachable: &[Block],
    activity: &mut Activity,
) -> Result<Vec<u32>, Unsupported> {
    let mut performs = vec![NONE; after.instruction_count()];
    for &block in reachable {
        let mirrored = match after.mirrors(block) {
            Some(mirrored) if mirrored.index() < before.block_count() => Some(mirrored),
            None => None,
            Some(mirrored) => {
                return Err(Unsupported::dangling(
                    "after",
                    format!("mirrored {mirrored:?}"),
                    block,
                ));
            }
        };
        if block.index() == 0 {
            check_entry(before, after, mirrored)?;
        }
        let mut operations = mirrored.map(|b| before.operations(b)).into_iter().flatten();
        for id in after.instructions(block) {
            let instruction = after.instruction(id);
            activity.note(block, instruction.actions);
            if !instruction.performs {
                check_own(after, block, id)?;
                continue;
            }
            let Some(operation) = operations.next() else {
                let what = "the after function performs more operations".to_owned();
                return Err(not_aligned(after, block, what, Some(id), None));
            };
            check_performance(before, after, block, id, operation)?;
            performs[id.index()] = u32::try_from(operation.index()).unwrap_or(NONE);
        }
        if let Some(operation) = operations.next() {
            let what = "the before function performs more operations".to_owned();
            return Err(not_aligned(after, block, what, None, Some(operation)));
        }
    }
    Ok(performs)
}

fn not_aligned(
    after: &After,
    block: Block,
    what: String,
    instruction: Option<InstructionId>,
    operation: Option<OperationId>,
) -> Unsupported {
    let block = after.block_name(block).to_string();
    Unsupported::NotAligned { block, what, instruction, operation }
}

fn check_entry(before: &Before, after: &After, mirrored: Option<Block>) -> Result<(), Unsupported> {
    let entry = Block::new(0);
    let what = if mirrored != Some(entry) {
        "the entry does not mirror the entry".to_owned()
    } else if before.params(entry).len() != after.params(entry).len() {
        let (before, after) = (before.params(entry).len(), after.params(entry).len());
        format!("the before function has {before} parameters, the after function {after}")
    } else {
        return Ok(());
    };
    Err(not_aligned(after, entry, what, None, None))
}

/// An instruction of the spiller's own may only move, write null and clobber.
fn check_own(after: &After, block: Block, id: InstructionId) -> Result<(), Unsupported> {
    let harmless = after.instruction(id).actions.iter().all(|action| match action {
        Action::Move { .. } | Action::Null { .. } | Action::Clobber { .. } => true,
        Action::Use { .. } | Action::Define { .. } | Action::Safepoint { .. } => false,
    });
    match harmless {
        true => Ok(()),
        false => Err(Unsupported::SpillerComputes {
            block: after.block_name(block).to_string(),
            instruction: id,
        }),
    }
}

/// Every operand is read, every result written once, and the collector runs in
/// both or in neither.
fn check_performance(
    before: &Before,
    after: &After,
    block: Block,
    id: InstructionId,
    operation_id: OperationId,
) -> Result<(), Unsupported> {
    let operation = before.operation(operation_id);
    let actions = after.instruction(id).actions;
    if performs_in_order(&operation, actions) {
        return Ok(());
    }
    let (uses, defs) = (operation.uses.len(), operation.defs.len());
    // How often each operand is read, then how often each result is written.
    let mut counts: SmallVec<[u32; 16]> = smallvec![0; uses + defs];
    let mut safepoints = 0;
    for &action in actions {
        let (index, first, limit, what) = match action {
            Action::Use { operand, .. } => (operand as usize, 0, uses, "operand"),
            Action::Define { result, .. } => (result as usize, uses, defs, "result"),
            Action::Safepoint { .. } => {
                safepoints += 1;
                continue;
            }
            Action::Move { .. } | Action::Null { .. } | Action::Clobber { .. } => continue,
        };
        if index >= limit {
            let what = format!("{what} {index} does not exist in the before function");
            return Err(not_aligned(after, block, what, Some(id), Some(operation_id)));
        }
        counts[first + index] += 1;
    }
    let what = if counts[..uses].contains(&0) {
        "an operand is not read"
    } else if counts[uses..].iter().any(|&count| count != 1) {
        "a result is not written exactly once"
    } else if safepoints != u32::from(operation.kind == OperationKind::Safepoint) {
        "one function has a safepoint where the other has none"
    } else {
        return Ok(());
    };
    Err(not_aligned(after, block, what.to_owned(), Some(id), Some(operation_id)))
}

/// Whether every operand and result comes once and in order, as front ends have it:
/// then there is nothing to count.
fn performs_in_order(operation: &Operation<'_>, actions: &[Action]) -> bool {
    let (mut operands, mut results, mut safepoints) = (0, 0, 0);
    for action in actions {
        match *action {
            Action::Use { operand, .. } if operand == operands => operands += 1,
            Action::Define { result, .. } if result == results => results += 1,
            Action::Use { .. } | Action::Define { .. } => return false,
            Action::Safepoint { .. } => safepoints += 1,
            Action::Move { .. } | Action::Null { .. } | Action::Clobber { .. } => {}
        }
    }
    operands as usize == operation.uses.len()
        && results as usize == operation.defs.len()
        && safepoints == u32::from(operation.kind == OperationKind::Safepoint)
}

/// For each after edge, by its number in the graph, what it completes.
///
/// An edge out of a mirroring block takes the before edge in the same position.
/// If it enters a landing block, the before edge stays pending through the one
/// edge that leaves it.
pub(super) fn edges(
    before: &Before,
    after: &After,
    cfg: &Cfg,
    post_order: &[Block],
) -> Result<Vec<Binding>, Unsupported> {
    let mut bindings = vec![Binding::Pending; cfg.edge_count()];
    // The before edge each landing block is on.
    let mut pending: Vec<Option<(Block, EdgeIndex)>> = vec![None; after.block_count()];
    for &block in post_order.iter().rev() {
        let Some(mirrored) = after.mirrors(block) else { continue };
        let wanted = before.edges(mirrored).len();
        let given = cfg.successors(block).len();
        if wanted != given {
            let what = format!(
                "{wanted} edges leave it in the before function, {given} in the after function"
            );
            return Err(not_aligned(after, block, what, None, None));
        }
        for (i, first) in after.edges(block).enumerate() {
            let edge = EdgeIndex::new(i);
            let mut from = (block, edge);
            let mut target = first.target;
            // Walk the landing blocks this edge goes through. Each is entered
            // for one before edge only, so that together the walks are linear
            // and a loop of landing blocks is refused when it closes.
            while after.mirrors(target).is_none() {
                let claimed = pending[target.index()].replace((mirrored, edge));
                let &[next] = cfg.successors(target) else {
                    return Err(Unsupported::Landing {
                        block: after.block_name(target).to_string(),
                    });
                };
                if claimed.is_some() {
                    return Err(Unsupported::Landing {
                        block: after.block_name(target).to_string(),
                    });
                }
                from = (target, EdgeIndex::new(0));
                target = next;
            }
            if before.edge(mirrored, edge).map(|e| e.target) != after.mirrors(target) {
                let what = format!("edge {i} goes elsewhere than in the before function");
                return Err(not_aligned(after, block, what, None, None));
            }
            bindings[cfg.edge_number(from.0, from.1)] = Binding::Completes(mirrored, edge);
        }
    }
    Ok(bindings)
}
