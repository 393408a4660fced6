//! The instructions of some code that access the frame through the stack pointer.

use std::collections::BTreeSet;

use cranelift_codegen::CompiledCode;
use iced_x86::{
    ConstantOffsets, Decoder, DecoderOptions, Instruction, InstructionInfoFactory, Mnemonic,
    OpAccess, OpKind, Register,
};

use super::place::Place;

/// An instruction that accesses the frame.
pub struct Access {
    instruction: Instruction,
    constants: ConstantOffsets,
    /// Whether it reads.
    pub is_load: bool,
    /// Whether it writes.
    pub is_store: bool,
    /// The offset from the stack pointer.
    pub offset: u32,
    /// The number of bytes.
    pub size: u32,
}

/// Returns the offsets of the places that stack maps list.
pub fn roots(code: &CompiledCode) -> BTreeSet<u32> {
    let maps = code.buffer.user_stack_maps().iter();
    maps.flat_map(|(_, _, map)| map.entries().map(|(_, offset)| offset)).collect()
}

/// Returns the instructions of some code, up to the first that is none.
pub fn instructions(code: &[u8]) -> impl Iterator<Item = (Instruction, ConstantOffsets)> {
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    std::iter::from_fn(move || {
        let instruction = decoder.can_decode().then(|| decoder.decode())?;
        let constants = decoder.get_constant_offsets(&instruction);
        (!instruction.is_invalid()).then_some((instruction, constants))
    })
}

/// Returns the accesses of the frame at constant offsets from the stack pointer.
pub fn accesses(code: &[u8]) -> Vec<Access> {
    let mut info = InstructionInfoFactory::new();
    let accesses = instructions(code).filter_map(|(instruction, constants)| {
        let is_of_frame = instruction.memory_base() == Register::RSP
            && instruction.memory_index() == Register::None
            && ![Mnemonic::Lea, Mnemonic::Call].contains(&instruction.mnemonic());
        is_of_frame.then_some(())?;
        let memory = info.info(&instruction).used_memory();
        let has = |access| memory.iter().any(|memory| memory.access() == access);
        Some(Access {
            instruction,
            constants,
            is_load: has(OpAccess::Read),
            is_store: has(OpAccess::Write),
            offset: u32::try_from(instruction.memory_displacement64()).ok()?,
            size: u32::try_from(instruction.memory_size().size()).ok()?,
        })
    });
    accesses.collect()
}

impl Access {
    /// Returns the name of the instruction.
    pub fn mnemonic(&self) -> String {
        format!("{:?}", self.instruction.mnemonic())
    }

    /// Returns the code without the instruction.
    pub fn without(&self, code: &[u8]) -> Vec<u8> {
        without(code, &self.instruction)
    }

    /// Returns the code in which the instruction accesses another offset, if there is room for it.
    pub fn at(&self, code: &[u8], offset: u32) -> Option<Vec<u8>> {
        self.place(code).at(code, offset)
    }

    /// Returns the code in which the instruction, if it loads a general register, loads another that
    /// nothing uses.
    pub fn elsewhere(&self, code: &[u8]) -> Option<Vec<u8>> {
        self.place(code).elsewhere(code)
    }

    /// Returns what can be changed of it.
    fn place(&self, code: &[u8]) -> Place {
        let start = usize::try_from(self.instruction.ip()).unwrap_or(usize::MAX);
        let constants = &self.constants;
        let displacement = constants
            .has_displacement()
            .then(|| (start + constants.displacement_offset(), constants.displacement_size()));
        Place {
            bytes: start..start + self.instruction.len(),
            nop: 0x90,
            displacement,
            base: 0,
            elsewhere: self.other_register(code, start),
            is_load: self.is_load,
            is_store: self.is_store,
            offset: self.offset,
            size: self.size,
        }
    }

    /// Returns the byte with the number of another register that it may load, and where it is.
    fn other_register(&self, code: &[u8], start: usize) -> Option<(usize, u8)> {
        let instruction = &self.instruction;
        (instruction.mnemonic() == Mnemonic::Mov && self.is_load).then_some(())?;
        // The highest bit of the number is elsewhere in the instruction.
        let half = instruction.op0_register().number() & 8;
        let mut others = unused(code).into_iter().map(Register::number);
        let other = others.find(|other| other & 8 == half)?;
        // In front of the displacement is the byte of the index, which the stack pointer needs, and
        // in front of that the byte with the register.
        let end = match self.constants.has_displacement() {
            true => self.constants.displacement_offset(),
            false => instruction.len(),
        };
        let at = (start + end).checked_sub(2)?;
        let byte = code.get(at)?;
        Some((at, (byte & !0o70) | (u8::try_from(other & 7).ok()? << 3)))
    }
}

/// The general registers that a function restores, by the convention of System V.
const SAVED: [Register; 6] =
    [Register::RBX, Register::RBP, Register::R12, Register::R13, Register::R14, Register::R15];

/// Returns the general registers that no instruction uses, and that a function may change.
pub(super) fn unused(code: &[u8]) -> Vec<Register> {
    let mut info = InstructionInfoFactory::new();
    let mut used = BTreeSet::new();
    for (instruction, _) in instructions(code) {
        let registers = info.info(&instruction).used_registers().iter();
        used.extend(registers.map(|used| used.register().full_register()));
    }
    let general = Register::values().filter(|register| register.is_gpr64());
    general.filter(|register| !used.contains(register) && !SAVED.contains(register)).collect()
}

/// Returns the accesses, as they can be changed.
pub(super) fn places(code: &[u8]) -> Vec<Place> {
    accesses(code).iter().map(|access| access.place(code)).collect()
}

/// Returns the code in which the stack pointer is not lowered at one place before the last safepoint.
pub(super) fn not_lowered(code: &CompiledCode) -> Vec<Vec<u8>> {
    let bytes = code.buffer.data();
    let calls = code.buffer.user_stack_maps().iter().map(|(at, _, _)| u64::from(*at));
    let Some(last) = calls.max() else { return Vec::new() };
    let lowers = |instruction: &Instruction| {
        instruction.mnemonic() == Mnemonic::Sub
            && instruction.op0_register() == Register::RSP
            && instruction.op1_kind() != OpKind::Register
            && instruction.ip() < last
    };
    let all = instructions(bytes).map(|(instruction, _)| instruction);
    all.filter(lowers).map(|instruction| without(bytes, &instruction)).collect()
}

/// Returns the code with an instruction replaced by `nop`s.
///
/// # Panics
///
/// If it is not one of the code.
pub fn without(code: &[u8], instruction: &Instruction) -> Vec<u8> {
    let mut code = code.to_vec();
    let start = usize::try_from(instruction.ip()).expect("an offset");
    code[start..start + instruction.len()].fill(0x90);
    code
}
