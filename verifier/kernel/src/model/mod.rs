//! The model: two programs, without any compiler's types in them.
//!
//! * [`Before`] is what the compiler meant: SSA values, operations, edges.
//! * [`After`] is what the spiller (or register allocator) made of it: the same
//!   operations, whose operands now sit in [`Location`]s, with moves between
//!   locations and the roots that each safepoint's stack map lists.
//!
//! Both are built through builders, which keep every list in one flat pool. What can be
//! wrong with a finished model are the *ids* in it, blocks that do not say how they end,
//! and locations that are one place; whoever reads a model checks that.
//!
//! Names, and positions in the input, are for people: `stackmap_verifier::model` keeps them
//! beside these.

mod after;
mod before;
mod blocks;
mod cell;
mod entity;
mod identity;

pub use after::{Action, After, AfterBuilder, Instruction, RootList, SlotOwner, SlotShape};
pub use before::{Before, BeforeBuilder, Operation, OperationKind};
pub use blocks::Edge;
pub use cell::Cell;
pub use entity::{Block, EdgeIndex, InstructionId, Location, OperationId, Slot, Value};
pub use identity::Identity;
