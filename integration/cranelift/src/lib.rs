//! Cranelift functions in memory: lowers a function and its rewritten form to
//! the verifier's model, and runs Cranelift's own safepoint spiller on text.
//!
//! The lowering is the one of `stackmap-clif`; this crate only shows it
//! Cranelift's data structures. `FunctionBuilder::finalize` runs the spiller, so
//! a clone of `builder.func` taken just before it is the *before* function: it
//! is complete SSA, and *after* keeps all its numbers.

mod declarations;
#[cfg(test)]
mod opcode_tests;
mod same;
#[cfg(feature = "spill")]
pub mod spill;
mod view;

use cranelift_codegen::ir;
use stackmap_clif::lower;
pub use stackmap_clif::lower::{LowerError, Lowered};

use view::View;

/// Lowers a pair of functions: what the spiller got and what it made of it.
///
/// # Errors
///
/// [`LowerError`] if the two functions do not align, or if something about them
/// is unknown that the proof depends on.
///
/// Cost: linear in the size of both functions.
pub fn lower(
    before: &ir::Function,
    declared: impl IntoIterator<Item = ir::Value>,
    after: &ir::Function,
) -> Result<Lowered, LowerError> {
    declarations::check(before, after)?;
    let (before, after) = (View(before), View(after));
    let exists = declared.into_iter().filter(|&value| before.exists(value));
    lower::lower(&before, &after, exists.map(|value| value.as_u32()))
}
