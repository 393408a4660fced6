//! Proves that GC stack maps, and the spills and reloads around them, are right.

pub mod cfg;
mod contents;
mod explain;
pub mod findings;
pub mod liveness;
pub mod model;
mod options;
pub mod pair;
mod plain;
pub mod references;
mod sweep;
mod unsupported;
pub use contents::{Certificate, Claim, Fact, FactId, Facts};
pub use options::{Collector, Options};
pub use unsupported::Unsupported;

mod report;
mod verify;
pub use report::{Outcome, Report, Stats};
pub use verify::verify;
