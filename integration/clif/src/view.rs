//! The interface through which the lowering sees a function.
//!
//! Functions in memory and functions read from text have only this interface in common. Both front
//! ends implement [`Function`] and share one lowering, so they build the same model by
//! construction.
//!
//! Values, blocks and slots are identified by an *index*. The two functions of a pair must agree on
//! it: an index denotes the same value in both. For functions in memory it is the entity number,
//! for text it is dense, and [`Function::value_number`] returns the number for messages.

use stackmap_verifier::model::Origin;

pub use crate::ast::{Argument, Entry};
use crate::opcode::Effect;
pub use crate::opcode::Role;
use crate::types::TypeId;

/// A byte range of a stack slot, as named by an instruction. It has not been checked: the range may
/// be outside of the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotRange {
    /// The index of the slot.
    pub slot: u32,
    /// The offset of the first byte from the start of the slot.
    pub offset: i64,
    /// The number of bytes; `None` if the type of the value is unknown.
    pub size: Option<u32>,
}

/// The access of an instruction to a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Takes the address of the slot.
    Address,
    /// Reads from the slot.
    Load {
        /// The bytes that are read.
        place: SlotRange,
        /// Whether the result is exactly the bytes read, not a part or an extension of them.
        whole: bool,
        /// The number of the operand that is the address; `None` if the instruction names the slot.
        address: Option<usize>,
    },
    /// Writes operand 0 to the slot.
    Store {
        /// The bytes that are written.
        place: SlotRange,
        /// Whether all of the operand is written.
        whole: bool,
        /// The number of the operand that is the address; `None` if the instruction names the slot.
        address: Option<usize>,
    },
}

/// The flags of a load or a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryFlags {
    /// Whether the byte order is big-endian, if it is given explicitly.
    pub big_endian: Option<bool>,
    /// Whether the address is asserted to be a multiple of the size.
    pub aligned: bool,
    /// Whether the memory is asserted never to change.
    pub readonly: bool,
    /// Whether the access may be moved to where its address is computed.
    pub can_move: bool,
    /// The alias region: accesses to different regions are asserted never to overlap.
    pub region: Option<u32>,
    /// Whether there is a flag whose meaning is unknown.
    pub has_unknown: bool,
}

/// A stack slot of fixed size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The index of the slot.
    pub index: u32,
    /// Whether it is an `explicit_slot`, the only kind that exists today.
    pub is_explicit: bool,
    /// The size in bytes.
    pub size: u32,
    /// The alignment in bytes.
    pub align: u32,
    /// The key that the program gave the slot.
    pub key: Option<u64>,
}

/// What a scan over a function asks of every instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief {
    /// The role of the instruction.
    pub role: Role,
    /// Whether it ends a block.
    pub is_terminator: bool,
    /// Whether it names a stack slot.
    pub names_slot: bool,
}

/// A declaration in front of the blocks, other than a stack slot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declaration {
    /// The declared name: `fn0`, `gv1`, `stack_limit`.
    pub name: String,
    /// The declared entity, in the words of CLIF, separated by single blanks.
    pub text: String,
}

/// A function, as seen by the lowering.
pub trait Function {
    /// Returns the function's name, signature and calling convention, in the words of CLIF.
    fn header(&self) -> String;
    /// Returns the declarations except stack slots, in no particular order; a name that is declared
    /// twice occurs twice. Those that are certain to be the same in `other` may be left out, if
    /// `other.declarations(self)` leaves them out, too.
    fn declarations(&self, other: &Self) -> Vec<Declaration>;
    /// Returns whether [`header`](Self::header) and [`declarations`](Self::declarations) are
    /// certain to be the same in both functions; may return false even if they are.
    fn must_declare_same(&self, other: &Self) -> bool;

    /// A handle to an instruction.
    type Instruction: Copy;
    /// A handle to an edge.
    type Edge: Copy;

