//! Accesses of slots with references.

use cranelift_codegen::ir::{Block, Inst};

use crate::machine::Direction;

/// A load or a store of a slot with references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlotAccess {
    pub(crate) instruction: Inst,
    pub(crate) block: Block,
    pub(crate) direction: Direction,
    /// The offset of its first byte from the stack pointer.
    pub(crate) offset: u32,
    /// The number of bytes.
    pub(crate) size: u32,
}

/// An access of bytes in a slot with references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bytes {
    /// The offset of the machine instruction in the code.
    pub(crate) at: u32,
    pub(crate) direction: Direction,
    /// The offset of the first byte from the stack pointer.
    pub(crate) offset: i64,
    pub(crate) size: u32,
}
