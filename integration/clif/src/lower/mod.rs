//! Lowers a function and its rewritten form to the verifier's model.
//!
//! The before function becomes operations one for one. In the after function, each
//! instruction either *performs* the next operation of its block or is the spiller's
//! own: which of the two, and whether it may be there, is for `frame` to say.
//!
//! What never runs is not looked at: the spiller does not touch unreachable
//! blocks, so they are kept as empty blocks without edges.

mod after;
mod alone;
mod before;
mod cells;
mod definitions;
mod edge_result;
mod emitter;
mod error;
mod frame;
mod judge;
mod landings;
mod layout;
mod unchanged;
mod unknown;

pub use alone::{Alone, lower_alone};
pub use error::{LowerError, Site};
pub use unchanged::unchanged;

use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::{After, Before, Value};

use crate::view::Function;
use after::AfterLowering;
use before::BeforeLowering;
use layout::Layout;
use unknown::Unknown;

/// What comparing two functions has given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// They differ in what a spiller may do; whether it did that right is for the
    /// verifier to say.
    Pair(Box<Lowered>),
    /// They differ in something else: the findings.
    Changed(Vec<Finding>),
}

/// The model of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// The before program.
    pub before: Before,
    /// The declared references, aliases resolved, in id order.
    pub declared: Vec<Value>,
    /// The after program.
    pub after: After,
    /// Whether the program has stack map entries of its own, which are no part of the
    /// model.
    pub has_own_roots: bool,
    /// An operation of an opcode that nobody knows, if there is one. In the model it
    /// may run the collector.
    pub unknown: Option<Site>,
    /// If there is one: the models in which such operations do something else.
    pub otherwise: Vec<(Before, After)>,
}

/// Lowers a pair. `declared` are the indices of the values that are declared to
/// be references; those that the before function does not define cannot be lost
/// and are dropped.
///
/// # Errors
///
/// [`LowerError`] if something about the two functions is unknown that the proof
/// depends on.
///
/// Cost: linear in the size of both functions.
pub fn lower<F: Function>(
    before: &F,
    after: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Result<Comparison, LowerError> {
    let declared: Vec<u32> = declared.into_iter().collect();
    let [first, others @ ..] = Unknown::ALL;
    let mut pair = match lower_as(before, after, &declared, first)? {
        Comparison::Pair(pair) if pair.unknown.is_some() => pair,
        comparison @ (Comparison::Pair(_) | Comparison::Changed(_)) => return Ok(comparison),
    };
    for unknown in others {
        match lower_as(before, after, &declared, unknown)? {
            Comparison::Pair(other) => pair.otherwise.push((other.before, other.after)),
            changed @ Comparison::Changed(_) => return Ok(changed),
        }
    }
    Ok(Comparison::Pair(pair))
}

/// Lowers a pair in which an operation that nobody knows is taken for `unknown`.
fn lower_as<F: Function>(
    before: &F,
    after: &F,
    declared: &[u32],
    unknown: Unknown,
) -> Result<Comparison, LowerError> {
    let layout = Layout::new(before, "before")?;
    let mut lowering = BeforeLowering::new(&layout, unknown.kind());
    lowering.blocks()?;
    let declared = lowering.declared(declared.iter().copied());
    let before = lowering.finish()?;
    let after_layout = Layout::new(after, "after")?;
    let (frame, after) = AfterLowering::new(&before, &after_layout, unknown).finish();
    let has_own_roots = frame.has_own_roots();
    // A definite fault counts more than what is unknown.
    let faults = frame.finish()?;
    if !faults.is_empty() {
        return Ok(Comparison::Changed(faults));
    }
    let (after, unknown, otherwise) = (after?, before.unknown, Vec::new());
    let before = before.program;
    let pair = Lowered { before, declared, after, has_own_roots, unknown, otherwise };
    Ok(Comparison::Pair(Box::new(pair)))
}
