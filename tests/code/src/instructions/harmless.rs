//! Faults that change nothing that matters.

use std::collections::BTreeSet;

use cranelift_codegen::CompiledCode;
use cranelift_codegen::ir::{Block, Function, Inst, Opcode};
use iced_x86::{
    FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind, Register,
};

use super::bytes::{Code, Set};
use super::decoded::{instructions, unused};
use super::effects::{effects, with_effect};
use super::pulley;
use crate::owner::owner;

/// Returns whether it makes no difference which of two functions is lowered: what has an effect is
/// the same in both.
pub(super) fn is_same(function: &Function, faulty: &Function) -> bool {
    effects(function) == effects(faulty)
}

/// Returns whether it makes no difference that the bytes of one instruction were changed: it loads a
/// value on which no effect depends, and the register that it writes then, if it writes one, is
/// used by nothing, or written again before it is read.
pub(super) fn is_unused(function: &Function, code: &Code<'_>, faulty: &[u8]) -> bool {
    let Code { set, code } = *code;
    let bytes = code.buffer.data();
    let Some(at) = first_difference(bytes, faulty) else { return true };
    let Some(load) = changed(code, faulty) else { return false };
    let values = with_effect(function);
    let mut results = function.dfg.inst_results(load).iter();
    let is_load = function.dfg.insts[load].opcode() == Opcode::Load;
    let changed = instructions(faulty).map(|(changed, _)| changed);
    let changed = changed.take_while(|changed| changed.ip() <= at as u64).last();
    if set == Set::Pulley {
        let has_effect = results.any(|result| values.contains(result));
        return is_load && !has_effect && pulley::only_loads(code, faulty, at);
    }
    is_load
        && !results.any(|result| values.contains(result))
        && changed.is_some_and(|changed| {
            let is = |mnemonic| changed.mnemonic() == mnemonic;
            let loads = || is(Mnemonic::Mov) || is(Mnemonic::Movups);
            is(Mnemonic::Nop) || (loads() && is_overwritten(code, faulty, &changed))
        })
}

fn first_difference(bytes: &[u8], faulty: &[u8]) -> Option<usize> {
    bytes.iter().zip(faulty).position(|(before, after)| before != after)
}

/// Returns the blocks in which two functions with the same blocks differ.
pub(super) fn changed_blocks(function: &Function, faulty: &Function) -> Vec<Block> {
    let text = |function: &Function, block: Block| {
        let instruction = |instruction: Inst| {
            let dfg = &function.dfg;
            let values = dfg.inst_values(instruction).map(|value| dfg.resolve_aliases(value));
            (instruction, values.collect::<Vec<_>>())
        };
        function.layout.block_insts(block).map(instruction).collect::<Vec<_>>()
    };
    let blocks = function.layout.blocks();
    blocks.filter(|&block| text(function, block) != text(faulty, block)).collect()
}

/// Returns the instruction of the function in whose code the first change is.
pub(super) fn changed(code: &CompiledCode, faulty: &[u8]) -> Option<Inst> {
    let at = first_difference(code.buffer.data(), faulty)?;
    owner(code, u32::try_from(at).ok()?)
}

/// Returns whether on all paths the register that an instruction writes is written in full before it
/// is read.
fn is_overwritten(code: &CompiledCode, bytes: &[u8], writer: &Instruction) -> bool {
    let register = writer.op0_register().full_register();
    if unused(code.buffer.data()).contains(&register) {
        return true;
    }
    let throws = code.buffer.call_sites().any(|site| !site.exception_handlers.is_empty());
    let mut todo = vec![writer.next_ip()];
    let mut seen = BTreeSet::new();
    while let Some(at) = todo.pop() {
        if !seen.insert(at) {
            continue;
        }
        let rest = bytes.get(usize::try_from(at).expect("an offset")..).unwrap_or_default();
        let Some((mut instruction, _)) = instructions(rest).next() else { return false };
        instruction.set_ip(at);
        match effect(&instruction, register) {
            Effect::Reads => return false,
            Effect::Overwrites => continue,
            Effect::None => {}
        }
        let next = at + instruction.len() as u64;
        // The decoder took the first byte for the start of the code.
        let target = instruction.near_branch_target().wrapping_add(at);
        match instruction.flow_control() {
            FlowControl::Next => todo.push(next),
            FlowControl::Call | FlowControl::IndirectCall => match after_call(register) {
                Some(true) if throws => return false,
                Some(true) => todo.push(next),
                Some(false) => {}
                None => return false,
            },
            FlowControl::ConditionalBranch => todo.extend([next, target]),
            FlowControl::UnconditionalBranch if instruction.op0_kind() == OpKind::NearBranch64 => {
                todo.push(target);
            }
            FlowControl::Exception => {}
            FlowControl::Return if !RESULTS.contains(&register) => {}
            FlowControl::Return
            | FlowControl::UnconditionalBranch
            | FlowControl::IndirectBranch
            | FlowControl::Interrupt
            | FlowControl::XbeginXabortXend => return false,
        }
    }
    true
}

const RESULTS: [Register; 4] = [Register::RAX, Register::RCX, Register::RDX, Register::ZMM0];

/// Returns whether a register has its content still after a call that does not read it; `None` if a
/// call may read it.
fn after_call(register: Register) -> Option<bool> {
    let saved = [Register::RBX, Register::R12, Register::R13, Register::R14, Register::R15];
    if saved.contains(&register) {
        return Some(true);
    }
    [Register::RAX, Register::R10, Register::R11].contains(&register).then_some(false)
}

enum Effect {
    Reads,
    Overwrites,
    None,
}

fn effect(instruction: &Instruction, register: Register) -> Effect {
    let mut info = InstructionInfoFactory::new();
    let mut overwrites = false;
    for used in info.info(instruction).used_registers() {
        if used.register().full_register() != register {
            continue;
        }
        match used.access() {
            // A half is extended; a smaller part is not.
            OpAccess::Write if used.register().size() >= 4 => overwrites = true,
            OpAccess::None | OpAccess::NoMemAccess => {}
            OpAccess::Write
            | OpAccess::Read
            | OpAccess::CondRead
            | OpAccess::CondWrite
            | OpAccess::ReadWrite
            | OpAccess::ReadCondWrite => return Effect::Reads,
        }
    }
    if overwrites { Effect::Overwrites } else { Effect::None }
}
