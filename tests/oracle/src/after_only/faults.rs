//! Faults that a spiller or an optimizer might make, put into a function alone.

use std::collections::BTreeSet;
use std::fmt;

use stackmap_verifier::model::{Action, Location};

use super::draft::{BlockDraft, Draft, Instruction, Step};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// An entry is missing from a stack map.
    DroppedEntry,
    /// Two spills of one block have each other's slot.
    SwappedSlots,
    /// A spill is missing.
    DroppedSpill,
    /// A reload is missing: the spilled value is used instead.
    DroppedReload,
    /// A reload is missing: the value reloaded before the safepoint is used instead.
    MergedReloads,
    /// A reload is done before the safepoint instead of behind it.
    EarlyReload,
    /// A use of a reference is moved behind the next safepoint.
    MovedUse,
}

impl Fault {
    /// All kinds.
    pub const ALL: [Fault; 7] = [
        Fault::DroppedEntry,
        Fault::SwappedSlots,
        Fault::DroppedSpill,
        Fault::DroppedReload,
        Fault::MergedReloads,
        Fault::EarlyReload,
        Fault::MovedUse,
    ];
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Fault::DroppedEntry => "entry missing from a map",
            Fault::SwappedSlots => "slots of two spills swapped",
            Fault::DroppedSpill => "spill missing",
            Fault::DroppedReload => "reload missing, the spilled value used",
            Fault::MergedReloads => "reload missing, an earlier one used",
            Fault::EarlyReload => "reload before the call",
            Fault::MovedUse => "use moved behind a call",
        })
    }
}

/// A fault that can be put into a certain function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The kind of the fault.
    pub fault: Fault,
    block: usize,
    /// The index in the block of the instruction that is changed.
    at: usize,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// Remove this entry from the stack map.
    Entry(usize),
    /// Replace the slot with that of the other spill.
    Swap(usize),
    /// Remove the instruction.
    Remove,
    /// Remove the instruction, and replace its result with this value.
    Replace(Location),
    /// Move the instruction to this index in the block.
    Place(usize),
}

/// The facts about a function that are needed for inserting faults.
struct Known<'d> {
    draft: &'d Draft,
    roots: BTreeSet<Location>,
    references: BTreeSet<Location>,
}

/// Returns all the faults that can be inserted into a function with these declared references,
/// block by block.
///
/// Cost: linear in the function, and for each block in its length squared.
pub fn sites(draft: &Draft, declared: &[Location]) -> Vec<Site> {
    let known = Known::new(draft, declared);
    (0..draft.blocks.len()).flat_map(|block| known.sites(block)).collect()
}

/// Returns the function with a fault inserted.
pub fn put(draft: &Draft, site: Site) -> Draft {
    let mut faulty = draft.clone();
    let Site { block, at, how, .. } = site;
    let instructions = &mut faulty.blocks[block].instructions;
    match how {
        How::Entry(entry) => {
            if let Some(roots) = map_mut(&mut instructions[at]) {
                roots.remove(entry);
            }
        }
        How::Swap(other) => {
            if let (Some((from, to)), Some((that_from, that_to))) =
                (instructions[at].as_move(), instructions[other].as_move())
            {
                instructions[at].steps = vec![Step::Action(Action::Move { from, to: that_to })];
                instructions[other].steps =
                    vec![Step::Action(Action::Move { from: that_from, to })];
            }
        }
        How::Remove => drop(instructions.remove(at)),
        How::Replace(by) => {
            let removed = instructions.remove(at);
            if let Some((_, value)) = removed.as_move() {
                faulty.rename(value, by);
            }
        }
        How::Place(place) => {
            let moved = instructions.remove(at);
            instructions.insert(place, moved);
        }
    }
    faulty
}

impl<'d> Known<'d> {
    fn new(draft: &'d Draft, declared: &[Location]) -> Self {
        let instructions = || draft.blocks.iter().flat_map(|block| &block.instructions);
        let roots: BTreeSet<Location> =
            instructions().filter_map(map).flatten().map(|&(root, _)| root).collect();
        let moves = instructions().filter_map(Instruction::as_move);
        let spilled_or_reloaded = moves.flat_map(|(from, to)| [(from, to), (to, from)]);
        let references = spilled_or_reloaded
            .filter(|(root, _)| roots.contains(root))
            .map(|(_, value)| value)
            .chain(declared.iter().copied())
            .collect();
        Known { draft, roots, references }
    }

