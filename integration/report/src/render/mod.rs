//! Output formats, one per file.

#[cfg(feature = "formats")]
mod adapters;
#[cfg(feature = "formats")]
mod formats;
#[cfg(feature = "formats")]
mod github;
#[cfg(feature = "formats")]
mod human;
#[cfg(feature = "formats")]
mod json;
#[cfg(feature = "formats")]
mod junit;
#[cfg(feature = "formats")]
mod places;
#[cfg(feature = "formats")]
mod renderer;
#[cfg(feature = "formats")]
mod sarif;
#[cfg(feature = "formats")]
mod short;
mod snippet;
#[cfg(feature = "formats")]
mod words;

#[cfg(feature = "formats")]
pub use formats::{github, human, json, junit, sarif, short};
#[cfg(feature = "formats")]
pub use renderer::Render;
pub use snippet::Style;
#[cfg(feature = "formats")]
pub use words::sums;
