//! What the verifier is compared with: a naive oracle that is the definition of
//! right and wrong, a generator of pairs, and the faults a spiller could make.
//!
//! All of it works on the verifier's model and uses nothing else of it, except
//! for [`law`], which holds the two against each other.

pub mod alone;
mod convert;
pub mod dice;
pub mod features;
pub mod garbage;
pub mod generate;
pub mod law;
pub mod mutate;
pub mod oracle;
mod print;
pub mod program;
pub mod rename;
pub mod shrink;
pub mod soak;
pub mod spill;
pub mod tally;
