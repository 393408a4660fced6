//! Machine code as an analysis sees it, whatever the instruction set.
//!
//! | module | what |
//! |---|---|
//! | `instruction` | what one instruction does |
//! | `decoder` | the trait of decoders |
//! | `decoders` | the instruction sets for which there is one |
//! | `x64`, `pulley` | the decoders for x86-64, and for Pulley |
//! | `graph` | the basic blocks of a function |
//! | `value`, `state` | which frame addresses registers and frame cells hold |
//! | `step`, `flow` | how instructions change that, over the whole function |
//! | `contents`, `copies` | which results of instructions registers and frame cells hold |

mod contents;
mod copies;
mod decoder;
mod decoders;
mod flow;
mod graph;
mod instruction;
mod pulley;
mod state;
mod step;
mod value;
mod x64;

pub(crate) use contents::{Content, Origin, Place};
pub(crate) use copies::Copies;
pub(crate) use decoder::Decoder;
pub(crate) use decoders::decoder;
pub(crate) use flow::{Flow, Touch, flow};
pub(crate) use graph::Graph;
pub(crate) use instruction::{Address, Control, Direction, Instruction, Operand, Register};
pub(crate) use value::Value;
