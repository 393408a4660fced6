//! A small, correct spiller with several styles.

mod live;
mod program;
mod registers;
mod values;

use crate::dice::Dice;
use crate::generate::{self, ValueSet};
use crate::program::{Instruction, Pair, Place, Source, StackSlot, Target};
use live::{Live, colour};

/// The way in which slots are assigned to values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Values live in registers, which are shuffled by moves before and at the start of blocks.
    /// Otherwise they live in SSA values, which edges pass.
    pub registers: bool,
    /// Values that are never needed at once share a slot.
    pub shared_slots: bool,
    /// Slots hold two references.
    pub wide_slots: bool,
    /// A reload is used until the next safepoint, instead of for one use.
    pub keep: bool,
    /// Stack maps list dead values too.
    pub dead_roots: bool,
    /// Copies are made where none is needed.
    pub copies: bool,
    /// Values that are not references are spilled as well.
    pub spill_all: bool,
    /// Edges are split where nothing has to be done on them.
    pub more_split_edges: bool,
    /// The program has a slot of its own.
    pub program_slots: bool,
    /// The address of a slot is used as a value.
    pub escapes: bool,
    /// The treatment of null.
    pub nulls: Nulls,
}

/// The treatment of null by a spiller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nulls {
    /// Null constants are spilled and listed as if they were references.
    pub spilled: bool,
    /// Null constants are made again instead of being read where they are.
    pub made_again: bool,
    /// Every slot holds null from the start, and every map lists them all.
    pub at_entry: bool,
    /// Null is written to a slot after the last read of its contents.
    pub at_death: bool,
}

impl Style {
    /// Any style.
    pub fn choose(dice: &mut Dice<'_>) -> Self {
        let dead_roots = dice.chance(25);
        let nulls = Nulls {
            spilled: dice.chance(40),
            made_again: dice.chance(50),
            at_entry: dice.chance(30),
            at_death: dice.chance(30),
        };
        Style {
            registers: dice.chance(33),
            // A dead value's slot must not have been reused for another value.
            shared_slots: dice.chance(66) && !dead_roots && !nulls.at_death,
            wide_slots: dice.chance(33),
            keep: dice.chance(50),
            dead_roots,
            copies: dice.chance(33),
            spill_all: dice.chance(20),
            more_split_edges: dice.chance(20),
            program_slots: dice.chance(20),
            escapes: dice.chance(3),
            nulls,
        }
    }
}

/// Spills a before program.
pub fn spill(dice: &mut Dice<'_>, before: Source, style: Style) -> Pair {
    let mut target = Target::default();
    let after = match style.registers {
        true => registers::spill(dice, &before, style, target),
        false => {
            // The SSA value that holds each value where it is defined.
            (0u32..).take(before.values).for_each(|v| target.places.push(Place::Value(v)));
            values::spill(dice, &before, style, target)
        }
    };
    let mut pair = Pair { before, after };
    if style.program_slots {
        program::add_slot(dice, &mut pair.after);
    }
    if style.escapes {
        program::escape(dice, &mut pair.after);
    }
    pair
}

/// A pair, made from bytes.
pub fn pair(dice: &mut Dice<'_>) -> (Pair, Style) {
    let before = generate::source(dice);
    let style = Style::choose(dice);
    (spill(dice, before, style), style)
}

/// The values that are spilled, and their cells.
struct Plan {
    live: Live,
    conflicts: Vec<ValueSet>,
    /// Includes null constants, if they are treated as references.
    references: ValueSet,
    nulls: ValueSet,
    spilled: ValueSet,
    /// The cell of each spilled value.
    cell: Vec<Option<usize>>,
}

impl Plan {
    fn new(source: &Source, style: Style, target: &mut Target) -> Plan {
        let live = Live::new(source);
        let nulls = source.nulls().fold(0, |set, v| set | 1u128 << v);
        let listed_nulls = if style.nulls.spilled { nulls } else { 0 };
        let references = generate::references(source) | listed_nulls;
        let everything = (0..source.values).fold(0, |set, v| set | 1u128 << v);
        let spilled = match (style.spill_all, style.dead_roots) {
            (true, _) => everything,
            (false, true) => references,
            (false, false) => references & live.across_safepoints(source),
        };
        let conflicts = live.conflicts(source);
        let colours = match style.shared_slots {
            true => colour(spilled, &conflicts),
            false => (0..source.values).map(Some).collect(),
        };
        let mut plan = Plan { live, conflicts, references, nulls, spilled, cell: Vec::new() };
        // Colours that no value has do not get a slot.
        let mut used: Vec<usize> =
            generate::members(spilled).into_iter().filter_map(|v| colours[v]).collect();
        used.sort_unstable();
        used.dedup();
        let cells = if style.wide_slots { 2 } else { 1 };
        let slot = StackSlot::of_spiller(if style.wide_slots { 16 } else { 8 });
        target.slots = vec![slot; used.len().div_ceil(cells)];
        plan.cell = (0..source.values)
            .map(|v| {
                let i = used.binary_search(&colours[v]?).ok()?;
                let offset = if i % cells == 1 { 8 } else { 0 };
                plan.is_spilled(v)
                    .then(|| target.place(Place::Cell { slot: i / cells, offset, size: 8 }))
            })
            .collect();
        plan
    }

    fn is_spilled(&self, value: usize) -> bool {
        self.spilled >> value & 1 == 1
    }

    fn is_null(&self, value: usize) -> bool {
        self.nulls >> value & 1 == 1
    }

    fn is_reference(&self, value: usize) -> bool {
        self.references >> value & 1 == 1
    }

    /// Returns instructions that write null to all listed slots at the function's entry.
    fn at_entry(&self) -> impl Iterator<Item = Instruction> + use<> {
        self.roots(ValueSet::MAX).into_iter().map(Instruction::null)
    }

    /// Returns the roots for the references among `values`, or all roots if all slots hold null
    /// from the start and no number is put into one. Each root occurs once.
    fn listed(&self, values: ValueSet, style: Style) -> Vec<usize> {
        let all = style.nulls.at_entry && !style.shared_slots;
        self.roots(if all { ValueSet::MAX } else { values })
    }

    fn roots(&self, values: ValueSet) -> Vec<usize> {
        let listed = generate::members(values & self.references & self.spilled);
        let mut roots: Vec<usize> = listed.into_iter().filter_map(|v| self.cell[v]).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }
}
