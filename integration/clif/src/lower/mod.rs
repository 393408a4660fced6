//! Lowers a function and its rewritten form to the verifier's model.
//!
//! The before function becomes operations one for one. In the after function, each instruction
//! either *performs* the next operation of its block or was inserted by the spiller: `frame`
//! decides which of the two applies, and whether the instruction is allowed.
//!
//! Unreachable code is ignored: the spiller does not touch unreachable blocks, so they are kept as
//! empty blocks without edges.

mod across;
mod after;
mod after_only;
mod before;
mod beyond;
mod cells;
mod definitions;
mod edge_result;
mod emitter;
mod error;
mod flows;
mod frame;
mod judge;
mod known;
mod layout;
mod slice;
mod split_edges;
mod unchanged;
mod unknown;

pub use after_only::{AfterOnlyFunction, lower_after_only};
pub use error::{LowerError, Site};
pub use known::Known;
pub use slice::verify_slice;
pub use unchanged::unchanged;

use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::{After, Before, Value};
use stackmap_verifier::pair::Expected;

use crate::view::Function;
use after::AfterLowering;
use before::{BeforeLowering, originals};
use layout::Layout;
use unknown::Unknown;

/// The result of comparing two functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The functions differ only in what a spiller may change; the verifier decides whether it did
    /// so correctly.
    Pair(Box<Lowered>),
    /// The functions differ in something else; these are the findings.
    Changed(Vec<Finding>),
}

/// The model of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// The before program.
    pub before: Before,
    /// The declared references, aliases resolved, in id order.
    pub declared: Vec<Value>,
    /// The values that are references whether or not they were declared, aliases resolved.
    pub expected: Vec<Expected>,
    /// The after program.
    pub after: After,
    /// Whether the program has stack map entries of its own, which are not part of the model.
    pub has_own_roots: bool,
    /// The first operation with an unknown opcode, if there is one. In the model it may run the
    /// collector.
    pub unknown: Option<Site>,
    /// The models for the other interpretations of unknown opcodes, if there are such opcodes.
    pub otherwise: Vec<(Before, After)>,
    /// The model of the after function alone, if it may show more than the pair does.
    pub after_only: Option<Box<AfterOnlyFunction>>,
    /// Whether the collector moves nothing, whatever rule the pair is held to.
    pub moves_nothing: bool,
}

/// Lowers a pair. `declared` lists the indices of the values that are declared to be references;
/// values that the before function does not define cannot be lost and are dropped.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the two functions is unknown that the proof depends
/// on.
///
/// Cost: linear in the size of both functions.
pub fn lower<F: Function>(
    before: &F,
    after: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Result<Comparison, LowerError> {
    let declared: Vec<u32> = declared.into_iter().collect();
    lower_knowing(before, after, &Known { declared: &declared, ..Known::default() })
}

/// [`lower`], with whatever else is known of the values.
///
/// # Errors
///
/// As [`lower`].
///
/// Cost: as [`lower`].
pub fn lower_knowing<F: Function>(
    before: &F,
    after: &F,
    known: &Known<'_>,
) -> Result<Comparison, LowerError> {
    let undeclared = known.undeclared(before);
    let numbers = undeclared.as_deref().unwrap_or(known.numbers);
    let known = &Known { numbers, ..*known };
    let [first, others @ ..] = Unknown::ALL;
    let mut pair = match lower_as(before, after, known, first)? {
        Comparison::Pair(pair) if pair.unknown.is_some() => pair,
        comparison @ (Comparison::Pair(_) | Comparison::Changed(_)) => return Ok(comparison),
    };
    for unknown in others {
        match lower_as(before, after, known, unknown)? {
            Comparison::Pair(other) => pair.otherwise.push((other.before, other.after)),
            changed @ Comparison::Changed(_) => return Ok(changed),
        }
    }
    Ok(Comparison::Pair(pair))
}

/// Lowers a pair in which operations with unknown opcodes are interpreted as `unknown`.
fn lower_as<F: Function>(
    before: &F,
    after: &F,
    known: &Known<'_>,
    unknown: Unknown,
) -> Result<Comparison, LowerError> {
    let layout = Layout::new(before, "before")?;
    let after_layout = Layout::new(after, "after")?;
    let mut comparison = lower_layouts(&layout, &after_layout, known, unknown)?;
    if let Comparison::Pair(lowered) = &mut comparison {
        lowered.after_only = after_only(&layout, after, known, unknown);
    }
    Ok(comparison)
}

/// Lowers two functions whose layouts are known. The model of the after function alone is not made.
fn lower_layouts<F: Function>(
    before: &Layout<'_, F>,
    after: &Layout<'_, F>,
    known: &Known<'_>,
    unknown: Unknown,
) -> Result<Comparison, LowerError> {
    let mut lowering = BeforeLowering::new(before, unknown.kind(), known.numbers);
    lowering.blocks()?;
    let declared = lowering.declared(known.declared.iter().copied());
    let expected = lowering.expected(known.expected);
    let before = lowering.finish()?;
    let (frame, lowered) = AfterLowering::new(&before, after, unknown, known.numbers).finish();
    let has_own_roots = frame.has_own_roots();
    // A definite fault takes precedence over unknown parts.
    let faults = frame.finish()?;
    if !faults.is_empty() {
        return Ok(Comparison::Changed(faults));
    }
    Ok(Comparison::Pair(Box::new(Lowered {
        after: lowered?,
        has_own_roots,
        otherwise: Vec::new(),
        after_only: None,
        moves_nothing: false,
        before: before.program,
        declared,
        expected,
        unknown: before.unknown,
    })))
}

/// Returns the model of the after function alone, if it may show more than the pair does.
fn after_only<F: Function>(
    before: &Layout<'_, F>,
    after: &F,
    known: &Known<'_>,
    unknown: Unknown,
) -> Option<Box<AfterOnlyFunction>> {
    if known.only_declared {
        return None;
    }
    let declared = originals(before.view, known.declared.iter().copied());
    if !beyond::may_show_more(before, &declared, unknown) {
        return None;
    }
    lower_after_only(after, declared, known.numbers).ok().map(Box::new)
}
