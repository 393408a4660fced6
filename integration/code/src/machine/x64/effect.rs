//! What an instruction does to registers and memory.

use iced_x86::{
    Instruction as Decoded, InstructionInfo, Mnemonic, OpAccess, OpKind, Register as Name,
    UsedMemory,
};

use super::decoded::register;
use crate::machine::instruction::{
    Access, Address, Control, Instruction, Operand, Register, Source,
};

/// The width of an address in bytes.
const WIDTH: usize = 8;

/// Returns what an instruction does; `None` if that is not known in full.
pub(super) fn of(
    decoded: &Decoded,
    info: &InstructionInfo,
    control: Control,
) -> Option<Instruction> {
    let mut accesses = Vec::new();
    for memory in info.used_memory() {
        let access = access(memory)?;
        // A call writes its return address below the stack pointer.
        if (access.reads || access.writes) && !(control == Control::Call && access.writes) {
            accesses.push(access);
        }
    }
    let mut writes = Vec::new();
    let mut reads = Vec::new();
    for used in info.used_registers() {
        let (is_read, is_written) = directions(used.access());
        // What is not always written keeps its content otherwise.
        let is_read = is_read || used.access() == OpAccess::CondWrite;
        let used = register(used.register());
        if is_read && !is_only_in_address(decoded, used) {
            reads.push(used);
        }
        // What a call does to registers is known from the convention.
        if is_written && control != Control::Call {
            writes.push((used, written(decoded, used)));
        }
    }
    Some(Instruction {
        start: u32::try_from(decoded.ip()).ok()?,
        end: u32::try_from(decoded.next_ip()).ok()?,
        control,
        accesses,
        reads,
        writes,
        stored: stored(decoded),
        copied: copied(decoded),
        difference: difference(decoded),
    })
}

/// Returns the registers of which a difference or an exclusive or is computed.
///
/// A zero is made of a register and itself. Where its operand is undefined, the register allocator
/// may make it of two registers with the same content.
fn difference(decoded: &Decoded) -> Option<[Register; 2]> {
    let is_difference = [Mnemonic::Xor, Mnemonic::Sub].contains(&decoded.mnemonic());
    let is_register = |n| decoded.op_kind(n) == OpKind::Register;
    (is_difference && is_register(0) && is_register(1))
        .then(|| [decoded.op0_register(), decoded.op1_register()].map(register))
}

/// Returns an access; `None` if where it is or what its size is depends on more than an address.
fn access(memory: &UsedMemory) -> Option<Access> {
    let (reads, writes) = directions(memory.access());
    let size = u32::try_from(memory.memory_size().size()).ok()?;
    // Scattered accesses, and those whose size is in a register.
    let is_understood = memory.vsib_size() == 0 && size > 0;
    (is_understood || !(reads || writes)).then_some(())?;
    // The frame is in none of the segments that have a base.
    let is_in_segment = [Name::FS, Name::GS].contains(&memory.segment());
    let (base, index) = (memory.base(), memory.index());
    let offset = memory.displacement().cast_signed();
    let address = match (base, index) {
        (_, _) if is_in_segment => Address::Elsewhere,
        (Name::None | Name::RIP, Name::None) => Address::Elsewhere,
        (base, Name::None) => Address::Offset(register(base), offset),
        (Name::None, index) => Address::Sum(register(index), register(index)),
        (base, index) => Address::Sum(register(base), register(index)),
    };
    Some(Access { address, size, reads, writes })
}

fn directions(access: OpAccess) -> (bool, bool) {
    match access {
        OpAccess::None | OpAccess::NoMemAccess => (false, false),
        OpAccess::Read | OpAccess::CondRead => (true, false),
        OpAccess::Write | OpAccess::CondWrite => (false, true),
        OpAccess::ReadWrite | OpAccess::ReadCondWrite => (true, true),
    }
}

/// Returns whether a register is used only to compute the address of a memory operand.
fn is_only_in_address(decoded: &Decoded, used: Register) -> bool {
    let is_in_address = decoded.mnemonic() != Mnemonic::Lea
        && [decoded.memory_base(), decoded.memory_index()].map(register).contains(&used);
    is_in_address && !operands(decoded).any(|operand| operand == used)
}

/// Returns the registers that are operands.
fn operands(decoded: &Decoded) -> impl Iterator<Item = Register> {
    let is_register = |&n: &u32| decoded.op_kind(n) == OpKind::Register;
    (0..decoded.op_count()).filter(is_register).map(|n| register(decoded.op_register(n)))
}

