//! What the lowering needs to see of a function.
//!
//! A function in memory and a function read from text differ in everything but
//! this. Both front ends implement [`Function`] and share the one lowering, so
//! they build the same model by construction.
//!
//! Values, blocks and slots go by an *index*. The two functions of a pair must
//! agree on it: one index is the same value in both. For functions in memory it
//! is the entity number, for text it is dense, and [`Function::value_number`]
//! gives the number for messages.

use stackmap_verifier::model::Origin;

pub use crate::ast::{Argument, Entry};
use crate::opcode::Effect;
pub use crate::opcode::Role;
use crate::types::TypeId;

/// Bytes of a stack slot, as an instruction names them. Nothing is checked yet:
/// the range may lie outside of the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The slot's index.
    pub slot: u32,
    /// First byte, from the slot's start.
    pub offset: i64,
    /// How many bytes; `None` if the type of the value is unknown.
    pub size: Option<u32>,
}

/// What an instruction does with a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Takes its address.
    Address,
    /// Reads from it.
    Load {
        /// What is read.
        place: Place,
        /// Whether the result is what was read, not a part or an extension.
        whole: bool,
        /// The operand that is the address, unless the slot is named itself.
        address: Option<usize>,
    },
    /// Writes operand 0 to it.
    Store {
        /// What is written.
        place: Place,
        /// Whether all of the operand is written.
        whole: bool,
        /// The operand that is the address, unless the slot is named itself.
        address: Option<usize>,
    },
}

/// What a load or a store says of the memory it accesses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryFlags {
    /// The byte order, if it is said: whether the last byte comes first.
    pub big_endian: Option<bool>,
    /// Whether the address is said to be a multiple of the size.
    pub aligned: bool,
    /// Whether the memory is said never to change.
    pub readonly: bool,
    /// Whether the access may be moved to where its address is computed.
    pub can_move: bool,
    /// The alias region: accesses of two regions are said never to overlap.
    pub region: Option<u32>,
    /// Whether something else is said that nobody knows the meaning of.
    pub has_unknown: bool,
}

/// A stack slot of fixed size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its index.
    pub index: u32,
    /// Whether it is an `explicit_slot`, the only sort that there is today.
    pub is_explicit: bool,
    /// Its size in bytes.
    pub size: u32,
    /// Its alignment in bytes.
    pub align: u32,
    /// The key that the program gave it.
    pub key: Option<u64>,
}

/// Something that a function declares in front of its blocks, stack slots aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declaration {
    /// What is declared: `fn0`, `gv1`, `stack_limit`.
    pub name: String,
    /// As what, in the words of CLIF, separated by single blanks.
    pub text: String,
}

/// A function, as the lowering sees it.
pub trait Function {
    /// The function's name, signature and calling convention, in the words of CLIF.
    fn header(&self) -> String;
    /// Everything that it declares but stack slots, in no order; a name that is
    /// declared twice comes twice.
    fn declarations(&self) -> Vec<Declaration>;
    /// Whether [`header`](Self::header) and [`declarations`](Self::declarations) are
    /// surely the same in both functions; may say no where they are.
    fn surely_declares_same(&self, other: &Self) -> bool;

    /// Names an instruction.
    type Instruction: Copy;
    /// Names an edge.
    type Edge: Copy;

    /// All value indices are below this.
    fn value_bound(&self) -> usize;
    /// The number in a value's name.
    fn value_number(&self, value: u32) -> u32;
    /// The value an alias stands for; the value itself if it is none.
    fn resolve(&self, value: u32) -> u32;
    /// The type of a value, if it is known.
    fn type_of(&self, value: u32) -> Option<TypeId>;
    /// Whether that is a floating-point or vector type.
    fn is_float(&self, value: u32) -> bool;
    /// Whether a value's type is that of an address on some machine.
    fn may_be_address(&self, value: u32) -> bool;
    /// What else is known of values, in words: facts that are to be checked, labels
    /// for a debugger. Most functions have none.
    fn facts(&self) -> Vec<(u32, String)>;

    /// There are about this many instructions, and no more.
    fn instruction_bound(&self) -> usize;

