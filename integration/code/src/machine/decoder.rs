//! What a decoder of an instruction set is.

use cranelift_codegen::ir::Signature;
use cranelift_codegen::isa::CallConv;

use super::instruction::{Instruction, Register};

/// A decoder of one instruction set, and what is to be known of its calling conventions.
pub(crate) trait Decoder {
    /// Returns the instruction at an offset of the code; `None` if there is none, or if what it does
    /// to registers and memory is not known in full.
    fn decode(&mut self, code: &[u8], at: u32) -> Option<Instruction>;

    /// Returns the stack pointer.
    fn stack_pointer(&self) -> Register;

    /// Returns the frame pointer.
    fn frame_pointer(&self) -> Register;

    /// Returns whether a function of this convention leaves a register as it was when it returns or,
    /// if `throws`, when an exception leaves it.
    fn keeps(&self, convention: CallConv, throws: bool, register: Register) -> bool;

    /// Returns the general registers.
    fn registers(&self) -> Vec<Register>;

    /// Returns the name of a register.
    fn name(&self, register: Register) -> String;

    /// Returns the registers in which a function gets arguments; others it gets on the stack. `None`
    /// if that is not known.
    fn arguments(&self, signature: &Signature) -> Option<Vec<Register>>;

    /// Returns the registers in which a function returns results; others it returns in memory. `None`
    /// if that is not known.
    fn results(&self, signature: &Signature) -> Option<Vec<Register>>;

    /// Returns the number of bytes that a callee takes from the stack when it returns; `None` if that
    /// is not known.
    fn popped(&self, signature: &Signature) -> Option<i64>;

    /// Returns the offsets in the code to which an indirect jump goes, which is lowered from a branch
    /// with this many targets; `None` if it is not one of those that are understood.
    fn targets(&mut self, code: &[u8], jump: &Instruction, count: usize) -> Option<Vec<u32>>;
}
