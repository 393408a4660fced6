//! What an instruction does to registers and memory.

use pulley_interpreter::{Op, UpperRegSet, XReg};

use super::class::{Class, Frame};
use super::operands::{Operands, Pointer, operands};
use super::plain::class;
use super::registers::{FRAME_POINTER, RETURN_ADDRESS, integer};
use crate::machine::instruction::{
    Access, Address, Control, Instruction, Operand, Register, Source,
};

/// The number of bytes of a register.
const REGISTER: u32 = 8;

/// Returns what an instruction at an offset of the code does. `word` is the number of bytes of an
/// address.
pub(super) fn of(op: &Op, start: u32, end: u32, word: u32) -> Option<Instruction> {
    let class = class(op, word);
    if let Class::Frame(frame) = class {
        return Some(of_frame(frame, operands(op), start, end, word));
    }
    let Operands { reads, writes, pointer, target } = operands(op);
    let control = control(class, start, target)?;
    let mut instruction = Instruction { control, ..empty(start, end) };
    if matches!(class, Class::CallWith) {
        instruction.writes = passed(&reads);
    }
    let source = match (class, &reads[..]) {
        (Class::Copy, &[from]) => Source::Offset(from, 0),
        (Class::Constant(constant), _) => Source::Constant(constant),
        (Class::Plus(constant), &[from]) => Source::Offset(from, constant),
        (Class::Sum, &[a, b]) => Source::Sum(a, b),
        (Class::Load(REGISTER), _) => Source::Loaded,
        (_, _) => Source::Computed,
    };
    instruction.writes.extend(writes.iter().map(|&written| (written, source)));
    if let (Class::Copy, &[from], &[to]) = (class, &reads[..], &writes[..]) {
        instruction.copied = Some((Operand::Register(from), Operand::Register(to)));
    }
    instruction.reads = reads;
    access(&mut instruction, class, pointer, word);
    Some(instruction)
}

/// Returns an instruction that does nothing.
fn empty(start: u32, end: u32) -> Instruction {
    Instruction {
        start,
        end,
        control: Control::Next,
        accesses: Vec::new(),
        reads: Vec::new(),
        writes: Vec::new(),
        stored: Source::Computed,
        copied: None,
        difference: None,
    }
}

/// Returns where control goes; `None` if that is before the start of the code.
fn control(class: Class, start: u32, target: Option<i32>) -> Option<Control> {
    let target = || u64::try_from(i64::from(start) + i64::from(target?)).ok();
    Some(match class {
        Class::Branch => Control::Branch(target()?),
        Class::Jump => Control::Jump(target()?),
        Class::Indirect => Control::Indirect,
        Class::Call | Class::CallWith => Control::Call,
        Class::Return => Control::Return,
        Class::Trap => Control::Trap,
        Class::Compute
        | Class::Copy
        | Class::Constant(_)
        | Class::Plus(_)
        | Class::Sum
        | Class::Load(_)
        | Class::LoadPart(_)
        | Class::Store(_)
        | Class::StorePart(_)
        | Class::Frame(_) => Control::Next,
    })
}

/// Returns what a call that copies registers writes: the first argument registers.
fn passed(reads: &[Register]) -> Vec<(Register, Source)> {
    let arguments = [XReg::x0, XReg::x1, XReg::x2, XReg::x3].map(integer);
    let passed = arguments.into_iter().zip(reads);
    passed.map(|(argument, &from)| (argument, Source::Offset(from, 0))).collect()
}