    /// Returns an exclusive upper bound on value indices.
    fn value_bound(&self) -> usize;
    /// Returns the number in a value's name.
    fn value_number(&self, value: u32) -> u32;
    /// Returns whether the function has the value, as a definition or an alias, reachable or not.
    fn defines(&self, value: u32) -> bool;
    /// Returns the value that an alias stands for; the value itself if it is not an alias.
    fn resolve(&self, value: u32) -> u32;
    /// Returns whether a value is an alias, which need not lead to a value.
    fn is_alias(&self, value: u32) -> bool {
        self.resolve(value) != value
    }
    /// Returns the type of a value, if it is known.
    fn type_of(&self, value: u32) -> Option<TypeId>;
    /// Returns whether the value's type is a floating-point or vector type.
    fn is_float(&self, value: u32) -> bool;
    /// Returns whether a value's type is that of an address on some machine.
    fn may_be_address(&self, value: u32) -> bool;
    /// Returns further statements about values, in words: facts that are to be checked, labels for
    /// a debugger. Most functions have none.
    fn facts(&self) -> Vec<(u32, String)>;

    /// Returns an upper bound on the number of instructions, usually close to it.
    fn instruction_bound(&self) -> usize;

    /// Returns an exclusive upper bound on block indices.
    fn block_bound(&self) -> usize;
    /// Returns the number in a block's name.
    fn block_number(&self, block: u32) -> u32;
    /// Returns the blocks in layout order; the first is the entry.
    fn blocks(&self) -> impl Iterator<Item = u32>;
    /// Returns a block's parameters.
    fn params(&self, block: u32) -> impl Iterator<Item = u32>;
    /// Returns a block's instructions, in order.
    fn instructions(&self, block: u32) -> impl Iterator<Item = Self::Instruction>;
    /// Returns a block's last instruction, if it is a terminator.
    fn terminator(&self, block: u32) -> Option<Self::Instruction>;
    /// Returns whether an instruction ends a block.
    fn is_terminator(&self, instruction: Self::Instruction) -> bool;
    /// Returns whether a block is marked as cold.
    fn is_cold(&self, block: u32) -> bool;
    /// Returns the position of a block's header.
    fn block_origin(&self, block: u32) -> Origin;

    /// Returns an exclusive upper bound on slot indices.
    fn slot_bound(&self) -> usize;
    /// Returns the number in a slot's name.
    fn slot_number(&self, slot: u32) -> u32;
    /// Returns the stack slots of fixed size.
    fn slots(&self) -> impl Iterator<Item = Slot>;

