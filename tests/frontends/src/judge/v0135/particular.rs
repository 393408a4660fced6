//! The parts of the judge that are particular to this version.

use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{Function, GlobalValueData, MemFlags, MemFlagsData, StackSlot};
use cranelift_codegen::ir::{Inst, InstructionData, Value};

use super::flags::Flags;

/// Returns the flags of an access.
pub(super) fn flags(function: &Function, flags: MemFlags) -> Flags {
    let data: MemFlagsData = function.dfg.mem_flags[flags];
    Flags {
        notrap: data.notrap(),
        aligned: data.aligned(),
        movable: data.readonly() || data.can_move(),
        ordered: data.explicit_endianness().is_some(),
        region: data.alias_region(),
    }
}

/// Returns the flags of an instruction that accesses memory, as printed.
pub(super) fn printed_flags(function: &Function, inst: Inst) -> String {
    let data = function.dfg.insts[inst].memflags_data(&function.dfg);
    data.map(|data| data.to_string()).unwrap_or_default()
}

pub(super) fn global_value(function: &Function, data: &GlobalValueData) -> String {
    data.display(&function.dfg.mem_flags).to_string()
}

/// The alias regions, in order.
pub(super) fn regions(function: &Function) -> Vec<String> {
    let regions = function.dfg.alias_regions.iter();
    regions.map(|(_, data)| format!("{} {:?}", data.user_id, data.description)).collect()
}

/// An access of a slot without an address: this version has none.
pub(super) fn direct(_: &Function, _: Inst) -> Option<(StackSlot, Offset32, Option<Value>)> {
    None
}

/// The slot and offset that an instruction takes the address of.
pub(super) fn address(function: &Function, inst: Inst) -> Option<(StackSlot, Offset32)> {
    let InstructionData::StackAddr { stack_slot, offset, .. } = function.dfg.insts[inst] else {
        return None;
    };
    Some((stack_slot, offset))
}
