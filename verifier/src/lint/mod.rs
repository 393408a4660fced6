//! What is not wrong on any path, but not as it should be: the warnings, and the evidence
//! that the function after spilling gives alone.

pub mod after_only;
mod sm101;

pub(crate) use sm101::dead_roots;
