//! The operands of instructions.

use pulley_interpreter::{
    AddrG32, AddrG32Bne, AddrO32, AddrZ, BinaryOperands, ExtendedOp, FReg, Op, PcRelOffset, Reg,
    U6, UpperRegSet, VReg, XReg, for_each_extended_op, for_each_op,
};

use super::registers::{float, integer, vector};
use crate::machine::instruction::Register;

/// What an instruction does with the registers of an operand.
#[derive(Clone, Copy, Debug)]
enum Role {
    Reads,
    Writes,
}

/// The address of an access.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pointer {
    /// The sum of a register and a constant.
    Offset(Register, i64),
    /// In a heap: the sum of two registers and a constant. The bound of the heap is in a register.
    Heap { base: Register, index: Register, bound: Register },
    /// The same, and the bound is in memory, at the sum of a register and a constant.
    HeapBoundInMemory { base: Register, index: Register, bound: Register, offset: i64 },
}

/// The operands of an instruction.
#[derive(Clone, Debug, Default)]
pub(super) struct Operands {
    /// In the order of the instruction.
    pub(super) reads: Vec<Register>,
    pub(super) writes: Vec<Register>,
    pub(super) pointer: Option<Pointer>,
    /// Where it goes, from its start.
    pub(super) target: Option<i32>,
}

impl Operands {
    fn add(&mut self, register: Register, role: Role) {
        match role {
            Role::Reads => self.reads.push(register),
            Role::Writes => self.writes.push(register),
        }
    }
}

/// A field of an instruction.
trait Field {
    fn collect(self, role: Role, operands: &mut Operands);
}

impl Field for XReg {
    fn collect(self, role: Role, operands: &mut Operands) {
        operands.add(integer(self), role);
    }
}

impl Field for FReg {
    fn collect(self, role: Role, operands: &mut Operands) {
        operands.add(float(self), role);
    }
}

impl Field for VReg {
    fn collect(self, role: Role, operands: &mut Operands) {
        operands.add(vector(self), role);
    }
}

impl<D: Reg + Field, A: Reg + Field, B: Field> Field for BinaryOperands<D, A, B> {
    fn collect(self, _: Role, operands: &mut Operands) {
        self.dst.collect(Role::Writes, operands);
        self.src1.collect(Role::Reads, operands);
        self.src2.collect(Role::Reads, operands);
    }
}

impl Field for AddrO32 {
    fn collect(self, _: Role, operands: &mut Operands) {
        operands.pointer = Some(Pointer::Offset(integer(self.addr), self.offset.into()));
    }
}

impl Field for AddrZ {
    fn collect(self, _: Role, operands: &mut Operands) {
        operands.pointer = Some(Pointer::Offset(integer(self.addr), self.offset.into()));
    }
}

impl Field for AddrG32 {
    fn collect(self, _: Role, operands: &mut Operands) {
        let [base, index] = [self.host_heap_base, self.wasm_addr].map(integer);
        let bound = integer(self.host_heap_bound);
        operands.pointer = Some(Pointer::Heap { base, index, bound });
    }
}

impl Field for AddrG32Bne {
    fn collect(self, _: Role, operands: &mut Operands) {
        let [base, index] = [self.host_heap_base, self.wasm_addr].map(integer);
        let bound = integer(self.host_heap_bound_addr);
        let offset = self.host_heap_bound_offset.into();
        operands.pointer = Some(Pointer::HeapBoundInMemory { base, index, bound, offset });
    }
}

impl Field for PcRelOffset {
    fn collect(self, _: Role, operands: &mut Operands) {
        operands.target = Some(self.into());
    }
}

/// Implements [`Field`] for constants, and for what the class of the instruction says.
macro_rules! constants {
    ($($type:ty),*) => {
        $(impl Field for $type {
            fn collect(self, _: Role, _: &mut Operands) {}
        })*
    };
}

constants!(u8, i8, u16, i16, u32, i32, u64, i64, u128, U6, UpperRegSet<XReg>);

/// The role of a field, by its name. A name that is not known is no valid program.
macro_rules! role {
    (dst) => {
        Role::Writes
    };
    (dst_lo) => {
        Role::Writes
    };
    (dst_hi) => {
        Role::Writes
    };
    (src) => {
        Role::Reads
    };
    (src1) => {
        Role::Reads
    };
    (src2) => {
        Role::Reads
    };
    (src3) => {
        Role::Reads
    };
    (a) => {
        Role::Reads
    };
    (b) => {
        Role::Reads
    };
    (c) => {
        Role::Reads
    };
    (x) => {
        Role::Reads
    };
    (y) => {
        Role::Reads
    };
    (lhs) => {
        Role::Reads
    };
    (rhs) => {
        Role::Reads
    };
    (lhs_lo) => {
        Role::Reads
    };
    (lhs_hi) => {
        Role::Reads
    };
    (rhs_lo) => {
        Role::Reads
    };
    (rhs_hi) => {
        Role::Reads
    };
    (cond) => {
        Role::Reads
    };
    (if_nonzero) => {
        Role::Reads
    };
    (if_zero) => {
        Role::Reads
    };
    (idx) => {
        Role::Reads
    };
    (reg) => {
        Role::Reads
    };
    (arg1) => {
        Role::Reads
    };
    (arg2) => {
        Role::Reads
    };
    (arg3) => {
        Role::Reads
    };
    (arg4) => {
        Role::Reads
    };
    // These have no role, or several.
    (addr) => {
        Role::Reads
    };
    (amt) => {
        Role::Reads
    };
    (bits) => {
        Role::Reads
    };
    (id) => {
        Role::Reads
    };
    (imm) => {
        Role::Reads
    };
    (lane) => {
        Role::Reads
    };
    (mask) => {
        Role::Reads
    };
    (offset) => {
        Role::Reads
    };
    (operands) => {
        Role::Reads
    };
    (regs) => {
        Role::Reads
    };
}

/// Defines a function that collects the operands of each instruction of an enum.
macro_rules! define {
    ($name:ident, $enum:ident, $($rest:ident)?; $(
        $( #[$attribute:meta] )*
        $snake:ident = $variant:ident $( { $( $field:ident : $type:ty ),* } )? ;
    )*) => {
        fn $name(op: &$enum, operands: &mut Operands) {
            match op {
                $( $enum::$variant(_op) => {
                    $( $( _op.$field.collect(role!($field), operands); )* )?
                } )*
                $( $enum::$rest(op) => extended(op, operands), )?
            }
        }
    };
}

macro_rules! define_op {
    ($($tokens:tt)*) => { define!(plain, Op, ExtendedOp; $($tokens)*); };
}

macro_rules! define_extended_op {
    ($($tokens:tt)*) => { define!(extended, ExtendedOp, ; $($tokens)*); };
}

for_each_op!(define_op);
for_each_extended_op!(define_extended_op);

/// Returns the operands of an instruction.
pub(super) fn operands(op: &Op) -> Operands {
    let mut operands = Operands::default();
    plain(op, &mut operands);
    operands
}
