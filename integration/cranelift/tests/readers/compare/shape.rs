//! The parts of a function on which two readers must agree.

/// A function, as a reader understood it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) slots: Vec<Slot>,
    pub(crate) blocks: Vec<Block>,
    /// Aliases, and the value each finally stands for.
    pub(crate) aliases: Vec<(u32, u32)>,
}

impl Shape {
    /// The same, without what cranelift-reader makes up: it fills gaps between the
    /// numbers of slots, and loses a source location just before the first one.
    pub(crate) fn aligned_with(&mut self, ours: &Shape) -> &Shape {
        let is_declared = |slot: &Slot| ours.slots.iter().any(|own| own.number == slot.number);
        self.slots.retain(|slot| slot.size > 0 || is_declared(slot));
        for (block, own) in self.blocks.iter_mut().zip(&ours.blocks) {
            for (instruction, own) in block.instructions.iter_mut().zip(&own.instructions) {
                instruction.location = instruction.location.or(own.location);
            }
        }
        self
    }
}

/// A stack slot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) number: u32,
    pub(crate) sort: String,
    pub(crate) size: u32,
    pub(crate) align: u32,
    pub(crate) key: Option<u64>,
}

/// A value and its type; no type if the reader cannot tell.
pub(crate) type Typed = (u32, Option<String>);

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) number: u32,
    pub(crate) is_cold: bool,
    pub(crate) params: Vec<Typed>,
    pub(crate) instructions: Vec<Instruction>,
}

/// An instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Instruction {
    pub(crate) opcode: String,
    pub(crate) results: Vec<Typed>,
    /// Sorted where the format mixes operands with a table.
    pub(crate) operands: Vec<u32>,
    /// The blocks it goes to, each with what it passes.
    pub(crate) edges: Vec<(u32, Vec<String>)>,
    /// Type, slot and offset of each stack map entry.
    pub(crate) map: Vec<(String, u32, u32)>,
    pub(crate) slot: Option<u32>,
    pub(crate) offset: i64,
    /// Source location and debug tags, without blanks.
    pub(crate) location: Option<u32>,
    pub(crate) tags: String,
}
