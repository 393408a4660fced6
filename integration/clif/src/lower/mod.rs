//! Lowers a function and its rewritten form to the verifier's model.
//!
//! The before function becomes operations one for one. In the after function,
//! each instruction either *performs* the next operation of its block or is the
//! spiller's own: the spiller only inserts instructions, it never reorders or
//! removes one, and whatever it inserts defines values that the before function
//! does not have, or stores through such a value, or to a slot of its own.
//! Everything else must be the next operation of the before function, or the
//! pair is refused.
//!
//! What never runs is not looked at: the spiller does not touch unreachable
//! blocks, so they are kept as empty blocks without edges.

mod after;
mod alone;
mod before;
mod cells;
mod definitions;
mod edge_result;
mod error;
mod layout;
mod unchanged;

pub use alone::{Alone, lower_alone};
pub use error::{LowerError, Site};
pub use unchanged::unchanged;

use stackmap_verifier::model::{After, Before, Value};

use crate::view::Function;
use after::AfterLowering;
use before::BeforeLowering;

/// The model of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// The before program.
    pub before: Before,
    /// The declared references, aliases resolved, in id order.
    pub declared: Vec<Value>,
    /// The after program.
    pub after: After,
}

/// Lowers a pair. `declared` are the indices of the values that are declared to
/// be references; those that the before function does not define cannot be lost
/// and are dropped.
///
/// # Errors
///
/// [`LowerError`] if the two functions do not align, or if something about them
/// is unknown that the proof depends on.
///
/// Cost: linear in the size of both functions.
pub fn lower<F: Function>(
    before: &F,
    after: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Result<Lowered, LowerError> {
    let mut lowering = BeforeLowering::new(before)?;
    lowering.blocks()?;
    let declared = lowering.declared(declared);
    let before = lowering.finish()?;
    let after = AfterLowering::new(&before, after)?.finish()?;
    Ok(Lowered { before: before.program, declared, after })
}
