//! Renders findings as text: the lines they are about, underlined and labelled in
//! the manner of rustc, the path on which they show, notes and help.
//!
//! A finding says where it is by line and column; a [`Listing`] is the text these
//! point into. Without one, places are named by block.

mod human;

use std::sync::Arc;

pub use human::human;

/// The text that findings point into: the function after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The path shown: that of the input, or words that say what this is.
    pub path: String,
    /// The text of the function.
    pub text: Arc<str>,
    /// The line of the input on which the text begins, from 1.
    pub first_line: u32,
}

/// How to render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours, as escape sequences of a terminal.
    pub color: bool,
    /// How many blocks of a witness path to show; of a longer one, the middle is
    /// left out.
    pub max_witness: usize,
}

impl Default for Style {
    /// No colours, and the whole path.
    fn default() -> Style {
        Style { color: false, max_witness: usize::MAX }
    }
}
