//! A `FunctionBuilder` that proves what Cranelift's safepoint spiller makes of
//! each function.
//!
//! Swap it in where the compiler names Cranelift's own:
//!
//! ```
//! // use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
//! use stackmap_builder::{FunctionBuilder, FunctionBuilderContext};
//! ```
//!
//! With debug assertions on, these are [`CheckedBuilder`] and [`CheckedContext`]:
//! `finalize` spills, verifies, and panics with the rendered findings if a path
//! through the function goes wrong. With debug assertions off they *are*
//! Cranelift's types, so nothing is left of this crate in a release build. A
//! profile turns it on there too:
//!
//! ```toml
//! [profile.release.package.stackmap-builder]
//! debug-assertions = true
//! ```
//!
//! A compiler that wants the report instead of a panic, in any build, names
//! [`CheckedBuilder`] itself and calls [`CheckedBuilder::finalize_checked`].
//!
//! # Which values are declared
//!
//! The set of declared values is private to Cranelift's builder. It holds what
//! `declare_value_needs_stack_map` was given, what was bound to a declared
//! variable, and every block parameter that SSA construction made for such a
//! variable, in `use_var`, `seal_block` or `seal_all_blocks`. The set verified
//! against is the union of two, which are obtained independently:
//!
//! * The **shadow**: what [`CheckedBuilder`] sees by standing in front of
//!   `declare_value_needs_stack_map`, `declare_var_needs_stack_map` and `def_var`.
//!   It never holds a value that is not declared, but misses the parameters.
//! * The **probe**: the set as the spiller gets it. `finalize` hands the set to the
//!   spiller together with whatever function `func` refers to, so the builder is
//!   finalized on a function of one block, in which each value is live across one
//!   call: those that come back reloaded are the set. The function itself is then
//!   spilled by a second builder that declares just these.
//!
//! The probe is exact, if the spiller can be trusted with one block. The verdict on
//! what is declared through the wrapper needs no such trust:
//!
//! * **If the probe loses values, no bug hides.** What the shadow lacks are the
//!   parameters that SSA construction made. The arguments of such a parameter are
//!   bindings of the same variable: values in the shadow, other such parameters, or
//!   the zero that stands for a variable never defined. The verifier takes whatever
//!   receives a reference for one, so each parameter that a reference reaches is
//!   checked as if it were declared. One that only zeros reach holds no reference.
//!   (Only values declared behind the wrapper's back, through a function that takes
//!   Cranelift's builder, rest on the probe alone.)
//! * **No false alarm from a set that is too large**: neither half holds a value
//!   that is not in the builder's set. `use_var`'s result, for one, is not taken
//!   for declared: for a variable never defined it is a zero that is in no set.
//!   The builder's own set is too large by the aliases of such zeros, which the
//!   lowering leaves out.

mod builder;
mod checked;
mod context;
mod lines;
mod probe;
mod shadow;

pub use builder::CheckedBuilder;
pub use checked::{Checked, Unchecked};
pub use context::CheckedContext;
pub use stackmap_cranelift::LowerError;
pub use stackmap_report::{FunctionResult, Style, Verdict};

#[cfg(debug_assertions)]
pub use builder::CheckedBuilder as FunctionBuilder;
#[cfg(debug_assertions)]
pub use context::CheckedContext as FunctionBuilderContext;
#[cfg(not(debug_assertions))]
pub use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
