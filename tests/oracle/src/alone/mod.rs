//! One function alone: what the verifier says of it, and what some run shows.

pub mod generate;
mod law;
mod naive;
mod reads;

pub use law::{Shown, compare};
