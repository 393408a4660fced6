//! Memory flags of any version.

use super::codegen::ir::{Endianness, Function, Inst, InstructionData, MemFlags, Opcode, Value};
use super::drift::{FlagsData, InstructionFlags as _, Numbered as _};
use super::opcode::{Naming, Properties};
use super::support::clif::view::MemoryFlags;

/// Returns the data behind memory flags. They are asked of a load that has them, since the flags
/// of some versions are an index into a table of the function's; `None` if they are none of it.
pub(super) fn data(function: &Function, flags: MemFlags) -> Option<FlagsData> {
    let arg = Value::from_u32(0);
    let load = InstructionData::Load { opcode: Opcode::Load, arg, flags, offset: 0.into() };
    load.memflags_data(&function.dfg)
}

/// Returns what an access of a stack slot says of the memory, in the verifier's words.
pub(super) fn of_access(function: &Function, instruction: Inst) -> MemoryFlags {
    let data = function.dfg.insts[instruction];
    let unknown = MemoryFlags { has_unknown: true, ..MemoryFlags::default() };
    if let InstructionData::Load { flags, .. } | InstructionData::Store { flags, .. } = data {
        return self::data(function, flags).map_or(unknown, words);
    }
    // Up to 0.133 an access may name its slot, and says nothing of the memory.
    match Properties::of(data.opcode()).naming {
        Naming::Load | Naming::Store => MemoryFlags::default(),
        Naming::Nothing | Naming::Address => unknown,
    }
}

/// Returns what the flags say, in the verifier's words.
fn words(flags: FlagsData) -> MemoryFlags {
    let is_big = |endianness| endianness == Endianness::Big;
    MemoryFlags {
        big_endian: flags.explicit_endianness().map(is_big),
        aligned: flags.aligned(),
        readonly: flags.readonly(),
        can_move: flags.can_move(),
        region: flags.alias_region().map(|region| region.as_u32()),
        has_unknown: known(flags) != flags,
    }
}

/// Returns the flags without what is not known here.
fn known(flags: FlagsData) -> FlagsData {
    let mut known =
        FlagsData::new().with_alias_region(flags.alias_region()).with_trap_code(flags.trap_code());
    if let Some(endianness) = flags.explicit_endianness() {
        known = known.with_endianness(endianness);
    }
    if flags.aligned() {
        known = known.with_aligned();
    }
    if flags.readonly() {
        known = known.with_readonly();
    }
    if flags.can_move() {
        known = known.with_can_move();
    }
    known
}

/// Returns whether an instruction is a load that an optimizer may move.
pub(super) fn is_movable_load(function: &Function, instruction: Inst) -> bool {
    let InstructionData::Load { flags, .. } = function.dfg.insts[instruction] else { return false };
    data(function, flags).is_some_and(|flags| flags.readonly() && flags.can_move())
}
