//! The verifier of one function alone, compared with the runs of the function.

mod act;
mod content;
mod draft;
pub mod faults;
pub mod generate;
mod law;
mod naive;
mod of_pair;
mod reads;
pub mod totals;

pub use draft::{BlockDraft, Draft, Instruction, Step};
pub use law::{Agreed, Shown, Verdict, compare};
pub use of_pair::spilled;
