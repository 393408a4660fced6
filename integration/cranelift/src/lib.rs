//! Cranelift functions in memory: lowers a function and its rewritten form to
//! the verifier's model, and runs Cranelift's own safepoint spiller on text.
//!
//! This is the adapter of `stackmap-builder` for one Cranelift. `FunctionBuilder::finalize` runs
//! the spiller, so a clone of `builder.func` taken just before it is the *before* function: it is
//! complete SSA, and *after* keeps all its numbers.
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

stackmap_builder::adapter!(mod adapter for cranelift_codegen);

#[cfg(feature = "spill")]
pub mod spill;

pub use adapter::{
    VERSION, lower, lower_after, minor, verify, verify_after as verify_after_only, verify_expecting,
};
pub use stackmap_clif::lower::{AfterOnlyFunction, Comparison, LowerError, Lowered};
