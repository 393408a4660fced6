//! The after program as text.

use std::fmt::{self, Display, Formatter};

use super::list;
use super::places::Places;
use super::words::Words;
use crate::model::{Action, After, Before, Block, InstructionId, Location, SlotData, SlotOwner};

/// Writes the slots, and the blocks, each with its instructions and edges, as in `docs/pairs.md`.
/// The counterpart of a block is written as its number; [`After::display`] knows its name.
impl Display for After {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Text::new(self, Words::new(std::iter::empty())).write(f)
    }
}

impl After {
    /// Formats the program with the names that the counterparts of its blocks have in `before`.
    pub fn display<'a>(&'a self, before: &'a Before) -> impl Display + 'a {
        fmt::from_fn(move |f| {
            let blocks = (0..before.block_count()).map(Block::new);
            Text::new(self, Words::new(blocks.map(|block| before.block_name(block)))).write(f)
        })
    }
}

struct Text<'a> {
    after: &'a After,
    counterparts: Words,
    blocks: Words,
    slots: Words,
    places: Places,
}

impl<'a> Text<'a> {
    fn new(after: &'a After, counterparts: Words) -> Self {
        let blocks = (0..after.block_count()).map(Block::new);
        let slots = Words::new(after.slots().iter().map(|slot| slot.name.clone()));
        let places = Places::new(after, &slots);
        let blocks = Words::new(blocks.map(|block| after.block_name(block)));
        Text { after, counterparts, blocks, slots, places }
    }

    fn write(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.after.slots().iter().enumerate().try_for_each(|(i, slot)| self.slot(f, i, slot))?;
        if !is_in_order(self.after) {
            let words: Vec<&str> = self.after.locations().map(|at| self.places.get(at)).collect();
            list(f, "locations", &words)?;
        }
        (0..self.after.block_count()).try_for_each(|block| self.block(f, Block::new(block)))
    }

    fn slot(&self, f: &mut Formatter<'_>, index: usize, slot: &SlotData) -> fmt::Result {
        let owner = match slot.owner {
            SlotOwner::Program => "program",
            SlotOwner::Spiller => "spiller",
        };
        let escapes = if slot.escapes.is_some() { " escapes" } else { "" };
        writeln!(f, "slot {} {} {owner}{escapes}", self.slots.get(index, index), slot.size)
    }

    fn block(&self, f: &mut Formatter<'_>, block: Block) -> fmt::Result {
        let name = self.blocks.get(block.index(), block);
        match self.after.counterpart(block) {
            Some(to) => write!(f, "block {name} for {}", self.counterparts.get(to.index(), to))?,
            None => write!(f, "split-edge {name}")?,
        }
        self.list(f, self.after.params(block))?;
        writeln!(f)?;
        self.after.instructions(block).try_for_each(|id| self.instruction(f, id))?;
        for edge in self.after.edges(block) {
            write!(f, "  edge {}", self.blocks.get(edge.target.index(), edge.target))?;
            self.list(f, edge.arguments)?;
            writeln!(f)?;
        }
        match self.after.is_terminated(block) && self.after.edges(block).len() == 0 {
            true => writeln!(f, "  leave"),
            false => Ok(()),
        }
    }

    fn instruction(&self, f: &mut Formatter<'_>, id: InstructionId) -> fmt::Result {
        let instruction = self.after.instruction(id);
        write!(f, "  {}", if instruction.performs { "performs" } else { "inserted" })?;
        instruction.actions.iter().try_for_each(|&action| self.action(f, action))?;
        writeln!(f)
    }

    fn action(&self, f: &mut Formatter<'_>, action: Action) -> fmt::Result {
        let place = |at| self.places.get(at);
        match action {
            Action::Use { operand, at } => write!(f, "; use {operand} {}", place(at)),
            Action::Define { result, at } => write!(f, "; define {result} {}", place(at)),
            Action::Move { from, to } => write!(f, "; move {} -> {}", place(from), place(to)),
            Action::Null { at } => write!(f, "; null {}", place(at)),
            Action::Clobber { at } => write!(f, "; clobber {}", place(at)),
            Action::Safepoint { roots } => {
                write!(f, "; safepoint")?;
                self.list(f, self.after.roots(roots))
            }
        }
    }

    fn list(&self, f: &mut Formatter<'_>, places: &[Location]) -> fmt::Result {
        places.iter().try_for_each(|&at| write!(f, " {}", self.places.get(at)))
    }
}

/// Whether the text names the locations in the order of their ids, and all of them.
fn is_in_order(after: &After) -> bool {
    let mut next = 0;
    let mut are_next = |locations: &[Location]| {
        locations.iter().all(|at| {
            next += usize::from(at.index() == next);
            at.index() < next
        })
    };
    let action = |action: &Action| -> Vec<Location> {
        match *action {
            Action::Use { at, .. }
            | Action::Define { at, .. }
            | Action::Null { at }
            | Action::Clobber { at } => vec![at],
            Action::Move { from, to } => vec![from, to],
            Action::Safepoint { roots } => after.roots(roots).to_vec(),
        }
    };
    let is_in_order = (0..after.block_count()).map(Block::new).all(|block| {
        are_next(after.params(block))
            && after
                .instructions(block)
                .all(|id| after.instruction(id).actions.iter().all(|act| are_next(&action(act))))
            && after.edges(block).all(|edge| are_next(edge.arguments))
    });
    is_in_order && next == after.location_count()
}
