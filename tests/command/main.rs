//! What users run and read.

mod bad_input;
mod explain;
mod findings;
mod historical;
mod options;
mod snapshot;
