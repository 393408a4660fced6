//! The model: two programs, without any compiler's types in them, and the names of what is in
//! them.
//!
//! * [`Before`] is what the compiler meant: SSA values, operations, edges.
//! * [`After`] is what the spiller (or register allocator) made of it: the same
//!   operations, whose operands now sit in [`Location`]s, with moves between
//!   locations and the roots that each safepoint's stack map lists.
//!
//! Both are the [kernel's](stackmap_kernel::model), with names and positions in the input beside
//! them, which are for people: what is decided of a pair does not depend on them.

mod after;
mod before;
mod location;
mod locations;
mod mentioned;
mod misuse;

pub use after::{After, AfterBuilder, SlotData};
pub use before::{Before, BeforeBuilder};
pub use location::LocationKind;
pub use misuse::Misuse;
pub use stackmap_kernel::model::{
    Action, Block, Cell, Edge, EdgeIndex, Instruction, InstructionId, Location, Operation,
    OperationId, OperationKind, RootList, Slot, SlotOwner, Value,
};

pub use crate::names::{Name, Origin};
