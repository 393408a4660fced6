//! The reasons why a function cannot be run.

use thiserror::Error;

/// The reason why a function cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Obstacle {
    /// An instruction whose effect is not known here.
    #[error("it has a `{0}`")]
    Opcode(String),
    /// A reference type that is too narrow.
    #[error("a reference of {0} bytes is too small for an address")]
    Narrow(u32),
    /// An import that cannot determine what to return.
    #[error("one import returns a reference here and a number there")]
    Mixed,
    /// One value with two uses.
    #[error("one parameter is code and memory")]
    CodeAndMemory,
    /// An address of unknown origin.
    #[error("it computes an address that is not known")]
    Address,
    /// An exception that carries a reference.
    #[error("an exception carries a reference")]
    Payload,
    /// Calls through one address with different signatures.
    #[error("it calls one address with two signatures")]
    Signatures,
    /// An object's address becomes visible.
    #[error("what it does depends on where objects are")]
    ShowsAddresses,
    /// A loop that nothing stops.
    #[error("it has a loop without a call")]
    Endless,
    /// Values that do not fit into one register.
    #[error("a value of type {0} is not in one register")]
    Wide(String),
    /// More values than are passed in registers.
    #[error("it does not pass everything in registers")]
    Registers,
    /// An unsupported calling convention.
    #[error("it is called by the convention `{0}`")]
    Convention(String),
}