    fn sites(&self, block: usize) -> Vec<Site> {
        let instructions = &self.draft.blocks[block].instructions;
        let mut sites = Vec::new();
        for (at, instruction) in instructions.iter().enumerate() {
            let mut add = |fault, how| sites.push(Site { fault, block, at, how });
            let entries = map(instruction).map_or(0, <[_]>::len);
            (0..entries).for_each(|entry| add(Fault::DroppedEntry, How::Entry(entry)));
            match instruction.as_move() {
                Some((_, to)) if self.roots.contains(&to) => {
                    add(Fault::DroppedSpill, How::Remove);
                    if let Some(other) = self.next_spill(instructions, at) {
                        add(Fault::SwappedSlots, How::Swap(other));
                    }
                }
                Some((from, _)) if self.roots.contains(&from) => {
                    if let Some(spilled) = self.spilled(block, at, from) {
                        add(Fault::DroppedReload, How::Replace(spilled));
                    }
                    if let Some(earlier) = earlier_reload(instructions, at, from) {
                        add(Fault::MergedReloads, How::Replace(earlier));
                    }
                    if let Some(call) = last_call(instructions, at, from) {
                        add(Fault::EarlyReload, How::Place(call));
                    }
                }
                Some(_) => {}
                None => {
                    if let Some(call) = self.call_to_cross(&self.draft.blocks[block], at) {
                        add(Fault::MovedUse, How::Place(call));
                    }
                }
            }
        }
        sites
    }

    /// Returns the next spill to another root in the block.
    fn next_spill(&self, instructions: &[Instruction], at: usize) -> Option<usize> {
        let (_, to) = instructions[at].as_move()?;
        let mut behind = (at + 1..).zip(instructions.get(at + 1..)?);
        let next = behind.find(|(_, instruction)| {
            instruction.as_move().is_some_and(|(_, other)| self.roots.contains(&other))
        });
        let (other, instruction) = next?;
        instruction.as_move().filter(|&(_, that)| that != to).map(|_| other)
    }

    /// Returns the value that a root holds at a reload: the last one spilled to it in this
    /// block, or the only one that is ever spilled to it.
    fn spilled(&self, block: usize, at: usize, root: Location) -> Option<Location> {
        let here = self.draft.blocks[block].instructions[..at].iter();
        let spill = |instruction: &Instruction| {
            instruction.as_move().filter(|&(_, to)| to == root).map(|(from, _)| from)
        };
        if let Some(spilled) = here.rev().find_map(spill) {
            return Some(spilled);
        }
        let all = self.draft.blocks.iter().flat_map(|block| &block.instructions);
        let mut all = all.filter_map(spill);
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }

    /// Returns the position behind the next call to which an instruction that uses a reference
    /// can be moved, provided that the call does not need its results.
    fn call_to_cross(&self, block: &BlockDraft, at: usize) -> Option<usize> {
        let (instruction, behind) = block.instructions.get(at..)?.split_first()?;
        let uses_reference = instruction.reads().any(|at| self.references.contains(&at));
        if map(instruction).is_some() || !uses_reference {
            return None;
        }
        let call = behind.iter().position(|instruction| map(instruction).is_some())?;
        let writes: Vec<Location> = instruction.writes().collect();
        let mut until = behind[..=call].iter();
        let is_needed = until.any(|other| other.reads().any(|at| writes.contains(&at)));
        // A call that ends its block has nothing behind it.
        let is_last = call + 1 == behind.len();
        (!is_needed && !is_last).then_some(at + call + 1)
    }
}

/// Returns the value of an earlier reload of a root in the block, with a call in between.
fn earlier_reload(instructions: &[Instruction], at: usize, root: Location) -> Option<Location> {
    let mut has_call = false;
    for instruction in instructions[..at].iter().rev() {
        has_call |= map(instruction).is_some();
        match instruction.as_move() {
            Some((from, value)) if from == root && has_call => return Some(value),
            Some((_, to)) if to == root => return None,
            Some(_) | None => {}
        }
    }
    None
}

/// Returns the call before a reload, if nothing is spilled to the root in between.
fn last_call(instructions: &[Instruction], at: usize, root: Location) -> Option<usize> {
    let call = instructions[..at].iter().rposition(|instruction| map(instruction).is_some())?;
    let mut between = instructions[call..at].iter();
    let is_spilled = between.any(|other| other.writes().any(|at| at == root));
    (!is_spilled).then_some(call)
}

fn map(instruction: &Instruction) -> Option<&[(Location, bool)]> {
    instruction.steps.iter().find_map(|step| match step {
        Step::Safepoint(roots) => Some(roots.as_slice()),
        Step::Action(_) => None,
    })
}

fn map_mut(instruction: &mut Instruction) -> Option<&mut Vec<(Location, bool)>> {
    instruction.steps.iter_mut().find_map(|step| match step {
        Step::Safepoint(roots) => Some(roots),
        Step::Action(_) => None,
    })
}
