//! Each finding: tables on which it fires, and near misses on which it does not.

mod fires;
mod hostile;
mod simulated;
mod snapshots;
mod subject;
mod unsupported;
