//! Pulley, decoded by `pulley-interpreter`.
//!
//! Each opcode has a class, and each name of a field a role: a new opcode, or a field with another name,
//! is an error of the compiler.

mod class;
mod decoded;
mod effect;
mod extended;
mod operands;
mod passed;
mod plain;
mod registers;
mod table;

use cranelift_codegen::ir::Signature;
use cranelift_codegen::isa::CallConv;
use pulley_interpreter::{Reg, XReg};

use decoded::decoded;
use registers::{FRAME_POINTER, as_integer, integer};

use super::decoder::Decoder;
use super::instruction::{Instruction, Register};

/// The first integer register that callees restore.
const FIRST_SAVED: u8 = 16;

/// The decoder.
pub(super) struct Pulley {
    /// The number of bytes of an address.
    word: u32,
}

impl Pulley {
    /// Returns the decoder for addresses of so many bytes.
    pub(super) fn new(word: u32) -> Self {
        Pulley { word }
    }
}

impl Decoder for Pulley {
    fn decode(&mut self, code: &[u8], at: u32) -> Option<Instruction> {
        let (op, end) = decoded(code, at)?;
        effect::of(&op, at, end, self.word)
    }

    fn stack_pointer(&self) -> Register {
        integer(XReg::sp)
    }

    fn frame_pointer(&self) -> Register {
        FRAME_POINTER
    }

    fn keeps(&self, convention: CallConv, throws: bool, register: Register) -> bool {
        if [self.stack_pointer(), self.frame_pointer()].contains(&register) {
            return true;
        }
        let saved = FIRST_SAVED..XReg::SPECIAL_START;
        let is_saved =
            as_integer(register).is_some_and(|register| saved.contains(&register.to_u8()));
        match convention {
            CallConv::PreserveAll => !throws,
            CallConv::SystemV
            | CallConv::Fast
            | CallConv::Tail
            | CallConv::Winch
            | CallConv::WindowsFastcall
            | CallConv::AppleAarch64
            | CallConv::Probestack => is_saved && !throws,
        }
    }

    fn popped(&self, signature: &Signature) -> Option<i64> {
        passed::popped(signature)
    }

    fn registers(&self) -> Vec<Register> {
        (0..=XReg::SPECIAL_START).filter_map(XReg::new).map(integer).collect()
    }

    fn name(&self, register: Register) -> String {
        registers::name(register)
    }

    fn arguments(&self, signature: &Signature) -> Option<Vec<Register>> {
        passed::arguments(signature)
    }

    fn results(&self, signature: &Signature) -> Option<Vec<Register>> {
        passed::results(signature)
    }

    fn targets(&mut self, code: &[u8], jump: &Instruction, count: usize) -> Option<Vec<u32>> {
        table::targets(code, jump, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::instruction::{Access, Address, Control, Operand, Source};

    const X0: Register = Register(0);
    const X1: Register = Register(1);
    const SP: Register = Register(30);

    fn decode(code: &[u8]) -> Option<Instruction> {
        Pulley::new(8).decode(code, 0)
    }

    fn opcode(opcode: pulley_interpreter::Opcode) -> u8 {
        opcode as u8
    }

    fn access(base: Register, offset: i64, reads: bool) -> Access {
        Access { address: Address::Offset(base, offset), size: 8, reads, writes: !reads }
    }

    #[test]
    fn a_frame_is_made_and_freed() {
        use pulley_interpreter::Opcode;
        // Thirty-two bytes, and the first of the registers that are saved.
        let push = [opcode(Opcode::PushFrameSave), 32, 0, 1, 0];
        let push = decode(&push).expect("push_frame_save");
        assert!(push.writes.contains(&(SP, Source::Offset(SP, -48))));
        assert!(push.writes.contains(&(FRAME_POINTER, Source::Offset(SP, -16))));
        assert_eq!(push.accesses[2], access(SP, -24, false));
        assert!(push.reads.contains(&Register(16)));
        let pop = [opcode(Opcode::PopFrameRestore), 32, 0, 1, 0];
        let pop = decode(&pop).expect("pop_frame_restore");
        assert!(pop.writes.contains(&(SP, Source::Offset(FRAME_POINTER, 16))));
        assert!(pop.writes.contains(&(FRAME_POINTER, Source::Loaded)));
        assert_eq!(pop.accesses[0], access(FRAME_POINTER, 0, true));
        assert_eq!(pop.accesses[2], access(SP, 24, true));
        assert!(pop.writes.contains(&(Register(16), Source::Computed)));
        let alloc = decode(&[opcode(Opcode::StackAlloc32), 16, 0, 0, 0]).expect("stack_alloc32");
        assert_eq!(alloc.moves(SP), Some(-16));
    }

    #[test]
    fn addresses_and_copies_are_followed() {
        use pulley_interpreter::Opcode;
        let load = [opcode(Opcode::XLoad64LeO32), 0, 30, 8, 0, 0, 0];
        let load = decode(&load).expect("xload64le_o32");
        assert_eq!((&load.accesses[..], load.end), (&[access(SP, 8, true)][..], 7));
        assert_eq!(load.writes, [(X0, Source::Loaded)]);
        assert_eq!(load.copied, Some((Operand::Memory, Operand::Register(X0))));
        let store = [opcode(Opcode::XStore64LeO32), 30, 8, 0, 0, 0, 1];
        let store = decode(&store).expect("xstore64le_o32");
        assert_eq!(store.accesses, [access(SP, 8, false)]);
        assert_eq!((store.stored, &store.reads[..]), (Source::Offset(X1, 0), &[X1][..]));
        let half = [opcode(Opcode::XLoad16LeU32O32), 0, 30, 8, 0, 0, 0];
        let half = decode(&half).expect("xload16le_u32_o32");
        assert_eq!((half.accesses[0].size, half.copied), (2, None));
        let number = decode(&[opcode(Opcode::Xconst8), 0, 0xf8]).expect("xconst8");
        assert_eq!(number.writes, [(X0, Source::Constant(-8))]);
        // The first register is written, with the sum of the stack pointer and itself.
        let sum = decode(&[opcode(Opcode::Xadd64), 0xc0, 0x03]).expect("xadd64");
        assert_eq!(sum.writes, [(X0, Source::Sum(SP, X0))]);
    }

    #[test]
    fn control_is_followed() {
        use pulley_interpreter::Opcode;
        let jump = decode(&[opcode(Opcode::Jump), 9, 0, 0, 0]).expect("jump");
        assert_eq!(jump.control, Control::Jump(9));
        let branch = decode(&[opcode(Opcode::BrIf), 1, 9, 0, 0, 0]).expect("br_if32");
        assert_eq!((branch.control, &branch.reads[..]), (Control::Branch(9), &[X1][..]));
        assert!(decode(&[opcode(Opcode::Jump), 0xff, 0xff, 0xff, 0xff]).is_none());
        let call = decode(&[opcode(Opcode::Call1), 1, 9, 0, 0, 0]).expect("call1");
        assert_eq!((call.control, &call.reads[..]), (Control::Call, &[X1][..]));
        assert_eq!(call.writes, [(X0, Source::Offset(X1, 0))]);
        let call = decode(&[opcode(Opcode::CallIndirect), 1]).expect("call_indirect");
        assert_eq!((call.control, &call.writes[..]), (Control::Call, &[][..]));
        assert!(decode(&[0xff, 0xff, 0xff]).is_none() && decode(&[]).is_none());
    }
}
