//! Makes a function that a spiller gets wrong as small as it can be.
//!
//! A [`Case`] is a function before spilling and the function after it, taken apart: each
//! instruction of the one stands beside the instruction of the other that does the same. It is made
//! smaller by changes that both take alike, and an [`Oracle`] says of each candidate what still goes
//! wrong. Two oracles are usual:
//!
//! * [`Verifier`] verifies the pair. It needs no spiller, so it works on what any version wrote.
//! * One that runs a spiller on the function before: the result then is a function that the spiller
//!   itself gets wrong.
//!
//! Nothing here depends on a version of Cranelift: text is read, and text is written.

mod align;
mod case;
mod comment;
mod document;
mod insertions;
mod oracle;
mod passes;
mod read;
mod reduce;
mod scan;
mod search;
mod sides;
mod signature;
mod spills;
mod statement;
mod test_source;
mod write;

pub use case::Case;
pub use document::Provenance;
pub use oracle::{Answer, Oracle, Verifier};
pub use read::{Source, Unreadable};
pub use reduce::{NotFound, Reduced, reduce};
pub use search::Progress;
