//! x86-64, decoded by `iced-x86`.

mod decoded;
mod effect;
mod passed;
mod popped;
mod table;

use cranelift_codegen::ir::Signature;
use cranelift_codegen::isa::CallConv;
use iced_x86::{Code, FlowControl, InstructionInfoFactory, Mnemonic, OpKind, Register as Name};

use decoded::{decoded, register};

use super::decoder::Decoder;
use super::instruction::{Control, Instruction, Register};

/// The general registers.
const GENERAL: [Name; 16] = [
    Name::RAX,
    Name::RCX,
    Name::RDX,
    Name::RBX,
    Name::RSP,
    Name::RBP,
    Name::RSI,
    Name::RDI,
    Name::R8,
    Name::R9,
    Name::R10,
    Name::R11,
    Name::R12,
    Name::R13,
    Name::R14,
    Name::R15,
];

/// The decoder.
pub(super) struct X64 {
    info: InstructionInfoFactory,
}

impl X64 {
    pub(super) fn new() -> Self {
        X64 { info: InstructionInfoFactory::new() }
    }
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
            CallConv::WindowsFastcall => (saved || is_one(&[Name::RDI, Name::RSI])) && !throws,
            CallConv::Fast | CallConv::Tail | CallConv::AppleAarch64 | CallConv::Probestack => {
                saved && !throws
            }
        }
    }

    fn popped(&self, signature: &Signature) -> Option<i64> {
        popped::popped(signature)
    }

    fn registers(&self) -> Vec<Register> {
        GENERAL.map(register).to_vec()
    }

    fn name(&self, named: Register) -> String {
        let is = |name: &Name| register(*name) == named && name.full_register() == *name;
        let name = Name::values().find(is).unwrap_or(Name::None);
        format!("{name:?}").to_lowercase()
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
    use crate::machine::instruction::{Access, Address, Source};

    const RAX: Name = Name::RAX;
    const RBX: Name = Name::RBX;
    const RSP: Name = Name::RSP;

    fn decode(code: &[u8]) -> Option<Instruction> {
        X64::new().decode(code, 0)
    }

    fn access(offset: i64, reads: bool, writes: bool) -> Access {
        Access { address: Address::Offset(register(RSP), offset), size: 8, reads, writes }
    }

    fn offset(name: Name, offset: i64) -> Source {
        Source::Offset(register(name), offset)
    }

    #[test]
    fn pushes_and_pops_move_the_stack_pointer() {
        let push = decode(&[0x53]).expect("push rbx");
        assert_eq!(push.accesses, [access(-8, false, true)]);
        assert_eq!(push.writes, [(register(RSP), offset(RSP, -8))]);
        assert_eq!(push.stored, offset(RBX, 0));
        let pop = decode(&[0x5b]).expect("pop rbx");
        assert_eq!(pop.accesses, [access(0, true, false)]);
        assert!(pop.writes.contains(&(register(RSP), offset(RSP, 8))));
        assert!(pop.writes.contains(&(register(RBX), Source::Loaded)));
    }

    #[test]
    fn addresses_are_followed() {
        let lea = decode(&[0x48, 0x8d, 0x44, 0x24, 8]).expect("lea rax, [rsp + 8]");
        assert_eq!(
            (&lea.accesses[..], &lea.writes[..]),
            (&[][..], &[(register(RAX), offset(RSP, 8))][..])
        );
        let sub = decode(&[0x48, 0x83, 0xec, 16]).expect("sub rsp, 16");
        assert_eq!((sub.moves(register(RSP)), sub.moves(register(RAX))), (Some(-16), None));
        let load = decode(&[0x48, 0x8b, 0x44, 0x24, 8]).expect("mov rax, [rsp + 8]");
        assert_eq!(load.accesses, [access(8, true, false)]);
        assert_eq!(
            (&load.writes[..], &load.reads[..]),
            (&[(register(RAX), Source::Loaded)][..], &[][..])
        );
        let add = decode(&[0x48, 0x03, 0x44, 0x24, 8]).expect("add rax, [rsp + 8]");
        assert_eq!(add.writes, [(register(RAX), Source::Computed)]);
        assert_eq!(add.reads, [register(RAX)]);
        let half = decode(&[0x89, 0xe0]).expect("mov eax, esp");
        assert_eq!(half.writes, [(register(RAX), Source::Computed)]);
        assert_eq!(half.reads, [register(RSP)]);
    }

    #[test]
    fn control_is_followed() {
        let control = |code: &[u8]| decode(code).map(|instruction| instruction.control);
        assert_eq!(control(&[0xeb, 2]), Some(Control::Jump(4)));
        assert_eq!(control(&[0x74, 2]), Some(Control::Branch(4)));
        assert_eq!(control(&[0xff, 0xe0]), Some(Control::Indirect));
        assert_eq!(control(&[0x0f, 0x0b]), Some(Control::Trap));
        assert_eq!(control(&[0xc3]), Some(Control::Return));
        let call = decode(&[0xe8, 0, 0, 0, 0]).expect("call");
        assert_eq!((call.control, &call.accesses[..]), (Control::Call, &[][..]));
    }

    /// An access of many places, one whose size is in a register, a call of the system, and half an
    /// instruction.
    #[test]
    fn what_is_not_known_in_full_is_not_understood() {
        let gather = [0xc4, 0xe2, 0x61, 0x90, 0x0c, 0x90];
        let codes: [&[u8]; 4] = [&gather, &[0xf3, 0xa4], &[0x0f, 0x05], &[0x48]];
        for code in codes {
            assert!(decode(code).is_none(), "{code:x?}");
        }
    }
}
