//! The judge, over the functions of Cranelift 0.135.8.

use cranelift_codegen as codegen;
use cranelift_reader as reader;

#[path = "../common/align.rs"]
mod align;
#[path = "../common/compare.rs"]
mod compare;
#[path = "../common/declarations.rs"]
mod declarations;
#[path = "../common/edges.rs"]
mod edges;
#[path = "../common/flags.rs"]
mod flags;
#[path = "../common/inserted.rs"]
mod inserted;
#[path = "../common/judge.rs"]
mod judge;
#[path = "../common/model.rs"]
mod model;
#[path = "../common/operands.rs"]
mod operands;
mod particular;
#[path = "../common/split_edge.rs"]
mod split_edge;

pub(crate) use judge::{judge, read};
