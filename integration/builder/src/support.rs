//! What the adapter is made of and no version of Cranelift changes. Not part of the interface.

pub use stackmap_clif as clif;
pub use stackmap_clif::lower::{AfterOnlyFunction, Comparison, LowerError};
pub use stackmap_report::{FunctionResult, Style, Verdict};
pub use stackmap_verifier as verifier;
pub use stackmap_verifier::{Options, Report};

pub use crate::unchecked::Unchecked;
pub use crate::verified::{Verified, note_undecided, render};
