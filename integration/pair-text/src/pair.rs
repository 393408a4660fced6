//! What a function's text says.

use stackmap_verifier::Collector;
use stackmap_verifier::model::{After, Before, Value};

/// A pair that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The function's name.
    pub name: String,
    /// The collector with which the function runs, if the text says so.
    pub collector: Option<Collector>,
    /// The declared values.
    pub declared: Vec<Value>,
    /// The function before. Its positions are lines of the file.
    pub before: Before,
    /// The function after. Its positions are lines of the file.
    pub after: After,
}
