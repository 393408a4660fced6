//! The memory that a function reads and writes.

use cranelift_codegen::ir::{Function, Inst, InstructionData, Opcode, Value, ValueDef};

use super::kinds::Kinds;
use super::{Kind, Obstacle, Plan};

/// Returns the address that a load or store uses, without its offset.
pub(super) fn address(function: &Function, inst: Inst) -> Option<Value> {
    let operands = function.dfg.inst_args(inst);
    let address = if let InstructionData::Load { .. } = function.dfg.insts[inst] {
        operands[0]
    } else if let InstructionData::Store { .. } = function.dfg.insts[inst] {
        operands[1]
    } else {
        return None;
    };
    Some(function.dfg.resolve_aliases(address))
}

pub(super) fn access(
    function: &Function,
    kinds: &Kinds,
    inst: Inst,
    plan: &mut Plan,
) -> Result<(), Obstacle> {
    let Some(address) = address(function, inst) else { return Ok(()) };
    let offset = function.dfg.insts[inst].load_store_offset().unwrap_or(0);
    match function.dfg.value_def(address) {
        ValueDef::Param(block, n) if Some(block) == function.layout.entry_block() => {
            let Kind::Memory(place) = plan.params[n].kind else { return Err(Obstacle::Address) };
            let Ok(offset @ 0..64) = u32::try_from(offset) else { return Ok(()) };
            if let (Some(result), true) = (function.dfg.inst_results(inst).first(), place > 0) {
                plan.cells.push(((place + offset) & !7, kinds.of(*result)));
            }
            Ok(())
        }
        ValueDef::Result(definition, _) => {
            let opcode = function.dfg.insts[definition].opcode();
            let known = matches!(opcode, Opcode::StackAddr | Opcode::Iadd);
            if known { Ok(()) } else { Err(Obstacle::Address) }
        }
        ValueDef::Param(..) | ValueDef::Union(..) => Err(Obstacle::Address),
    }
}
