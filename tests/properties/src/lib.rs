//! The properties that must hold of any bytes.
//!
//! Each function takes a fuzzer's bytes and panics if a property does not hold of them. The
//! fuzz targets, which are a workspace of their own, call these functions; the tests here call
//! them with every input that ever made one panic.

mod after_only;
pub mod interleaved;
mod log;
mod models;
mod pair_text;
mod pairs;
mod reader;
mod text;
mod verdict;

pub use after_only::after_only;
pub use interleaved::interleaved;
pub use log::log;
pub use models::models;
pub use pair_text::pair_text;
pub use pairs::{mutants, pairs};
pub use text::text;
pub use verdict::{COLLECTORS, verdict};

/// A property, and the name of the fuzz target that searches for bytes that violate it.
pub type Property = (&'static str, fn(&[u8]));

/// All properties.
pub const ALL: &[Property] = &[
    ("text", text),
    ("log", log),
    ("interleaved", interleaved),
    ("pairs", pairs),
    ("mutants", mutants),
    ("models", models),
    ("pair_text", pair_text),
    ("after_only", after_only),
];
