//! Proves that what a register allocator made of a function, and the stack maps
//! that a compiler made of that, are right.
//!
//! # What is proved
//!
//! The **before** program is the [`regalloc2::Function`], read as SSA over
//! vregs. The **after** program is the same instructions in the same blocks,
//! with each operand in the allocation that the [`regalloc2::Output`] gives it,
//! and with the output's edits as moves in between. The roots of each safepoint
//! are what the compiler put in its stack map. Along every path of the
//! control-flow graph, then,
//!
//! 1. every use operand reads the instance that its vreg names there;
//! 2. if that is a reference, the copy it reads is *fresh*: no safepoint has run
//!    since that did not list the place it was in;
//! 3. every root that the collector reads is written, is a reference, and is
//!    fresh.
//!
//! Of regalloc2 only the input and the output are read. Its liveness, its
//! analyses and its checker are not used, nor is the compiler's idea of which
//! references are live where.
//!
//! # How the two are read
//!
//! | regalloc2 | the model |
//! |---|---|
//! | vreg | value |
//! | block parameter | value, bound by the edges; it has no place of its own |
//! | branch argument | edge argument: a copy, not a use |
//! | register | [`LocationKind::Register`](stackmap_verifier::model::LocationKind), `p3i` |
//! | spill slot | cells of a slot, `stack4`, one for each class; those of wide classes overlap their neighbours |
//! | fixed stack slot | a slot of its own, `p33i` |
//! | edit | an instruction of the allocator's own, which moves |
//! | instruction | one that performs the operation; `instruction.rs` says in which order |
//! | clobber | an overwriting with something unknown, before the collector runs |
//!
//! Edits assign what edges pass: they are ordinary moves before the branch (or
//! at the start of a block with one predecessor), and on the edge itself every
//! place that holds the argument holds the parameter from there on. Nothing is
//! left to do for the verifier, and nothing to believe of the allocator.
//!
//! # What is not checked
//!
//! Whether an allocation satisfies its operand's constraint: that a fixed
//! register is that register, that a register operand is no stack slot, that a
//! reusing def has the reused input's register. That is what
//! [`regalloc2::checker`] is for. A constraint that is broken so that a wrong
//! value is read shows here too.
//!
//! # Use
//!
//! [`verify`] takes an [`Input`] and answers with the core's
//! [`Report`]; [`to_model`] stops before that, and
//! its [`Model`] can name the places findings speak of, as [`Model::render`]
//! does.

mod after;
mod before;
mod blocks;
mod classes;
mod error;
mod input;
mod instruction;
mod locations;
mod model;
mod output;
mod place;
mod render;
mod roles;
mod safepoints;
mod text;

pub use error::{AllocationProblem, Error};
pub use input::{Input, Root, Safepoint};
pub use model::{Model, to_model};
pub use place::Place;
pub use render::Rendered;

use regalloc2::Function;
use stackmap_verifier::{Options, Report};

/// Verifies an allocation and its stack maps.
///
/// # Errors
///
/// [`Error`] if the input makes no sense: an output that is not of this
/// function, a safepoint that is not there. Nothing is known then. No output
/// makes it panic; the function must be one that regalloc2 accepts.
///
/// Cost: linear in operands, edits and stack map entries, as
/// [`stackmap_verifier::verify`] is.
pub fn verify<F: Function>(input: &Input<'_, F>, options: &Options) -> Result<Report, Error> {
    Ok(to_model(input)?.verify(options))
}