/// Adds the accesses of an instruction.
fn access(instruction: &mut Instruction, class: Class, pointer: Option<Pointer>, word: u32) {
    let (size, is_load, is_whole) = match class {
        Class::Load(size) => (size, true, true),
        Class::LoadPart(size) => (size, true, false),
        Class::Store(size) => (size, false, true),
        Class::StorePart(size) => (size, false, false),
        Class::Compute
        | Class::Copy
        | Class::Constant(_)
        | Class::Plus(_)
        | Class::Sum
        | Class::Branch
        | Class::Jump
        | Class::Indirect
        | Class::Call
        | Class::CallWith
        | Class::Return
        | Class::Trap
        | Class::Frame(_) => return,
    };
    let access = |address| Access { address, size, reads: is_load, writes: !is_load };
    match pointer {
        Some(Pointer::Offset(base, offset)) => {
            instruction.accesses.push(access(Address::Offset(base, offset)));
            let written = instruction.writes.first().map(|&(written, _)| written);
            let register = if is_load { written } else { instruction.reads.first().copied() };
            if let Some(register) = register.filter(|_| is_whole) {
                let register = Operand::Register(register);
                instruction.copied = Some(match is_load {
                    true => (Operand::Memory, register),
                    false => (register, Operand::Memory),
                });
            }
        }
        Some(Pointer::Heap { base, index, bound }) => {
            instruction.accesses.push(access(Address::Sum(base, index)));
            instruction.reads.push(bound);
        }
        Some(Pointer::HeapBoundInMemory { base, index, bound, offset }) => {
            instruction.accesses.push(access(Address::Sum(base, index)));
            let address = Address::Offset(bound, offset);
            instruction.accesses.push(Access { address, size: word, reads: true, writes: false });
        }
        None => {}
    }
    if let (Class::Store(REGISTER), Some(&from)) = (class, instruction.reads.first()) {
        instruction.stored = Source::Offset(from, 0);
    }
}

/// Returns what an instruction does that changes the stack pointer or the frame pointer.
fn of_frame(frame: Frame, operands: Operands, start: u32, end: u32, word: u32) -> Instruction {
    let stack = integer(XReg::sp);
    let mut instruction = empty(start, end);
    match frame {
        Frame::Push => push(&mut instruction, 0, UpperRegSet::default(), word),
        Frame::PushSave { amount, registers } => {
            push(&mut instruction, amount.into(), registers, word);
        }
        Frame::Pop => pop(&mut instruction, word),
        Frame::PopRestore { amount, registers } => {
            pop(&mut instruction, word);
            for (address, register) in saved(0, amount.into(), registers) {
                let access = Access { address, size: REGISTER, reads: true, writes: false };
                instruction.accesses.push(access);
                instruction.writes.push((register, Source::Computed));
            }
        }
        Frame::Allocate(amount) => {
            instruction.writes.push((stack, Source::Offset(stack, -i64::from(amount))));
        }
        Frame::Free(amount) => {
            instruction.writes.push((stack, Source::Offset(stack, amount.into())));
        }
        Frame::CopyPointer => {
            let writes = operands.writes.into_iter();
            instruction.writes.extend(writes.map(|to| (to, Source::Offset(FRAME_POINTER, 0))));
        }
    }
    instruction
}

/// Adds what happens when the return address, the frame pointer, and registers are pushed, and the
/// frame is allocated.
fn push(instruction: &mut Instruction, amount: i64, registers: UpperRegSet<XReg>, word: u32) {
    let stack = integer(XReg::sp);
    let width = i64::from(word);
    let allocated = amount + 2 * width;
    let written = |address, size| Access { address, size, reads: false, writes: true };
    for below in [width, 2 * width] {
        instruction.accesses.push(written(Address::Offset(stack, -below), word));
    }
    instruction.reads.extend([RETURN_ADDRESS, FRAME_POINTER]);
    for (address, register) in saved(-allocated, amount, registers) {
        instruction.accesses.push(written(address, REGISTER));
        instruction.reads.push(register);
    }
    instruction.writes.push((FRAME_POINTER, Source::Offset(stack, -2 * width)));
    instruction.writes.push((stack, Source::Offset(stack, -allocated)));
}

/// Adds what happens when the frame is freed, and the frame pointer and the return address are popped.
fn pop(instruction: &mut Instruction, word: u32) {
    let stack = integer(XReg::sp);
    let width = i64::from(word);
    for above in [0, width] {
        let address = Address::Offset(FRAME_POINTER, above);
        instruction.accesses.push(Access { address, size: word, reads: true, writes: false });
    }
    instruction.writes.push((stack, Source::Offset(FRAME_POINTER, 2 * width)));
    let popped = if word == REGISTER { Source::Loaded } else { Source::Computed };
    instruction.writes.push((FRAME_POINTER, popped));
    instruction.writes.push((RETURN_ADDRESS, Source::Computed));
}

/// Returns the registers that are saved below the end of the frame, which begins at an offset from the
/// stack pointer, and where.
fn saved(
    start: i64,
    amount: i64,
    registers: UpperRegSet<XReg>,
) -> impl Iterator<Item = (Address, Register)> {
    let offsets = (1..).map(move |number| start + amount - number * i64::from(REGISTER));
    let addresses = offsets.map(|offset| Address::Offset(integer(XReg::sp), offset));
    addresses.zip(registers.into_iter().map(integer))
}
