//! The parsed form of a function: flat tables that refer to each other by index.
//!
//! Values, blocks and slots are identified by the dense index that [`Names`] assigns to their
//! number, so that the two functions of a pair agree on indices. Lists of items are ranges in one
//! pool per kind of item, so that a function of 55 MB of text needs a handful of allocations rather
//! than one for each instruction.
//!
//! [`Names`]: crate::names::Names

use stackmap_verifier::model::Origin;

use crate::opcode::Opcode;
use crate::text::error::SyntaxError;
use crate::types::{Type, TypeId};

/// A range of items in one of the function's pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    start: u32,
    len: u32,
}

impl List {
    /// Returns the range from `start` (inclusive) to `end` (exclusive).
    pub(crate) fn between(start: usize, end: usize) -> List {
        let index = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        List { start: index(start), len: index(end.saturating_sub(start)) }
    }

    /// Returns the items of the range; an empty slice if it is not within `pool`.
    pub fn of<T>(self, pool: &[T]) -> &[T] {
        let start = self.start as usize;
        pool.get(start..start + self.len as usize).unwrap_or(&[])
    }

    /// Returns the position of the first item in the pool.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// Returns the number of items.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Returns whether the range is empty.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// The definition of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definition {
    /// The value is not defined in this function.
    #[default]
    Missing,
    /// A block parameter.
    Param,
    /// A result of the instruction with this index.
    Result(u32),
    /// Another value, `v3 -> v0`.
    Alias(u32),
}

/// The definition and type of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValueData {
    /// The definition of the value.
    pub definition: Definition,
    /// The type of the value, if the text states it or lets it be inferred.
    pub r#type: Option<Type>,
}

/// A stack slot's declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot<'t> {
    /// The index of the slot.
    pub index: u32,
    /// The kind of slot, for example `explicit_slot`.
    pub sort: &'t str,
    /// The size in bytes.
    pub size: u32,
    /// The alignment in bytes; 1 if none is printed.
    pub align: u32,
    /// The key that the producer of the function gave the slot.
    pub key: Option<u64>,
    /// The position of the declaration.
    pub origin: Origin,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The index of the block.
    pub index: u32,
    /// The block parameters, as values.
    pub params: List,
    /// Whether the block is marked `cold`.
    pub is_cold: bool,
    /// The instructions of the block.
    pub instructions: List,
    /// The position of the block header.
    pub origin: Origin,
}

/// An argument passed along an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A value.
    Value(u32),
    /// `ret0`: a result of the `try_call` that the edge belongs to.
    Return(u32),
    /// `exn0`: a part of the exception thrown out of the `try_call`.
    Exception(u32),
}

impl Argument {
    /// Returns the value that is passed, unless it is a result that only the edge names.
    pub fn value(self) -> Option<u32> {
        match self {
            Argument::Value(value) => Some(value),
            Argument::Return(_) | Argument::Exception(_) => None,
        }
    }
}

/// A control-flow edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The target block.
    pub target: u32,
    /// The arguments passed to the target block.
    pub arguments: List,
    /// The position of the target's name.
    pub origin: Origin,
}

/// A stack map entry, `i32 @ ss0+8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The slot, which need not be declared.
    pub slot: u32,
    /// The byte offset of the entry in the slot.
    pub offset: u32,
    /// The size of the entry's type in bytes.
    pub size: u32,
    /// The type of the entry.
    pub r#type: TypeId,
    /// Whether the type is a floating-point or vector type.
    pub is_float: bool,
    /// The position of the entry.
    pub origin: Origin,
}

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub struct Instruction<'t> {
    /// The opcode's description in the opcode table.
    pub opcode: &'static Opcode,
    /// The opcode as written, without its type suffix.
    pub name: &'t str,
    /// The type written after the opcode, as in `iadd.i32`.
    pub suffix: Option<Type>,
    /// The text before the instruction: its source location and debug tags.
    pub annotation: &'t str,
    /// Everything after the opcode except the stack map.
    pub operand_text: &'t str,
    /// The whole instruction except the stack map, for use in messages.
    pub text: &'t str,
    /// The values that the instruction defines.
    pub results: List,
    /// The values that the instruction reads, except edge arguments.
    pub operands: List,
    /// The outgoing edges.
    pub edges: List,
    /// The stack map, if one is printed.
    pub entries: Option<List>,
    /// The stack slot that the instruction names as an operand.
    pub slot: Option<u32>,
    /// The offset from that slot or from the address operand.
    pub offset: i64,
    /// The position of the instruction.
    pub origin: Origin,
}

/// A function.
#[derive(Clone, Debug, Default)]
pub struct Function<'t> {
    /// The name, for example `%f` or `u0:3`.
    pub name: &'t str,
    /// The name and signature, as written.
    pub signature: &'t str,
    /// The position of the first line.
    pub origin: Origin,
    /// The stack slots, in order of declaration.
    pub slots: Vec<Slot<'t>>,
    /// The other declarations of the preamble: names and declarations as written, with the fact
    /// about a global value (`! fact`) in front.
    pub declarations: Vec<(&'t str, &'t str)>,
    /// The facts about values (`v3 ! fact`): the words of each fact, by value.
    pub facts: Vec<(u32, String)>,
    /// The blocks in layout order; the first is the entry block.
    pub blocks: Vec<Block>,
    /// The instructions in layout order.
    pub instructions: Vec<Instruction<'t>>,
    /// The data of each value, by index. The table is shorter than the table of names if the other
    /// function of the pair has more values.
    pub values: Vec<ValueData>,
    /// The pool of values for all lists of values.
    pub value_pool: Vec<u32>,
    /// The pool of edges.
    pub edge_pool: Vec<Edge>,
    /// The pool of edge arguments.
    pub argument_pool: Vec<Argument>,
    /// The pool of stack map entries.
    pub entry_pool: Vec<Entry>,
    /// The position in the layout, by block index.
    pub block_positions: Vec<Option<u32>>,
    /// The position in `slots`, by slot index.
    pub slot_positions: Vec<Option<u32>>,
    /// The first reason why Cranelift would reject the function, although the text can be parsed.
    pub(crate) invalid: Option<SyntaxError>,
    /// Whether an instruction that uses a constant lacks the comment with the constant's value,
    /// which Cranelift prints behind such an instruction.
    pub(crate) hides_constants: bool,
}

impl<'t> Function<'t> {
    /// Returns the definition and type of the value with this index.
    pub fn value(&self, index: u32) -> ValueData {
        self.values.get(index as usize).copied().unwrap_or_default()
    }

    /// Returns the block with this index.
    pub fn block(&self, index: u32) -> Option<&Block> {
        let position = (*self.block_positions.get(index as usize)?)?;
        self.blocks.get(position as usize)
    }

    /// Returns the slot with this index.
    pub fn slot(&self, index: u32) -> Option<&Slot<'t>> {
        let position = (*self.slot_positions.get(index as usize)?)?;
        self.slots.get(position as usize)
    }

    /// Returns the last instruction of the block.
    pub fn terminator(&self, block: &Block) -> Option<&Instruction<'t>> {
        block.instructions.of(&self.instructions).last()
    }

    /// Returns the value that an alias stands for, or `value` itself if it is not an alias. The
    /// reader has already resolved chains of aliases and rejected cycles.
    pub fn resolve(&self, value: u32) -> u32 {
        match self.value(value).definition {
            Definition::Alias(target) => target,
            Definition::Missing | Definition::Param | Definition::Result(_) => value,
        }
    }
}
