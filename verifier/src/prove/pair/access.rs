//! Accesses that a spiller may not insert.

use smallvec::SmallVec;

use crate::model::{Action, After, Location, SlotOwner};

/// The reason why a spiller may not insert an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misplaced {
    /// Its slot does not exist.
    NoSlot,
    /// It reaches beyond its slot, which has this size in bytes.
    Outside(u32),
    /// It covers no bytes.
    Empty,
    /// It writes to a slot of the program's own.
    Programs,
}

/// Returns the defects of an action of an inserted instruction: at most one for each of
/// the two places it touches.
pub(crate) fn misplaced(after: &After, action: Action) -> SmallVec<[(Location, Misplaced); 2]> {
    let (read, written) = match action {
        Action::Move { from, to } => (Some(from), to),
        Action::Null { at } | Action::Clobber { at } => (None, at),
        // An instruction that does these is no spill and no reload, but refused.
        Action::Use { .. } | Action::Define { .. } | Action::Safepoint { .. } => {
            return SmallVec::new();
        }
    };
    let read = read.and_then(|at| Some((at, out_of_place(after, at)?)));
    let write = out_of_place(after, written).or_else(|| overwrites(after, written));
    read.into_iter().chain(write.map(|why| (written, why))).collect()
}

/// Returns the defect of a cell as a place for a value.
fn out_of_place(after: &After, at: Location) -> Option<Misplaced> {
    let cell = after.cell(at)?;
    match after.slot(cell.slot) {
        None => Some(Misplaced::NoSlot),
        Some(slot) if cell.end() > u64::from(slot.size) => Some(Misplaced::Outside(slot.size)),
        Some(_) if cell.size == 0 => Some(Misplaced::Empty),
        Some(_) => None,
    }
}

fn overwrites(after: &After, at: Location) -> Option<Misplaced> {
    let slot = after.slot(after.cell(at)?.slot)?;
    (slot.owner == SlotOwner::Program).then_some(Misplaced::Programs)
}
