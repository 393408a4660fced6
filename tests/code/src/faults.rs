//! Faults in the tables of emitted code, and whether they matter.

mod kind;
mod meaning;

pub use kind::{KINDS, Kind};
pub use meaning::{changed_calls, means_the_same};
