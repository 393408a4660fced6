//! The reasons why code could not be judged.

use thiserror::Error;

/// The reason why code could not be judged. It must never be taken for "verified".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// Lowering the function again gives other code, so that nothing is known about the emitted
    /// code: it is of another function, target, setting or version of Cranelift.
    #[error("lowering this CLIF again gives other code: {0}")]
    OtherCode(Difference),
    /// A call of the CLIF was not found in the code.
    #[error("no return address of the code is linked to `{call}`, in {block}")]
    Unlinked {
        /// The call, as it is printed.
        call: String,
        /// Its block.
        block: String,
    },
    /// A call of the CLIF with stack map entries returns to several addresses.
    #[error("{count} return addresses of the code are linked to `{call}`, in {block}")]
    Ambiguous {
        /// The number of addresses.
        count: usize,
        /// The call, as it is printed.
        call: String,
        /// Its block.
        block: String,
    },
    /// A return address of the code belongs to no instruction.
    #[error("the return address {0:#x} is in no instruction's code")]
    UnknownCall(u32),
    /// The layout of the frame is not known.
    #[error("this target does not say where stack slots are")]
    NoFrameLayout,
    /// What Cranelift emits for a call now does not have the handlers of its exception table.
    #[error("the handlers of `{call}`, in {block}, are lowered to others")]
    OtherHandlers {
        /// The call, as it is printed.
        call: String,
        /// Its block.
        block: String,
    },
}

/// How two pieces of code differ.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Difference {
    /// In length.
    #[error("{lowered} bytes instead of {emitted}")]
    Length {
        /// The number of bytes that were emitted.
        emitted: usize,
        /// The number of bytes of the function when it is lowered again.
        lowered: usize,
    },
    /// In a byte, apart from what relocations patch.
    #[error("it differs from {0:#x} on")]
    Byte(usize),
    /// In the relocations.
    #[error("its relocations differ")]
    Relocations,
}
