//! The changes that make a case smaller. Each keeps a case well-formed: values are defined where
//! they are read, calls pass what signatures say, and edges what blocks take.

mod blocks;
mod calls;
mod edges;
mod entities;
mod inserted;
mod names;
mod params;
mod rows;
mod signatures;
mod slots;

pub(crate) use blocks::{merge, thread};
pub(crate) use calls::{direct, plain_calls, tail_calls};
pub(crate) use edges::{blocks, single_edges};
pub(crate) use entities::{callees, declarations, plain_returns};
pub(crate) use inserted::{entries, insertions};
pub(crate) use names::{decoration, renumbered};
pub(crate) use params::{block_params, entry_params, unify};
pub(crate) use rows::{rows, rows_with_results};
pub(crate) use signatures::{returns, signatures};
pub(crate) use slots::{declared, slots};
