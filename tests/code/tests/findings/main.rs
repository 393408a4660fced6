//! Each finding: tables on which it fires, and near misses on which it does not.

mod cold;
mod copies;
mod fires;
mod hostile;
mod instructions;
mod pulley;
mod simulated;
mod snapshots;
mod subject;
mod unsupported;
