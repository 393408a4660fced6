//! x86-64, decoded by `iced-x86`.

mod effect;
mod table;

use cranelift_codegen::isa::CallConv;
use iced_x86::{
    Code, DecoderOptions, FlowControl, InstructionInfoFactory, Mnemonic, OpKind, Register as Name,
};

use super::decoder::Decoder;
use super::instruction::{Control, Instruction, Register};

/// The decoder.
pub(super) struct X64 {
    info: InstructionInfoFactory,
}

impl X64 {
    pub(super) fn new() -> Self {
        X64 { info: InstructionInfoFactory::new() }
    }
}

/// Returns the register that a register is a part of.
fn register(name: Name) -> Register {
    // There are fewer than 256.
    Register(u16::try_from(name.full_register() as usize).unwrap_or(u16::MAX))
}

/// Decodes one instruction. The addresses of jumps are offsets in the code.
fn decoded(code: &[u8], at: u32) -> Option<iced_x86::Instruction> {
    let bytes = code.get(usize::try_from(at).ok()?..)?;
    let options = DecoderOptions::NONE;
    let mut decoder = iced_x86::Decoder::with_ip(64, bytes, u64::from(at), options);
    let instruction = decoder.decode();
    (!instruction.is_invalid()).then_some(instruction)
}

/// Returns where control goes; `None` if that is not known.
fn control(instruction: &iced_x86::Instruction) -> Option<Control> {
    let is_near = instruction.op_count() > 0 && instruction.op0_kind() == OpKind::NearBranch64;
    let target = instruction.near_branch_target();
    match instruction.flow_control() {
        FlowControl::Next => Some(Control::Next),
        FlowControl::UnconditionalBranch if is_near => Some(Control::Jump(target)),
        FlowControl::ConditionalBranch if is_near => Some(Control::Branch(target)),
        FlowControl::IndirectBranch => Some(Control::Indirect),
        FlowControl::Call | FlowControl::IndirectCall
            if instruction.mnemonic() == Mnemonic::Call =>
        {
            Some(Control::Call)
        }
        FlowControl::Return => Some(Control::Return),
        FlowControl::Exception => Some(Control::Trap),
        // A breakpoint, behind which the program may continue.
        FlowControl::Interrupt if instruction.code() == Code::Int3 => Some(Control::Next),
        FlowControl::UnconditionalBranch
        | FlowControl::ConditionalBranch
        | FlowControl::Call
        | FlowControl::IndirectCall
        | FlowControl::Interrupt
        | FlowControl::XbeginXabortXend => None,
    }
}

impl Decoder for X64 {
    fn decode(&mut self, code: &[u8], at: u32) -> Option<Instruction> {
        let instruction = decoded(code, at)?;
        let control = control(&instruction)?;
        effect::of(&instruction, self.info.info(&instruction), control)
    }

    fn stack_pointer(&self) -> Register {
        register(Name::RSP)
    }

    fn frame_pointer(&self) -> Register {
        register(Name::RBP)
    }

    fn keeps(&self, convention: CallConv, throws: bool, kept: Register) -> bool {
        let is_one = |names: &[Name]| names.iter().any(|&name| register(name) == kept);
        if is_one(&[Name::RSP, Name::RBP]) {
            return true;
        }
        let saved = is_one(&[Name::RBX, Name::R12, Name::R13, Name::R14, Name::R15]);
        match convention {
            CallConv::SystemV => saved,
            CallConv::Winch => false,
            CallConv::PreserveAll => !throws,
            CallConv::WindowsFastcall => {
                (saved || is_one(&[Name::RDI, Name::RSI])) && !throws
            }
            CallConv::Fast | CallConv::Tail | CallConv::AppleAarch64 | CallConv::Probestack => {
                saved && !throws
            }
        }
    }

    fn targets(&mut self, code: &[u8], jump: &Instruction, count: usize) -> Option<Vec<u32>> {
        table::targets(code, jump, count)
    }
}
