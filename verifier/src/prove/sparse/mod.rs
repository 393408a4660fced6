//! The fast way: contents by name.
//!
//! Nearly every pair is right, and in a right pair nearly every location holds,
//! wherever it is written, one value with one name. So instead of asking what holds
//! at the start of each block ([`crate::prove::contents`], which takes blocks times slots
//! where many slots stay live), this follows contents along the dominator tree,
//! from where they are written to where they are read, and looks at nothing in
//! between. It answers "verified" or nothing: what it cannot prove is left to the
//! other solver, which decides.
//!
//! # Domain
//!
//! The **content** of a location at a point is a name for what it holds on every
//! path to that point:
//!
//! * `v`, the current instance of a before value;
//! * null, which is what any null constant means and is always fresh;
//! * `merge(l, B)`, whatever location `l` held when block `B` was last entered;
//! * nothing that is known.
//!
//! With it goes an **epoch**: since when the content is known to be fresh. A new epoch begins
//! at each safepoint and wherever paths with different safepoints meet.
//!
//! # Transfer, along the dominator tree
//!
//! * define `v` at `l`: `l` holds `v`, from now.
//! * null at `l`: `l` holds null.
//! * move: the destination holds what the source holds.
//! * safepoint: each root must hold null or a reference, fresh since the last safepoint; its epoch
//!   becomes now. Nothing is done to any other location: it is stale because its
//!   epoch is before the safepoint's.
//! * clobber: nothing is known.
//! * a parameter `p` assigned together with an after parameter: the location holds
//!   `p`, provided that on each edge the argument holds what *before* passes.
//! * a block keeps what its immediate dominator left, unless it is a **join**: a
//!   block where two histories meet, of which one wrote to storage or ran the
//!   collector since ([`joins`], the places where SSA construction would put a
//!   parameter for "the memory"). There a location that is read holds
//!   `merge(l, B)`.
//!
//! A merge is given a name when something needs it to hold `v`, and then each edge
//! into its block must bring `v`, read back over the edge ([`resolve`]). That is
//! assumed first and checked after the walk.
//!
//! # Why "verified" is true
//!
//! Claim: on every path, when a point is reached at which `l` has content `v` in the
//! walk, `l` holds the current instance of `v`, and if `v` is movable and the epoch
//! is not before the last safepoint, a fresh one. By induction on the path. Between a
//! block's immediate dominator and the block there is no write to storage and no
//! safepoint on any path if the block is no join, and none of these dominates it if
//! it is one; so what is kept at a non-join is unchanged, and at a join nothing is
//! kept. An SSA value of *after* is written once (a second write ends the attempt),
//! and read only where its definition dominates. The name stays right: `v` enters
//! the walk at its definition, so a location with content `v` was written where `v`'s
//! definition dominates, and a path back to that definition comes by the write again
//! before it comes here. A merge may be named `v` only if `v` is defined above its
//! block, or is a parameter of it.
//!
//! Everything asked is what the moving collector asks. A pair that is right under it
//! is right under a non-moving one: fewer copies go stale.
//!
//! Cost: linear in instructions, roots, and (location, join) pairs at which the
//! location is needed.

mod joins;
mod last_writes;
mod merges;
mod resolve;
mod state;
mod walk;

use crate::prove::pair::Pair;
use crate::report::Stats;
use walk::Walk;

/// Proves that a pair is right and that no stack map lists a location twice, if that can be
/// done without solving for the contents of every block. `None` says nothing about the pair.
pub(crate) fn prove(pair: &Pair<'_>) -> Option<Stats> {
    if !pair.is_simple() {
        return None;
    }
    let mut walk = Walk::new(pair);
    walk.run().ok()?;
    walk.resolve().ok()?;
    Some(walk.stats())
}