    /// All block indices are below this.
    fn block_bound(&self) -> usize;
    /// The number in a block's name.
    fn block_number(&self, block: u32) -> u32;
    /// The blocks in layout order; the first is the entry.
    fn blocks(&self) -> impl Iterator<Item = u32>;
    /// A block's parameters.
    fn params(&self, block: u32) -> impl Iterator<Item = u32>;
    /// A block's instructions, in order.
    fn instructions(&self, block: u32) -> impl Iterator<Item = Self::Instruction>;
    /// A block's last instruction, if it ends a block.
    fn terminator(&self, block: u32) -> Option<Self::Instruction>;
    /// Whether an instruction ends a block.
    fn is_terminator(&self, instruction: Self::Instruction) -> bool;
    /// Whether a block is marked as rarely run.
    fn is_cold(&self, block: u32) -> bool;
    /// Where a block's header stands.
    fn block_origin(&self, block: u32) -> Origin;

    /// All slot indices are below this.
    fn slot_bound(&self) -> usize;
    /// The number in a slot's name.
    fn slot_number(&self, slot: u32) -> u32;
    /// The stack slots of fixed size.
    fn slots(&self) -> impl Iterator<Item = Slot>;

    /// What an instruction is.
    fn role(&self, instruction: Self::Instruction) -> Role;
    /// What it does with the values it reads, and makes of them; `None` if that is
    /// not known.
    fn effect(&self, instruction: Self::Instruction) -> Option<Effect>;
    /// Whether it is a load that an optimizer may move: one from memory that is
    /// said never to change, at an address that is said to stay good.
    fn is_movable_load(&self, instruction: Self::Instruction) -> bool;
    /// The slot that it names itself.
    fn named_slot(&self, instruction: Self::Instruction) -> Option<u32>;
    /// What it does with a stack slot, if it does: by naming the slot, or
    /// through an address that [`slot_of_address`](Self::slot_of_address) knows.
    fn access(&self, instruction: Self::Instruction) -> Option<Access>;
    /// What an instruction with an [`access`](Self::access) says of the memory.
    fn memory_flags(&self, instruction: Self::Instruction) -> MemoryFlags;
    /// The operand that is an address, if the instruction loads, stores, or calls
    /// what it points to.
    fn address_operand(&self, instruction: Self::Instruction) -> Option<usize>;
    /// The slot whose address a value is, if a `stack_addr` defines it.
    fn slot_of_address(&self, value: u32) -> Option<u32>;
    /// Whether a value is the integer constant zero, perhaps extended. Aliases
    /// are resolved.
    fn is_zero(&self, value: u32) -> bool;
    /// What it defines.
    fn results(&self, instruction: Self::Instruction) -> impl Iterator<Item = u32>;
    /// Every value it reads that is not an edge argument, aliases unresolved.
    fn operands(&self, instruction: Self::Instruction) -> impl Iterator<Item = u32>;
    /// Its edges, in order.
    fn edges(&self, instruction: Self::Instruction) -> impl Iterator<Item = Self::Edge>;
    /// The block an edge enters.
    fn target(&self, edge: Self::Edge) -> u32;
    /// What an edge passes, aliases unresolved.
    fn arguments(&self, edge: Self::Edge) -> impl Iterator<Item = Argument>;
    /// Whether the safepoint's stack map is known. It is not in text of a
    /// version that does not print it.
    fn stack_map_is_known(&self, instruction: Self::Instruction) -> bool;
    /// The entries of its stack map.
    fn stack_map(&self, instruction: Self::Instruction) -> impl Iterator<Item = Entry>;

    /// Whether both stand at the same source location and have the same debug tags.
    fn same_annotation(
        &self,
        mine: Self::Instruction,
        other: &Self,
        instruction: Self::Instruction,
    ) -> bool;
    /// Whether an instruction has debug tags.
    fn has_tags(&self, instruction: Self::Instruction) -> bool;
    /// Source location and debug tags in the words of CLIF, for messages.
    fn annotation(&self, instruction: Self::Instruction) -> String;
    /// Whether `instruction` does what `mine` does, operands, results, edge
    /// targets, stack map and annotation aside.
    fn same_operation(
        &self,
        mine: Self::Instruction,
        other: &Self,
        instruction: Self::Instruction,
    ) -> bool;
    /// Where an instruction stands.
    fn origin(&self, instruction: Self::Instruction) -> Origin;
    /// An instruction as text, for messages.
    fn describe(&self, instruction: Self::Instruction) -> String;
}
