//! Faults a spiller could make.

mod changes;
mod edges;
mod moves;
mod nulls;
mod roots;
mod sites;

use crate::dice::Dice;
use crate::program::{Pair, Place};
use sites::Sites;
pub(crate) use sites::each_place;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident: $name:literal,)*) => {
        /// A kind of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$meta])* $kind,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// The kind, in words.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// A stack map entry is missing.
    DropEntry: "drop a map entry",
    /// A stack map lists a cell it should not.
    AddEntry: "add a map entry",
    /// A stack map lists another cell instead.
    RenameEntry: "rename a map entry",
    /// A stack map lists nothing.
    DropMap: "drop a whole map",
    /// Two safepoints' stack maps are exchanged.
    MoveRoots: "exchange two maps",
    /// An entry covers too many bytes.
    WidenEntry: "widen a map entry",
    /// An entry begins at another byte.
    ShiftEntry: "shift a map entry",
    /// A spill or reload begins at another byte.
    ShiftAccess: "shift a spill or reload",
    /// Two cells become one.
    MergeSlots: "merge two slots",
    /// A spill to another cell.
    WrongSpill: "spill to the wrong slot",
    /// A spill of something else.
    WrongSource: "spill the wrong value",
    /// A reload from another cell.
    WrongReload: "reload from the wrong slot",
    /// Two spills' cells are exchanged.
    SwapSpills: "swap two spills",
    /// A spill is missing.
    DropSpill: "drop a spill",
    /// A spill comes too late.
    DelaySpill: "delay a spill",
    /// A spill comes too early.
    HoistSpill: "hoist a spill",
    /// A reload is missing: the spilled value is used instead.
    DropReload: "drop a reload",
    /// A reload comes too late.
    DelayReload: "delay a reload",
    /// A reload comes too early.
    HoistReload: "hoist a reload",
    /// One reload serves where there were two.
    ReuseReload: "reuse a reload",
    /// A split-edge block's reload is missing.
    DropSplitEdge: "drop a split-edge block's reload",
    /// A move between SSA values or registers is missing.
    DropMove: "drop a move",
    /// An edge passes its arguments in another order.
    SwapArguments: "swap edge arguments",
    /// Null is spilled, reloaded or moved instead of the value.
    NullInstead: "null instead of a value",
    /// Another value is spilled where null should be.
    ValueInstead: "a value instead of null",
    /// A null is not written.
    DropNull: "drop a null",
    /// A null is written too late.
    DelayNull: "delay a null",
    /// A null is written too early.
    HoistNull: "hoist a null",
    /// A null is written to a slot that may be needed.
    EmptySlot: "null out a slot",
    /// A value that the program makes null is not null.
    NotNull: "make a number of a null",
    /// A value is not declared.
    Undeclare: "un-declare a value",
    /// Two edges of a block lead where the other did.
    SwapTargets: "swap where two edges lead",
    /// An edge leads to another block.
    RedirectEdge: "lead an edge elsewhere",
    /// An instruction of the program is missing.
    DropOperation: "drop an instruction",
    /// An instruction of the program is done twice.
    RepeatOperation: "repeat an instruction",
    /// An instruction of the program does not do all it did.
    DropAct: "drop an operand, result or safepoint",
    /// The spiller inserts an instruction that does more than move.
    Compute: "insert an instruction that computes",
    /// A spill to a slot of the program's own.
    ForeignSpill: "spill to the program's slot",
}

/// Makes a fault of this kind in a pair, if there is room for one.
pub fn mutate(dice: &mut Dice<'_>, pair: &Pair, kind: Kind) -> Option<Pair> {
    let mut mutant = pair.clone();
    let sites = Sites::of(&pair.after);
    let after = &mut mutant.after;
    match kind {
        Kind::DropEntry => roots::drop_entry(dice, after, &sites),
        Kind::AddEntry => roots::add_entry(dice, after, &sites),
        Kind::RenameEntry => roots::rename_entry(dice, after, &sites),
        Kind::DropMap => roots::drop_map(dice, after, &sites),
        Kind::MoveRoots => roots::exchange(dice, after, &sites),
        Kind::WidenEntry => roots::reshape(dice, after, &sites, 0),
        Kind::ShiftEntry => roots::reshape(dice, after, &sites, 4),
        Kind::ShiftAccess => moves::shift(dice, after, &sites),
        Kind::MergeSlots => merge(dice, &mut mutant, &sites),
        Kind::WrongSpill => moves::redirect_spill(dice, after, &sites),
        Kind::WrongSource => moves::wrong_source(dice, after, &sites),
        Kind::WrongReload => moves::redirect_reload(dice, after, &sites),
        Kind::SwapSpills => moves::swap_spills(dice, after, &sites),
        Kind::DropSpill => moves::remove(dice, after, &sites.spills),
        Kind::DelaySpill => moves::delay(dice, after, &sites.spills),
        Kind::HoistSpill => moves::hoist(dice, after, &sites.spills),
        Kind::DropReload => moves::drop_reload(dice, after, &sites, &sites.reloads),
        Kind::DelayReload => moves::delay(dice, after, &sites.reloads),
        Kind::HoistReload => moves::hoist(dice, after, &sites.reloads),
        Kind::ReuseReload => moves::reuse(dice, after, &sites),
        Kind::DropSplitEdge => moves::drop_reload(dice, after, &sites, &sites.split_edges),
        Kind::DropMove => moves::remove(dice, after, &sites.copies),
        Kind::SwapArguments => edges::swap(dice, after),
        Kind::NullInstead => nulls::instead_of_value(dice, after, &sites),
        Kind::ValueInstead => nulls::value_instead(dice, after, &sites),
        Kind::DropNull => moves::remove(dice, after, &sites.nulls),
        Kind::DelayNull => moves::delay(dice, after, &sites.nulls),
        Kind::HoistNull => moves::hoist(dice, after, &sites.nulls),
        Kind::EmptySlot => nulls::empty_slot(dice, after, &sites),
        Kind::NotNull => nulls::not_null(dice, &mut mutant.before),
        Kind::Undeclare => {
            let victim = dice.pick(&mutant.before.declared)?;
            mutant.before.declared.retain(|&v| v != victim);
            Some(())
        }
        Kind::SwapTargets => changes::swap_targets(dice, after),
        Kind::RedirectEdge => changes::redirect(dice, after),
        Kind::DropOperation => changes::drop_operation(dice, after),
        Kind::RepeatOperation => changes::repeat(dice, after),
        Kind::DropAct => changes::drop_act(dice, after),
        Kind::Compute => changes::compute(dice, after, &sites),
        Kind::ForeignSpill => changes::foreign_spill(dice, after, &sites),
    }?;
    (mutant != *pair).then_some(mutant)
}

/// Whatever used one cell uses another.
fn merge(dice: &mut Dice<'_>, pair: &mut Pair, sites: &Sites) -> Option<()> {
    let (one, other) = (dice.pick(&sites.cells)?, dice.pick(&sites.cells)?);
    each_place(&mut pair.after, |place| {
        if *place == one {
            *place = other;
        }
    });
    Some(())
}

/// The same place, moved and stretched by a few bytes.
fn reshaped(place: Place, by: u32, more: u32) -> Option<Place> {
    match place {
        Place::Cell { slot, offset, size } => {
            Some(Place::Cell { slot, offset: offset + by, size: size + more })
        }
        Place::Value(_) | Place::Register(_) => None,
    }
}
