//! The judge, over the functions of Cranelift 0.132.0.

use cranelift_codegen_0132 as codegen;
use cranelift_reader_0132 as reader;

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
