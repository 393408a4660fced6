//! A function as its text says it: flat tables, with indices into them.
//!
//! Values, blocks and slots go by the dense index that [`Names`] gives their
//! number, so that the two functions of a pair agree on them. Everything that
//! lists something points into one pool per sort; a function of 55 MB of text
//! then costs a handful of allocations, not one for each instruction.
//!
//! [`Names`]: crate::names::Names

use stackmap_verifier::model::Origin;

use crate::opcode::Opcode;
use crate::text::SyntaxError;
use crate::types::{Type, TypeId};

/// A run of items in one of the function's pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    start: u32,
    len: u32,
}

impl List {
    /// The run that starts at `start` and goes up to `end`.
    pub(crate) fn between(start: usize, end: usize) -> List {
        let index = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        List { start: index(start), len: index(end.saturating_sub(start)) }
    }

    /// The items.
    pub fn of<T>(self, pool: &[T]) -> &[T] {
        let start = self.start as usize;
        pool.get(start..start + self.len as usize).unwrap_or(&[])
    }

    /// Where the run starts in the pool.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// How many items there are.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// What a value's name stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definition {
    /// Nothing in this function.
    #[default]
    Missing,
    /// A block parameter.
    Param,
    /// A result of the instruction with this index.
    Result(u32),
    /// Another value, `v3 -> v0`.
    Alias(u32),
}

/// What is known of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValueData {
    /// What defines it.
    pub definition: Definition,
    /// Its type, if the text says it or lets it be inferred.
    pub r#type: Option<Type>,
}

/// A stack slot's declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot<'t> {
    /// Its index.
    pub index: u32,
    /// Its sort: `explicit_slot`.
    pub sort: &'t str,
    /// Its size in bytes.
    pub size: u32,
    /// Its alignment in bytes, 1 if none is printed.
    pub align: u32,
    /// The key that the program gave it.
    pub key: Option<u64>,
    /// Where it is declared.
    pub origin: Origin,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its index.
    pub index: u32,
    /// Its parameters: values.
    pub params: List,
    /// Whether it is marked `cold`.
    pub is_cold: bool,
    /// Its instructions.
    pub instructions: List,
    /// Where its header stands.
    pub origin: Origin,
}

/// An argument that an edge passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A value.
    Value(u32),
    /// `ret0`: a result of the `try_call` whose edge it is.
    Return(u32),
    /// `exn0`: a part of the exception the `try_call` ends with.
    Exception(u32),
}

/// An edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The block it enters.
    pub target: u32,
    /// What it passes.
    pub arguments: List,
    /// Where the target is named.
    pub origin: Origin,
}

/// A stack map entry, `i32 @ ss0+8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The slot, which need not exist.
    pub slot: u32,
    /// First byte.
    pub offset: u32,
    /// How many bytes its type has.
    pub size: u32,
    /// Its type.
    pub r#type: TypeId,
    /// Whether that is a floating-point or vector type.
    pub is_float: bool,
    /// Where it stands.
    pub origin: Origin,
}

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub struct Instruction<'t> {
    /// What it does.
    pub opcode: &'static Opcode,
    /// The opcode as written, without type.
    pub name: &'t str,
    /// The type written after the opcode, `iadd.i32`.
    pub suffix: Option<Type>,
    /// What stands before the instruction: source location and debug tags.
    pub annotation: &'t str,
    /// Everything after the opcode except the stack map.
    pub operand_text: &'t str,
    /// The whole instruction except the stack map, for messages.
    pub text: &'t str,
    /// What it defines.
    pub results: List,
    /// Every value it reads that is not an edge argument.
    pub operands: List,
    /// Its edges.
    pub edges: List,
    /// Its stack map, if one is printed.
    pub entries: Option<List>,
    /// The slot it names itself.
    pub slot: Option<u32>,
    /// The offset from that slot or from the address.
    pub offset: i64,
    /// Where it stands.
    pub origin: Origin,
}

/// A function.
#[derive(Clone, Debug, Default)]
pub struct Function<'t> {
    /// Its name, `%f` or `u0:3`.
    pub name: &'t str,
    /// Name and signature, as written.
    pub signature: &'t str,
    /// Where its first line stands.
    pub origin: Origin,
    /// Its stack slots, in order of declaration.
    pub slots: Vec<Slot<'t>>,
    /// What else its preamble declares: names and declarations as written, with
    /// what is known of a global value (`! fact`) in front.
    pub declarations: Vec<(&'t str, &'t str)>,
    /// What is known of values (`v3 ! fact`): the words of each fact, by value.
    pub facts: Vec<(u32, String)>,
    /// Its blocks in layout order; the first is the entry.
    pub blocks: Vec<Block>,
    /// Its instructions in layout order.
    pub instructions: Vec<Instruction<'t>>,
    /// What is known of each value, by index; shorter than the names if the
    /// other function of the pair has more values.
    pub values: Vec<ValueData>,
    /// Values that are listed somewhere.
    pub value_pool: Vec<u32>,
    /// All edges.
    pub edge_pool: Vec<Edge>,
    /// All arguments of edges.
    pub argument_pool: Vec<Argument>,
    /// All stack map entries.
    pub entry_pool: Vec<Entry>,
    /// For each block index its position in the layout.
    pub block_positions: Vec<Option<u32>>,
    /// For each slot index its position among the slots.
    pub slot_positions: Vec<Option<u32>>,
    /// The first thing that makes it no function Cranelift has, though it can be told
    /// what is written.
    pub(crate) invalid: Option<SyntaxError>,
    /// Whether there is no comment behind an instruction that uses a constant. Cranelift
    /// writes one, with the constant's value.
    pub(crate) hides_constants: bool,
}

impl<'t> Function<'t> {
    /// What is known of the value with this index.
    pub fn value(&self, index: u32) -> ValueData {
        self.values.get(index as usize).copied().unwrap_or_default()
    }

    /// The block with this index.
    pub fn block(&self, index: u32) -> Option<&Block> {
        let position = (*self.block_positions.get(index as usize)?)?;
        self.blocks.get(position as usize)
    }

    /// The slot with this index.
    pub fn slot(&self, index: u32) -> Option<&Slot<'t>> {
        let position = (*self.slot_positions.get(index as usize)?)?;
        self.slots.get(position as usize)
    }

    /// The block's last instruction.
    pub fn terminator(&self, block: &Block) -> Option<&Instruction<'t>> {
        block.instructions.of(&self.instructions).last()
    }

    /// The value an alias finally stands for; the value itself if it is none.
    /// The reader has resolved chains and refused cycles.
    pub fn resolve(&self, value: u32) -> u32 {
        match self.value(value).definition {
            Definition::Alias(target) => target,
            Definition::Missing | Definition::Param | Definition::Result(_) => value,
        }
    }
}
