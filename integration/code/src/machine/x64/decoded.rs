//! Instructions and registers of `iced-x86`.

use iced_x86::{Decoder, DecoderOptions, Instruction, Register as Name};

use crate::machine::instruction::Register;

/// Returns the register that a register is a part of.
pub(super) fn register(name: Name) -> Register {
    // There are fewer than 256.
    Register(u16::try_from(name.full_register() as usize).unwrap_or(u16::MAX))
}

/// Decodes one instruction. The addresses of jumps are offsets in the code.
pub(super) fn decoded(code: &[u8], at: u32) -> Option<Instruction> {
    let bytes = code.get(usize::try_from(at).ok()?..)?;
    let options = DecoderOptions::NONE;
    let mut decoder = Decoder::with_ip(64, bytes, u64::from(at), options);
    let instruction = decoder.decode();
    (!instruction.is_invalid()).then_some(instruction)
}
