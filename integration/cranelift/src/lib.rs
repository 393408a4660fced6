//! Cranelift functions in memory: lowers a function and its rewritten form to
//! the verifier's model, and runs Cranelift's own safepoint spiller on text.
//!
//! The lowering is that of `stackmap-clif`; this crate provides a view of Cranelift's data
//! structures. `FunctionBuilder::finalize` runs the spiller, so a clone of `builder.func` taken
//! just before it is the *before* function: it is complete SSA, and *after* keeps all its numbers.
//!
//! ```
//! # #[cfg(feature = "spill")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use stackmap_cranelift::{spill, verify};
//! use stackmap_verifier::{Options, Outcome};
//!
//! let text = "
//!     ;! declare v0
//!     function %keeps(i32) -> i32 fast {
//!         fn0 = %may_collect() fast
//!     block0(v0: i32):
//!         call fn0()
//!         return v0
//!     }";
//! for spilled in spill::run(text)? {
//!     let spilled = spilled?;
//!     let options = Options::default();
//!     let report = verify(&spilled.before, &spilled.declared, &spilled.after, &options)?;
//!     assert_eq!(report.outcome, Outcome::Verified);
//!     assert_eq!(report.stats.roots, 1);
//! }
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "spill"))]
//! # fn main() {}
//! ```

mod declarations;
mod opcode;
#[cfg(test)]
mod opcode_tests;
mod same;
#[cfg(feature = "spill")]
pub mod spill;
mod view;

use cranelift_codegen::ir;
use stackmap_clif::lower;
pub use stackmap_clif::lower::{AfterOnlyFunction, Comparison, LowerError, Lowered};

use stackmap_verifier::{Options, Report};
use view::View;

/// Lowers a pair of functions: the spiller's input and its output.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the two functions is unknown that the proof depends
/// on.
///
/// Cost: linear in the size of both functions.
pub fn lower(
    before: &ir::Function,
    declared: impl IntoIterator<Item = ir::Value>,
    after: &ir::Function,
) -> Result<Comparison, LowerError> {
    let (before, after) = (View(before), View(after));
    let exists = declared.into_iter().filter(|&value| before.exists(value));
    lower::lower(&before, &after, exists.map(|value| value.as_u32()))
}

/// Verifies a pair of functions: the spiller's input and its output.
///
/// Equivalent to [`lower()`] followed by [`stackmap_verifier::verify`], but much cheaper for a pair
/// without safepoints: the functions are compared, and no model is made of them, unless a
/// certificate is requested.
///
/// # Errors
///
/// The same as [`lower()`].
///
/// Cost: as for [`stackmap_verifier::verify`].
pub fn verify(
    before: &ir::Function,
    declared: &[ir::Value],
    after: &ir::Function,
    options: &Options,
) -> Result<Report, LowerError> {
    if !options.certify {
        let (before, after) = (View(before), View(after));
        let exists = declared.iter().filter(|&&value| before.exists(value));
        let scanned = lower::unchanged(&before, &after, exists.map(|value| value.as_u32()));
        if let Some(stats) = scanned {
            return Ok(Report::verified(stats));
        }
    }
    Ok(lower(before, declared.iter().copied(), after)?.verify(options))
}

/// Lowers one function alone. `declared` lists values that are declared to be references, possibly
/// of the function before it was optimized; values that the function no longer defines are dropped.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the function is unknown.
///
/// Cost: linear in the size of the function.
pub fn lower_after(
    function: &ir::Function,
    declared: impl IntoIterator<Item = ir::Value>,
) -> Result<AfterOnlyFunction, LowerError> {
    let view = View(function);
    let exists = declared.into_iter().filter(|&value| view.exists(value));
    lower::lower_after_only(&view, exists.map(|value| value.as_u32()))
}

/// Checks a function without its before function, using the available knowledge about its
/// references: for example after the mid-end, or after inlining. See
/// [`after_only`](stackmap_verifier::after_only) for what is checked.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the function is unknown.
///
/// Cost: linear in instructions, stack map entries and the live ranges of references.
pub fn verify_after_only(
    function: &ir::Function,
    declared: Option<&[ir::Value]>,
    options: &Options,
) -> Result<Report, LowerError> {
    let declared = declared.unwrap_or_default().iter().copied();
    let AfterOnlyFunction { program, declared } = lower_after(function, declared)?;
    Ok(stackmap_verifier::verify_after_only(&program, &declared, options))
}
