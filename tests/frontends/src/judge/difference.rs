//! Differences between *before* and *after* that a spiller may not make.

use std::fmt;

/// The kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The function's name.
    Name,
    /// Its signature.
    Signature,
    /// A slot of the program.
    Slot,
    /// A dynamic stack slot.
    DynamicSlot,
    /// A dynamic type.
    DynamicType,
    /// An alias region of the program.
    Region,
    /// A global value.
    GlobalValue,
    /// A signature that calls use.
    CallSignature,
    /// A function that is called.
    ExternalFunction,
    /// A constant.
    Constant,
    /// The stack limit.
    StackLimit,
    /// The blocks, or their order.
    Blocks,
    /// A block's parameters.
    BlockParameters,
    /// Whether a block is cold.
    Cold,
    /// An instruction of the program.
    Instruction,
    /// An instruction that is neither the program's nor a spiller's.
    Computation,
    /// A source location.
    SourceLocation,
    /// Debug tags.
    DebugTags,
    /// The program's own stack map entries, or entries at an instruction that is not a
    /// safepoint.
    ProgramMap,
    /// Aliases.
    Aliases,
    /// The labels that debuggers show values under.
    ValueLabels,
    /// A spiller's slot that has a key, or is none of fixed size.
    SpillersSlot,
    /// An inserted access says that it is aligned, and its slot is not.
    SlotAlignment,
    /// The type of a map entry.
    EntryType,
    /// An inserted access that may trap.
    MayTrap,
    /// An inserted access that may be moved, or accesses memory that never changes.
    AccessFlags,
    /// An inserted access that specifies a byte order.
    ByteOrder,
    /// Accesses of one cell with different alias regions.
    AccessRegion,
    /// An inserted access that reaches beyond its slot.
    OutsideSlot,
    /// An address that is not of pointer type.
    AddressType,
    /// A block that is neither the program's nor a split-edge block.
    SplitEdge,
    /// A split-edge block that is hot where its target is cold, or the reverse.
    SplitEdgeCold,
    /// Cranelift's own verifier rejects *after*.
    Invalid,
    /// Cranelift's own verifier rejects *before*.
    InvalidBefore,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Difference {
    /// The kind of the difference.
    pub kind: Kind,
    /// Whether it is in a block that never runs.
    pub unreachable: bool,
    /// A description for people.
    pub detail: String,
}

impl Difference {
    /// Cranelift's own code panics on the functions.
    pub(super) fn malformed(why: &str, unreachable: bool) -> Difference {
        Difference { kind: Kind::Invalid, unreachable, detail: why.to_owned() }
    }

    /// Whether Cranelift's own verifier rejects one of the two functions.
    pub fn is_invalid(&self) -> bool {
        matches!(self.kind, Kind::Invalid | Kind::InvalidBefore)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.unreachable { "unreachable " } else { "" };
        write!(f, "{place}{:?}", self.kind)?;
        if self.is_invalid() { write!(f, ": {}", self.detail) } else { Ok(()) }
    }
}
