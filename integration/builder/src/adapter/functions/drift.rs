//! What differs between versions of Cranelift.
//!
//! Each difference is told by name resolution, so that one source compiles against all versions:
//! an inherent method is preferred to a trait's, a name that a block imports to one of the module
//! around it, and a type parameter is inferred from what a function takes.

use super::codegen::ir::dfg::DataFlowGraph;
use super::codegen::ir::{self, InstructionData};

/// The data behind memory flags.
pub(super) type FlagsData = <Memory as Named>::Type;

/// Up to 0.132 memory flags are the data themselves. From 0.133 they are an index, and the data
/// are of another type, whose name is this.
type MemFlagsData = ir::MemFlags;

/// Names a type that depends on the version.
pub(super) trait Named {
    /// The type.
    type Type;
}

/// Memory flags.
#[derive(Debug)]
pub(super) struct Memory;

const _: () = {
    use super::codegen::ir::*;

    impl self::Named for self::Memory {
        type Type = MemFlagsData;
    }
};

/// From 0.133 there is an inherent method of this name; up to 0.132 it is this one.
pub(super) trait InstructionFlags {
    /// Returns the data behind an instruction's memory flags, if it has any.
    fn memflags_data(&self, dfg: &DataFlowGraph) -> Option<MemFlagsData>;
}

impl InstructionFlags for InstructionData {
    fn memflags_data(&self, _: &DataFlowGraph) -> Option<MemFlagsData> {
        self.memflags()
    }
}

/// From 0.133 an alias region has a number, and an inherent method returns it. Up to 0.132 it is
/// one of a few names.
pub(super) trait Numbered {
    /// Returns a number for the alias region; different ones for different regions.
    fn as_u32(&self) -> u32;
}

impl Numbered for ir::AliasRegion {
    fn as_u32(&self) -> u32 {
        let name = format!("{self:?}");
        name.bytes().fold(0, |number: u32, byte| number.wrapping_mul(31).wrapping_add(byte.into()))
    }
}

/// What only some versions say of values. Up to 0.131 a function may state facts for a verifier of
/// its own: there, Cranelift has a type of this name.
pub(super) const HAS_FACTS: bool = {
    struct Fact;
    let without = size_of::<Fact>();
    let with = {
        use super::codegen::ir::*;
        size_of::<Fact>()
    };
    with != without
};
