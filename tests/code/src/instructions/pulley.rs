//! The instructions of Pulley code that access the frame.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_codegen::CompiledCode;
use pulley_interpreter::decode::{Decoder, OpVisitor, SafeBytecodeStream};
use pulley_interpreter::op::MaterializeOpsVisitor;
use pulley_interpreter::{AddrO32, ExtendedOp, Op, Reg, XReg};

use super::place::Place;

/// The opcode of an instruction that does nothing, which is one byte.
const NOP: u8 = 0;

/// The opcode of an instruction that makes a frame, and allocates nothing.
fn push_frame() -> u8 {
    pulley_interpreter::Opcode::PushFrame as u8
}

/// An instruction, and where it is.
#[derive(Clone, Copy)]
struct At {
    op: Op,
    start: usize,
    end: usize,
}

/// Returns the instructions of some code, up to the first that is none. Of what stands behind a branch
/// through a table nothing is known.
fn instructions(code: &[u8]) -> Vec<At> {
    let mut found = Vec::new();
    let mut start = 0;
    loop {
        let mut visitor = MaterializeOpsVisitor::new(SafeBytecodeStream::new(&code[start..]));
        let Ok(op) = Decoder::new().decode_one(&mut visitor) else { return found };
        let end = start + visitor.bytecode().position();
        found.push(At { op, start, end });
        let table = if let Op::BrTable32(table) = op { table.amt as usize * 4 } else { 0 };
        start = (end + table).min(code.len());
    }
}

/// A load or a store.
struct Access {
    address: AddrO32,
    size: u32,
    /// The integer register that is loaded, if one is.
    loaded: Option<XReg>,
    is_load: bool,
}

/// Returns the access of an instruction, if it is one of those that access the frame.
fn access(op: &Op) -> Option<Access> {
    let load = |address, size, loaded| Some(Access { address, size, loaded, is_load: true });
    let store = |address, size| Some(Access { address, size, loaded: None, is_load: false });
    if let Op::XLoad32LeO32(load32) = op {
        load(load32.addr, 4, Some(load32.dst))
    } else if let Op::XLoad64LeO32(load64) = op {
        load(load64.addr, 8, Some(load64.dst))
    } else if let Op::XStore32LeO32(store32) = op {
        store(store32.addr, 4)
    } else if let Op::XStore64LeO32(store64) = op {
        store(store64.addr, 8)
    } else if let Op::ExtendedOp(ExtendedOp::Fload32LeO32(load32)) = op {
        load(load32.addr, 4, None)
    } else if let Op::ExtendedOp(ExtendedOp::Fload64LeO32(load64)) = op {
        load(load64.addr, 8, None)
    } else if let Op::ExtendedOp(ExtendedOp::Fstore32LeO32(store32)) = op {
        store(store32.addr, 4)
    } else if let Op::ExtendedOp(ExtendedOp::Fstore64LeO32(store64)) = op {
        store(store64.addr, 8)
    } else if let Op::ExtendedOp(ExtendedOp::VLoad128O32(load128)) = op {
        load(load128.addr, 16, None)
    } else if let Op::ExtendedOp(ExtendedOp::Vstore128LeO32(store128)) = op {
        store(store128.addr, 16)
    } else {
        None
    }
}

/// Returns the accesses of the frame at constant offsets from the stack pointer: through it, or
/// through a register that is set to an address of the frame before, with no jump in between.
pub(super) fn accesses(code: &CompiledCode) -> Vec<Place> {
    let bytes = code.buffer.data();
    let unused = unused(bytes);
    let mut bases: BTreeMap<XReg, i64> = BTreeMap::from([(XReg::sp, 0)]);
    let mut numbers: BTreeMap<XReg, i64> = BTreeMap::new();
    let mut found = Vec::new();
    for at in instructions(bytes) {
        let access = access(&at.op);
        if let Some(Access { address, size, loaded, is_load }) = access
            && let Some(base) = bases.get(&address.addr)
        {
            let length = if matches!(at.op, Op::ExtendedOp(_)) { 3 } else { 1 };
            let operand = at.start + length;
            let displacement = if is_load { operand + 2 } else { operand + 1 };
            let elsewhere = loaded.and(unused.first()).map(|other| (operand, other.to_u8()));
            found.push(Place {
                bytes: at.start..at.end,
                nop: NOP,
                displacement: Some((displacement, 4)),
                base: *base,
                elsewhere,
                is_load,
                is_store: !is_load,
                offset: u32::try_from(base + i64::from(address.offset)).unwrap_or(u32::MAX),
                size,
            });
        }
        follow(&at.op, &mut bases, &mut numbers);
    }
    found
}

