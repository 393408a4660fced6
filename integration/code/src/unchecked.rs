//! The reasons why the instructions of some code were not checked.

use thiserror::Error;

/// The reason why only the tables of some code were checked, and not its instructions.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unchecked {
    /// The tables are wrong or cannot be judged, so that the instructions were not looked at.
    #[error("the tables are not verified")]
    Tables,
    /// There is no decoder for the instruction set.
    #[error("there is no decoder for {0}")]
    NoDecoder(String),
    /// What an instruction does is not known.
    #[error("the instruction at {0:#x} is not understood")]
    Undecoded(u32),
    /// It is not known where a jump goes.
    #[error("the jump at {0:#x} is not understood")]
    Jump(u32),
    /// It is not known where the stack pointer or the frame pointer is at a call.
    #[error("the stack pointer at the call that returns to {0:#x} is not known")]
    StackPointer(u32),
    /// No path of the code leads to a call that the CLIF may make.
    #[error("no path leads to the call that returns to {0:#x}")]
    Unreached(u32),
    /// An instruction accesses memory at an address that was computed from one of the frame, and
    /// nothing says which slot that is.
    #[error("the address that the instruction at {0:#x} accesses is not known")]
    Address(u32),
    /// The address of a slot with references is used by something else than a load or a store of it.
    #[error("the address of `{slot}` is used by `{user}`")]
    AddressUsed {
        /// The slot.
        slot: String,
        /// The instruction that uses the address, as it is printed.
        user: String,
    },
}
