//! Faults in the instructions of emitted code, and in functions before they are lowered.

mod bytes;
pub mod decoded;
mod effects;
mod harmless;
mod lowered;
mod page;
mod score;

pub use page::page;
pub use score::{KINDS, Kind, Score, Scores, scores};
