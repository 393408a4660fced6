//! The parts of the judge that are particular to this version.

use cranelift_codegen_0132::ir::immediates::Offset32;
use cranelift_codegen_0132::ir::{
    Function, GlobalValueData, Inst, InstructionData, MemFlags, Opcode, StackSlot, Value,
};

use super::flags::Flags;

/// Returns the flags of an access.
pub(super) fn flags(_: &Function, flags: MemFlags) -> Flags {
    Flags {
        notrap: flags.notrap(),
        aligned: flags.aligned(),
        movable: flags.readonly() || flags.can_move(),
        ordered: flags.explicit_endianness().is_some(),
        region: flags.alias_region(),
    }
}

/// Returns the flags of an instruction that accesses memory, as printed.
pub(super) fn printed_flags(function: &Function, inst: Inst) -> String {
    function.dfg.insts[inst].memflags().map(|flags| flags.to_string()).unwrap_or_default()
}

pub(super) fn global_value(_: &Function, data: &GlobalValueData) -> String {
    data.to_string()
}

/// The alias regions: this version has fixed ones.
pub(super) fn regions(_: &Function) -> Vec<String> {
    Vec::new()
}

/// An access of a slot without an address, and what it stores.
pub(super) fn direct(
    function: &Function,
    inst: Inst,
) -> Option<(StackSlot, Offset32, Option<Value>)> {
    let data = function.dfg.insts[inst];
    if let InstructionData::StackLoad { opcode: Opcode::StackLoad, stack_slot, offset } = data {
        return Some((stack_slot, offset, None));
    }
    let InstructionData::StackStore { stack_slot, offset, arg, .. } = data else { return None };
    Some((stack_slot, offset, Some(arg)))
}

/// The slot and offset that an instruction takes the address of.
pub(super) fn address(function: &Function, inst: Inst) -> Option<(StackSlot, Offset32)> {
    let InstructionData::StackLoad { opcode: Opcode::StackAddr, stack_slot, offset } =
        function.dfg.insts[inst]
    else {
        return None;
    };
    Some((stack_slot, offset))
}
