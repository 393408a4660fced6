//! Faults in the instructions of emitted code, and in functions before they are lowered.

mod bytes;
mod decoded;
mod lowered;
mod score;

pub use score::{Score, scores, KINDS};
