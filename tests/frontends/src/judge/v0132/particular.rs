//! What is particular to this version.

use cranelift_codegen_0132::ir::immediates::Offset32;
use cranelift_codegen_0132::ir::{
    AliasRegion, Function, GlobalValueData, Inst, InstructionData, MemFlags, Opcode, StackSlot, Value,
};

/// What the flags of an access say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) notrap: bool,
    pub(super) aligned: bool,
    /// Whether there is nothing else but a region.
    pub(super) plain: bool,
    pub(super) region: Option<AliasRegion>,
}

pub(super) fn flags(_: &Function, flags: MemFlags) -> Flags {
    Flags {
        notrap: flags.notrap(),
        aligned: flags.aligned(),
        plain: flags.explicit_endianness().is_none() && !flags.readonly() && !flags.can_move(),
        region: flags.alias_region(),
    }
}

pub(super) fn global_value(_: &Function, data: &GlobalValueData) -> String {
    data.to_string()
}

/// The alias regions: this version has fixed ones.
pub(super) fn regions(_: &Function) -> Vec<String> {
    Vec::new()
}

/// An access of a slot without an address, and what it stores.
pub(super) fn direct(function: &Function, inst: Inst) -> Option<(StackSlot, Offset32, Option<Value>)> {
    match function.dfg.insts[inst] {
        InstructionData::StackLoad { opcode: Opcode::StackLoad, stack_slot, offset } => Some((stack_slot, offset, None)),
        InstructionData::StackStore { stack_slot, offset, arg, .. } => {
            Some((stack_slot, offset, Some(arg)))
        }
        _ => None,
    }
}

/// The slot and offset that an instruction takes the address of.
pub(super) fn address(function: &Function, inst: Inst) -> Option<(StackSlot, Offset32)> {
    match function.dfg.insts[inst] {
        InstructionData::StackLoad { opcode: Opcode::StackAddr, stack_slot, offset } => {
            Some((stack_slot, offset))
        }
        _ => None,
    }
}
