//! The formats of the text behind an opcode.
//!
//! The formats are those of Cranelift's instruction definitions
//! (cranelift/codegen/meta/src/shared/formats.rs), written as the sequence of operands that
//! cranelift-reader reads for each.

/// A kind of operand, or the punctuation between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// `v0`.
    Value,
    /// `,`
    Comma,
    /// `v0, v1`, or nothing.
    Values,
    /// `(v0, v1)`
    Arguments,
    /// A number of the controlling type.
    Controlled,
    /// A number of 64 bits.
    Imm64,
    /// A number of 8 bits.
    Uimm8,
    /// A float of this number of bits.
    Float(u32),
    /// `const0`, or the constant itself: a vector, or a float of 128 bits.
    Constant,
    /// A constant of 16 bytes.
    Mask,
    /// `fn0`
    Function,
    /// `sig0`
    Signature,
    /// `gv0`
    GlobalValue,
    /// `ss0`
    Slot,
    /// `dss0`
    DynamicSlot,
    /// `+8`, or nothing.
    Offset,
    /// `notrap aligned`, or nothing.
    Flags,
    /// `eq`: a comparison of integers.
    IntCondition,
    /// `eq`: a comparison of floats.
    FloatCondition,
    /// `add`: an atomic operation on memory.
    MemoryOperation,
    /// `user1`
    TrapCode,
    /// `block1(v0)`
    Edge,
    /// `[block1, block2(v0)]`
    Table,
    /// `sig0, block1(ret0), [ tag0: block2(exn0) ]`
    ExceptionTable,
    /// `block1`, named without an edge to it.
    Block,
}

use Operand::{
    Arguments, Block, Comma, Constant, Controlled, DynamicSlot, Edge, ExceptionTable, Flags, Float,
    FloatCondition, Function, GlobalValue, Imm64, IntCondition, Mask, MemoryOperation, Offset,
    Signature, Slot, Table, TrapCode, Uimm8, Value, Values,
};

/// The operands behind an opcode, in order.
pub type Format = &'static [Operand];

pub(super) const NULLARY: Format = &[];
pub(super) const UNARY: Format = &[Value];
pub(super) const UNARY_IMM: Format = &[Controlled];
pub(super) const UNARY_IEEE16: Format = &[Float(16)];
pub(super) const UNARY_IEEE32: Format = &[Float(32)];
pub(super) const UNARY_IEEE64: Format = &[Float(64)];
pub(super) const UNARY_CONST: Format = &[Constant];
pub(super) const UNARY_GLOBAL_VALUE: Format = &[GlobalValue];
pub(super) const BINARY: Format = &[Value, Comma, Value];
pub(super) const BINARY_IMM8: Format = &[Value, Comma, Uimm8];
pub(super) const BINARY_IMM64: Format = &[Value, Comma, Imm64];
pub(super) const TERNARY: Format = &[Value, Comma, Value, Comma, Value];
pub(super) const TERNARY_IMM8: Format = &[Value, Comma, Value, Comma, Uimm8];
pub(super) const SHUFFLE: Format = &[Value, Comma, Value, Comma, Mask];
pub(super) const MULTI_ARY: Format = &[Values];
pub(super) const INT_COMPARE: Format = &[IntCondition, Value, Comma, Value];
pub(super) const INT_COMPARE_IMM: Format = &[IntCondition, Value, Comma, Imm64];
pub(super) const FLOAT_COMPARE: Format = &[FloatCondition, Value, Comma, Value];
pub(super) const JUMP: Format = &[Edge];
pub(super) const BRIF: Format = &[Value, Comma, Edge, Comma, Edge];
pub(super) const BRANCH_TABLE: Format = &[Value, Comma, Edge, Comma, Table];
pub(super) const CALL: Format = &[Function, Arguments];
pub(super) const CALL_INDIRECT: Format = &[Signature, Comma, Value, Arguments];
pub(super) const TRY_CALL: Format = &[Function, Arguments, Comma, ExceptionTable];
pub(super) const TRY_CALL_INDIRECT: Format = &[Value, Arguments, Comma, ExceptionTable];
pub(super) const FUNC_ADDR: Format = &[Function];
pub(super) const STACK_ADDR: Format = &[Slot, Offset];
pub(super) const STACK_STORE: Format = &[Value, Comma, Slot, Offset];
pub(super) const DYNAMIC_STACK_ADDR: Format = &[DynamicSlot];
pub(super) const DYNAMIC_STACK_STORE: Format = &[Value, Comma, DynamicSlot];
pub(super) const LOAD: Format = &[Flags, Value, Offset];
pub(super) const LOAD_NO_OFFSET: Format = &[Flags, Value];
pub(super) const STORE: Format = &[Flags, Value, Comma, Value, Offset];
pub(super) const STORE_NO_OFFSET: Format = &[Flags, Value, Comma, Value];
pub(super) const ATOMIC_RMW: Format = &[Flags, MemoryOperation, Value, Comma, Value];
pub(super) const ATOMIC_CAS: Format = &[Flags, Value, Comma, Value, Comma, Value];
pub(super) const TRAP: Format = &[TrapCode];
pub(super) const COND_TRAP: Format = &[Value, Comma, TrapCode];
pub(super) const INT_ADD_TRAP: Format = &[Value, Comma, Value, Comma, TrapCode];
pub(super) const EXCEPTION_HANDLER_ADDRESS: Format = &[Block, Comma, Imm64];