/// Follows addresses of the frame and numbers in registers.
fn follow(op: &Op, bases: &mut BTreeMap<XReg, i64>, numbers: &mut BTreeMap<XReg, i64>) {
    let mut written = (None, None);
    if let Op::Xmov(copy) = op {
        written = (bases.get(&copy.src).map(|&base| (copy.dst, base)), None);
    } else if let Op::Xconst8(constant) = op {
        written = (None, Some((constant.dst, i64::from(constant.imm))));
    } else if let Op::Xconst16(constant) = op {
        written = (None, Some((constant.dst, i64::from(constant.imm))));
    } else if let Op::Xadd64(sum) = op {
        let (base, number) = (bases.get(&sum.operands.src1), numbers.get(&sum.operands.src2));
        let sum = base.zip(number).map(|(base, number)| (sum.operands.dst, base + number));
        written = (sum, None);
    }
    let is_jump = format!("{op:?}").contains("PcRelOffset");
    if is_jump || matches!(op, Op::BrTable32(_) | Op::Ret(_)) {
        *bases = BTreeMap::from([(XReg::sp, 0)]);
        numbers.clear();
    }
    for register in destinations(op) {
        numbers.remove(&register);
        if register != XReg::sp {
            bases.remove(&register);
        }
    }
    bases.extend(written.0);
    numbers.extend(written.1);
}

/// Returns the registers that an instruction may write: all that it names but the stack pointer, and
/// those that a callee may change.
fn destinations(op: &Op) -> BTreeSet<XReg> {
    let is_call = format!("{op:?}").contains("Call");
    let mut found = named(op);
    if is_call {
        found.extend((0..16).filter_map(XReg::new));
    }
    if let Op::XStore32LeO32(_) | Op::XStore64LeO32(_) = op {
        found.clear();
    }
    found
}

/// Returns the integer registers that an instruction names.
fn named(op: &Op) -> BTreeSet<XReg> {
    let text = format!("{op:?}");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let all = (0..32).filter_map(XReg::new);
    let names: BTreeMap<String, XReg> =
        all.map(|register| (register.to_string(), register)).collect();
    words.filter_map(|word| names.get(word).copied()).collect()
}

/// Returns the integer registers that no instruction names, and that a function may change. The first
/// ones pass arguments and results, which are not named.
fn unused(code: &[u8]) -> Vec<XReg> {
    let used: BTreeSet<XReg> = instructions(code).iter().flat_map(|at| named(&at.op)).collect();
    (8..16).filter_map(XReg::new).filter(|register| !used.contains(register)).collect()
}

/// Returns the code in which the stack pointer is not lowered at one place before the last safepoint:
/// that at which the frame is made, or behind a call that takes arguments from the stack.
pub(super) fn not_lowered(code: &CompiledCode) -> Vec<Vec<u8>> {
    let bytes = code.buffer.data();
    let last = code.buffer.user_stack_maps().iter().map(|(at, _, _)| *at as usize).max();
    let mut found = Vec::new();
    for at in instructions(bytes).into_iter().filter(|at| last.is_some_and(|last| at.start < last))
    {
        let mut faulty = bytes.to_vec();
        faulty[at.start..at.end].fill(NOP);
        if let Op::PushFrameSave(frame) = at.op {
            faulty[at.start] = push_frame();
            if frame.amt > 0 {
                found.push(faulty);
            }
        } else if matches!(at.op, Op::StackAlloc32(_)) {
            found.push(faulty);
        }
    }
    found
}

/// Returns whether the instruction at the first change of some code only loads, to a register that
/// the original loads, or that is not used, or does nothing.
pub(super) fn only_loads(code: &CompiledCode, faulty: &[u8], at: usize) -> bool {
    let bytes = code.buffer.data();
    let find =
        |code: &[u8]| instructions(code).into_iter().find(|op| (op.start..op.end).contains(&at));
    let (Some(original), Some(changed)) = (find(bytes), find(faulty)) else { return false };
    let (Some(before), after) = (access(&original.op), access(&changed.op)) else { return false };
    match after {
        None => matches!(changed.op, Op::Nop(_)),
        Some(after) => {
            let is_unused = after.loaded.is_some_and(|to| unused(bytes).contains(&to));
            after.is_load && (after.loaded == before.loaded || is_unused)
        }
    }
}