    /// Returns what a scan asks of every instruction.
    fn brief(&self, instruction: Self::Instruction) -> Brief {
        Brief {
            role: self.role(instruction),
            is_terminator: self.is_terminator(instruction),
            names_slot: self.named_slot(instruction).is_some(),
        }
    }
    /// Returns the instructions that may copy an operand, or derive an address from one, in any
    /// order: all of these in reachable blocks, and possibly others.
    fn forwarding(&self) -> impl Iterator<Item = Self::Instruction> {
        self.blocks().flat_map(|block| self.instructions(block))
    }
    /// Returns the role of an instruction.
    fn role(&self, instruction: Self::Instruction) -> Role;
    /// Returns the effect of an instruction on the values it reads, and the origin of its results;
    /// `None` if it is unknown.
    fn effect(&self, instruction: Self::Instruction) -> Option<Effect>;
    /// Returns whether the collector is known not to run in an instruction, though it may be a
    /// [safepoint](Role::Safepoint) to the spiller.
    fn never_collects(&self, _: Self::Instruction) -> bool {
        false
    }
    /// Returns whether the instruction is a load that an optimizer may move: one from memory that
    /// is asserted never to change, at an address that is asserted to stay valid.
    fn is_movable_load(&self, instruction: Self::Instruction) -> bool;
    /// Returns the slot that the instruction itself names.
    fn named_slot(&self, instruction: Self::Instruction) -> Option<u32>;
    /// Returns the instruction's access to a stack slot, if it has one: by naming the slot, or
    /// through an address that [`slot_of_address`](Self::slot_of_address) recognizes.
    fn access(&self, instruction: Self::Instruction) -> Option<Access>;
    /// Returns the memory flags of an instruction with an [`access`](Self::access).
    fn memory_flags(&self, instruction: Self::Instruction) -> MemoryFlags;
    /// Returns the number of the operand that is an address, if the instruction loads, stores, or
    /// calls through it.
    fn address_operand(&self, instruction: Self::Instruction) -> Option<usize>;
    /// Returns the slot whose address a value is, if a `stack_addr` defines the value.
    fn slot_of_address(&self, value: u32) -> Option<u32>;
    /// Returns whether a value is the integer constant zero, possibly extended. Aliases are
    /// resolved.
    fn is_zero(&self, value: u32) -> bool;
    /// Returns the values that the instruction defines.
    fn results(&self, instruction: Self::Instruction) -> impl Iterator<Item = u32>;
    /// Returns the values that the instruction reads, except edge arguments, with aliases
    /// unresolved.
    fn operands(&self, instruction: Self::Instruction) -> impl Iterator<Item = u32>;
    /// Returns the edges of the instruction, in order.
    fn edges(&self, instruction: Self::Instruction) -> impl Iterator<Item = Self::Edge>;
    /// Returns the target block of an edge.
    fn target(&self, edge: Self::Edge) -> u32;
    /// Returns the arguments of an edge, with aliases unresolved.
    fn arguments(&self, edge: Self::Edge) -> impl Iterator<Item = Argument>;
    /// Returns whether the safepoint's stack map is known. It is unknown in text of a version that
    /// does not print it.
    fn stack_map_is_known(&self, instruction: Self::Instruction) -> bool;
    /// Returns the entries of the instruction's stack map.
    fn stack_map(&self, instruction: Self::Instruction) -> impl Iterator<Item = Entry>;

    /// Returns whether both instructions have the same source location and the same debug tags.
    fn same_annotation(
        &self,
        mine: Self::Instruction,
        other: &Self,
        instruction: Self::Instruction,
    ) -> bool;
    /// Returns whether an instruction has debug tags.
    fn has_tags(&self, instruction: Self::Instruction) -> bool;
    /// Returns the source location and debug tags in the words of CLIF, for messages.
    fn annotation(&self, instruction: Self::Instruction) -> String;
    /// Returns whether `instruction` performs the same operation as `mine`, ignoring operands,
    /// results, edge targets, stack map and annotation.
    fn same_operation(
        &self,
        mine: Self::Instruction,
        other: &Self,
        instruction: Self::Instruction,
    ) -> bool;
    /// Returns whether two lists of definitions are the same values, with the same types.
    fn has_same(
        &self,
        mine: impl Iterator<Item = u32>,
        other: &Self,
        theirs: impl Iterator<Item = u32>,
    ) -> bool {
        let mine = mine.map(|value| (value, self.type_of(value)));
        mine.eq(theirs.map(|value| (value, other.type_of(value))))
    }
    /// Returns whether two instructions without edges are the same, operands, results with their types
    /// and annotation included, and have no stack map. An operand that is an alias of one value here
    /// and of another there may count as the same.
    fn is_same(
        &self,
        mine: Self::Instruction,
        other: &Self,
        instruction: Self::Instruction,
    ) -> bool {
        let resolved = |view: &Self, operand| view.resolve(operand);
        let operands = self.operands(mine).map(|operand| resolved(self, operand));
        self.same_operation(mine, other, instruction)
            && operands.eq(other.operands(instruction).map(|operand| resolved(other, operand)))
            && self.has_same(self.results(mine), other, other.results(instruction))
            && self.same_annotation(mine, other, instruction)
            && self.stack_map(mine).next().is_none()
            && other.stack_map(instruction).next().is_none()
    }
    /// Returns the position of an instruction.
    fn origin(&self, instruction: Self::Instruction) -> Origin;
    /// Returns an instruction as text, for messages.
    fn describe(&self, instruction: Self::Instruction) -> String;
}
