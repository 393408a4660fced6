//! The instructions of some code that access the frame through the stack pointer.

use std::collections::BTreeSet;

use cranelift_codegen::CompiledCode;
use iced_x86::{
    ConstantOffsets, Decoder, DecoderOptions, Instruction, InstructionInfoFactory, Mnemonic,
    OpAccess, Register,
};

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
        let mut code = code.to_vec();
        let start = usize::try_from(self.instruction.ip()).ok()?;
        let bytes = code.get_mut(start + self.constants.displacement_offset()..)?;
        match self.constants.displacement_size() {
            1 => bytes[0] = u8::try_from(offset).ok().filter(|&byte| byte < 0x80)?,
            4 => bytes[..4].copy_from_slice(&offset.to_le_bytes()),
            _ => return None,
        }
        Some(code)
    }

    /// Returns the code in which the instruction, if it loads a general register, loads another that
    /// nothing uses.
    pub fn elsewhere(&self, code: &[u8]) -> Option<Vec<u8>> {
        let (instruction, mut code) = (&self.instruction, code.to_vec());
        (instruction.mnemonic() == Mnemonic::Mov && self.is_load).then_some(())?;
        // The highest bit of the number is elsewhere in the instruction.
        let half = instruction.op0_register().number() & 8;
        let mut others = unused(&code).into_iter().map(Register::number);
        let other = others.find(|other| other & 8 == half)?;
        // In front of the displacement is the byte of the index, which the stack pointer needs, and
        // in front of that the byte with the register.
        let first = usize::try_from(instruction.ip()).ok()?;
        let end = match self.constants.has_displacement() {
            true => self.constants.displacement_offset(),
            false => instruction.len(),
        };
        let byte = code.get_mut((first + end).checked_sub(2)?)?;
        *byte = (*byte & !0o70) | (u8::try_from(other & 7).ok()? << 3);
        Some(code)
    }
}

/// Returns the general registers that no instruction uses.
pub(super) fn unused(code: &[u8]) -> Vec<Register> {
    let mut info = InstructionInfoFactory::new();
    let mut used = BTreeSet::new();
    for (instruction, _) in instructions(code) {
        let registers = info.info(&instruction).used_registers().iter();
        used.extend(registers.map(|used| used.register().full_register()));
    }
    let general = Register::values().filter(|register| register.is_gpr64());
    general.filter(|register| !used.contains(register)).collect()
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
