//! Pairs as text: what a compiler in any language prints of a function before and after its
//! spiller or register allocator, so that the two can be verified. `docs/pairs.md` describes the
//! form.
//!
//! [`functions`] splits a file, [`FunctionText::read`] reads one pair, and [`write()`] writes one.
//!
//! ```
//! use stackmap_verifier::{Options, Outcome, verify};
//!
//! let text = "stackmap-pair 1
//! function f
//! declared v0
//! before
//! block entry
//!   plain -> v0
//!   safepoint
//!   plain v0
//!   leave
//! after
//! slot home 8 spiller
//! block entry for entry
//!   performs; define 0 %rax
//!   inserted; move %rax -> [home]
//!   performs; clobber %rax; safepoint [home]
//!   performs; use 0 [home]
//!   leave
//! end
//! ";
//! for function in stackmap_pair_text::functions(text)? {
//!     let pair = function?.read()?;
//!     let report = verify(&pair.before, &pair.declared, &pair.after, &Options::default());
//!     assert_eq!(report.outcome, Outcome::Verified);
//! }
//! # Ok::<(), stackmap_pair_text::ReadError>(())
//! ```

mod after;
mod before;
mod block;
mod error;
mod file;
mod function;
mod line;
mod lines;
mod name;
mod pair;
mod places;
mod tables;
mod token;
mod write;

pub use error::{Problem, ReadError};
pub use file::{FunctionText, Functions, HEADER, NAME, functions};
pub use pair::Pair;
pub use write::write;
