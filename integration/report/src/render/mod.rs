//! Output formats, one per file.

mod adapters;
mod formats;
mod github;
mod human;
mod json;
mod junit;
mod places;
mod renderer;
mod sarif;
mod short;
mod words;

pub use formats::{github, human, json, junit, quiet, sarif, short};
pub use renderer::Render;
pub use words::sums;
