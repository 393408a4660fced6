//! The roots that are read again, found by following every path step by step.

use std::collections::BTreeSet;

use stackmap_verifier::model::{Action, After, Block, InstructionId, Location};

/// Whether some path reads the cell behind an instruction before it is overwritten.
pub(super) fn is_read_behind(after: &After, at: Location, instruction: InstructionId) -> bool {
    let blocks = (0..after.block_count()).map(Block::new);
    let mut holding = blocks.filter(|&b| after.instructions(b).any(|id| id == instruction));
    let Some(block) = holding.next() else { return false };
    let mut seen = BTreeSet::new();
    let mut work = vec![(block, Some(instruction))];
    while let Some((block, from)) = work.pop() {
        let ahead = after.instructions(block).filter(|&id| from.is_none_or(|from| id > from));
        match ahead.filter_map(|id| first(after, at, id)).next() {
            Some(Access::Read) => return true,
            Some(Access::Write) => {}
            None => {
                let targets = after.edges(block).map(|edge| edge.target);
                work.extend(targets.filter(|&next| seen.insert(next)).map(|next| (next, None)));
            }
        }
    }
    false
}

enum Access {
    Read,
    Write,
}

/// Returns the first access of an instruction to a cell, or to one that shares bytes with it.
fn first(after: &After, at: Location, id: InstructionId) -> Option<Access> {
    let touches = |other: Location| {
        let cells = after.cell(at).zip(after.cell(other));
        other == at || cells.is_some_and(|(cell, other)| cell.overlaps(other))
    };
    after.instruction(id).actions.iter().find_map(|&action| match action {
        Action::Use { at: read, .. } if touches(read) => Some(Access::Read),
        Action::Move { from, .. } if touches(from) => Some(Access::Read),
        Action::Move { to: written, .. }
        | Action::Null { at: written }
        | Action::Clobber { at: written }
        | Action::Define { at: written, .. } => touches(written).then_some(Access::Write),
        Action::Use { .. } | Action::Safepoint { .. } => None,
    })
}
