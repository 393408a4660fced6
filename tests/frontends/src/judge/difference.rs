//! What of *after* is not what a spiller may make of *before*.

use std::fmt;

/// What kind of thing differs.
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
    /// The program's own stack map entries, or entries at what is no safepoint.
    ProgramMap,
    /// Aliases.
    Aliases,
    /// The labels that debuggers show values under.
    ValueLabels,
    /// A spiller's slot that has a key, or is aligned to less than its accesses are.
    SpillersSlot,
    /// The type of a map entry.
    EntryType,
    /// An inserted access that may trap.
    MayTrap,
    /// An inserted access that is not said to be aligned.
    Unaligned,
    /// An inserted access with other flags.
    AccessFlags,
    /// Accesses of one cell with different alias regions.
    AccessRegion,
    /// An inserted access that reaches beyond its slot.
    OutsideSlot,
    /// A reload whose type is not that of the operand in whose place it is.
    ReloadType,
    /// An address that is not of pointer type.
    AddressType,
    /// A block that is neither the program's nor a landing block.
    Landing,
    /// A landing block that is hot where its target is cold, or the reverse.
    LandingCold,
    /// *After* is no function to Cranelift's own verifier.
    Invalid,
    /// *Before* is none.
    InvalidBefore,
    /// An operand that the spiller left is another value of the program's.
    Operand,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Difference {
    /// What differs.
    pub kind: Kind,
    /// Whether it is in a block that never runs.
    pub unreachable: bool,
    /// How, for people.
    pub detail: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.unreachable { "unreachable " } else { "" };
        write!(f, "{place}{:?}", self.kind)?;
        match self.kind {
            Kind::Invalid => write!(f, ": {}", self.detail),
            _ => Ok(()),
        }
    }
}
