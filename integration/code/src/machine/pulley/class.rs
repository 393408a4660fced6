//! The classes of instructions.

use pulley_interpreter::{UpperRegSet, XReg};

/// A class of instructions: what they do beyond reading and writing their operands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    /// They write what they compute from what they read.
    Compute,
    /// They write what they read.
    Copy,
    /// They write a constant.
    Constant(i64),
    /// They write the sum of what they read and a constant.
    Plus(i64),
    /// They write the sum of what they read.
    Sum,
    /// They write so many bytes that they load.
    Load(u32),
    /// They write what they compute from so many bytes that they load.
    LoadPart(u32),
    /// They store what they read, so many bytes.
    Store(u32),
    /// They store a part of what they read, so many bytes.
    StorePart(u32),
    /// To an offset from their start, or to the next instruction.
    Branch,
    /// To an offset from their start.
    Jump,
    /// To an address that a register or a table holds.
    Indirect,
    /// To a function.
    Call,
    /// The same, and what they read is copied to the registers of the first arguments.
    CallWith,
    Return,
    Trap,
    Frame(Frame),
}

/// An instruction that changes the stack pointer or the frame pointer, or copies the latter.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frame {
    Push,
    Pop,
    PushSave { amount: u16, registers: UpperRegSet<XReg> },
    PopRestore { amount: u16, registers: UpperRegSet<XReg> },
    Allocate(u32),
    Free(u32),
    CopyPointer,
}