/// Returns what a register is written with.
fn written(decoded: &Decoded, written: Register) -> Source {
    let (mnemonic, stack_pointer) = (decoded.mnemonic(), register(Name::RSP));
    let is_whole =
        decoded.op0_register().size() == WIDTH && register(decoded.op0_register()) == written;
    let word = i64::try_from(WIDTH).unwrap_or(i64::MAX);
    if mnemonic == Mnemonic::Push && written == stack_pointer {
        Source::Offset(stack_pointer, -word)
    } else if mnemonic == Mnemonic::Pop && written == stack_pointer && !is_whole {
        Source::Offset(stack_pointer, word)
    } else if is_whole {
        assigned(decoded).unwrap_or(Source::Computed)
    } else {
        Source::Computed
    }
}

/// Returns what the first operand, a register in full width, is written with, if it is more than a
/// computed result.
fn assigned(decoded: &Decoded) -> Option<Source> {
    let is = |mnemonic: Mnemonic| decoded.mnemonic() == mnemonic;
    let (this, second) = (register(decoded.op0_register()), decoded.op1_kind());
    let is_constant = [OpKind::Immediate8to64, OpKind::Immediate32to64].contains(&second);
    if is(Mnemonic::Pop) || (is(Mnemonic::Mov) && second == OpKind::Memory) {
        Some(Source::Loaded)
    } else if is(Mnemonic::Mov) && second == OpKind::Register {
        Some(Source::Offset(register(decoded.op1_register()), 0))
    } else if is(Mnemonic::Add) && is_constant {
        Some(Source::Offset(this, decoded.immediate(1).cast_signed()))
    } else if is(Mnemonic::Sub) && is_constant {
        Some(Source::Offset(this, decoded.immediate(1).cast_signed().wrapping_neg()))
    } else if is(Mnemonic::Lea) {
        let (base, index) = (decoded.memory_base(), decoded.memory_index());
        let is_sum = index == Name::None && ![Name::None, Name::RIP].contains(&base);
        let offset = decoded.memory_displacement64().cast_signed();
        is_sum.then(|| Source::Offset(register(base), offset))
    } else {
        None
    }
}

/// Returns what memory is written with.
fn stored(decoded: &Decoded) -> Source {
    let name = if decoded.mnemonic() == Mnemonic::Push {
        decoded.op0_register()
    } else if decoded.mnemonic() == Mnemonic::Mov {
        decoded.op1_register()
    } else {
        Name::None
    };
    match name.size() {
        WIDTH => Source::Offset(register(name), 0),
        _ => Source::Computed,
    }
}

/// Moves between general registers, or vector registers, and memory.
const COPIES: [Mnemonic; 13] = [
    Mnemonic::Mov,
    Mnemonic::Movaps,
    Mnemonic::Movups,
    Mnemonic::Movapd,
    Mnemonic::Movupd,
    Mnemonic::Movdqa,
    Mnemonic::Movdqu,
    Mnemonic::Vmovaps,
    Mnemonic::Vmovups,
    Mnemonic::Vmovapd,
    Mnemonic::Vmovupd,
    Mnemonic::Vmovdqa,
    Mnemonic::Vmovdqu,
];

/// Moves between a vector register and memory. Between two registers they keep a part of what is written.
const SCALAR: [Mnemonic; 4] =
    [Mnemonic::Movss, Mnemonic::Movsd, Mnemonic::Vmovss, Mnemonic::Vmovsd];

/// References have at least as many bytes.
const SMALLEST: usize = 4;

/// Returns from where to where an instruction copies, if that is all it does.
fn copied(decoded: &Decoded) -> Option<(Operand, Operand)> {
    let operand = |n: u32| {
        let (kind, name) = (decoded.op_kind(n), decoded.op_register(n));
        if kind == OpKind::Memory {
            return Some(Operand::Memory);
        }
        let is_register = kind == OpKind::Register && name.size() >= SMALLEST;
        is_register.then(|| Operand::Register(register(name)))
    };
    let mnemonic = decoded.mnemonic();
    let is_scalar = SCALAR.contains(&mnemonic)
        && decoded.op_count() == 2
        && [decoded.op0_kind(), decoded.op1_kind()].contains(&OpKind::Memory);
    if COPIES.contains(&mnemonic) || is_scalar {
        Some((operand(1)?, operand(0)?))
    } else if decoded.op0_kind() != OpKind::Register {
        None
    } else if mnemonic == Mnemonic::Push {
        Some((operand(0)?, Operand::Memory))
    } else if mnemonic == Mnemonic::Pop {
        Some((Operand::Memory, operand(0)?))
    } else {
        None
    }
}
