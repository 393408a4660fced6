//! Faults in the instructions of emitted code, and in functions before they are lowered.

mod bytes;
pub mod decoded;
mod effects;
mod fault;
mod harmless;
mod lowered;
mod page;
mod place;
mod pulley;
mod score;

pub use fault::{Faulty, KINDS, Kind};
pub use page::page;
pub use score::{SETS, Score, Scores, scores};
