//! The two programs in lockstep.
//!
//! All statements of the verifier are about executions of the two programs along one path of
//! the after program's control-flow graph. A [`Pair`] is the proof that such a lockstep exists:
//! its constructor checks that each block of *after* performs exactly the operations of the
//! counterpart in *before*, in order, and that each edge of *after*, split-edge blocks
//! included, is an edge of *before*. From there on the two can be read as one program of
//! [`Step`]s.

mod access;
mod activity;
mod align;
mod expected;
pub(crate) mod lockstep;
mod not_a_pair;
mod overlap;
mod slots;
mod ssa;
mod step;
mod validate;

use std::ops::Deref;
use std::sync::OnceLock;

use crate::model::{After, Before, Value};
use crate::prove::nulls::Nulls;
use crate::prove::references::References;
pub(crate) use access::{Misplaced, misplaced};
pub(crate) use align::{Difference, difference, only_moves};
pub use expected::{Declared, Expected};
pub use lockstep::Lockstep;
pub use not_a_pair::NotAPair;
pub(crate) use overlap::Overlaps;
use slots::Trouble;
pub use step::{PairEdge, Point, Step};
pub(crate) use validate::after as validate_after;

/// The two programs in lockstep, and which values are references.
#[derive(Debug)]
pub struct Pair<'a> {
    lockstep: Lockstep<'a>,
    references: References,
    nulls: OnceLock<Nulls>,
    /// The values that are expected to be references and were not declared, in id order.
    undeclared: Vec<&'a Expected>,
}

impl<'a> Deref for Pair<'a> {
    type Target = Lockstep<'a>;

    fn deref(&self) -> &Lockstep<'a> {
        &self.lockstep
    }
}

impl<'a> Pair<'a> {
    /// Checks that `after` performs `before`, and puts the two together.
    ///
    /// # Errors
    ///
    /// [`NotAPair::Unsupported`] if a program is malformed; else [`NotAPair::Wrong`] if the two
    /// diverge, a split-edge block is on several edges, or the spiller makes an access that it
    /// must not; else [`NotAPair::Unsupported`] if the address of a slot that matters escapes.
    ///
    /// Cost: linear in the size of both programs.
    pub fn new(before: &'a Before, declared: &[Value], after: &'a After) -> Result<Self, NotAPair> {
        Pair::expecting(before, Declared { values: declared, expected: &[] }, after)
    }

    /// [`Pair::new`], with values that count as declared although they were not.
    ///
    /// # Errors
    ///
    /// As [`Pair::new`].
    pub fn expecting(
        before: &'a Before,
        declared: Declared<'_, 'a>,
        after: &'a After,
    ) -> Result<Self, NotAPair> {
        let lockstep = Lockstep::new(before, declared.all(), after)?;
        match lockstep.check_slots() {
            Ok(()) => {}
            Err(Trouble::Misplaced) => return Err(NotAPair::Wrong),
            Err(Trouble::Unknown(reason)) => return Err(reason.into()),
        }
        let nulls = OnceLock::new();
        let references = References::new(&lockstep, &nulls);
        let undeclared = declared.undeclared();
        Ok(Pair { lockstep, references, nulls, undeclared })
    }

    /// Returns the set of values that are references.
    pub fn references(&self) -> &References {
        &self.references
    }

    /// Returns why a value that nobody declared is a reference, if it is expected to be one.
    pub(crate) fn expectation(&self, value: Value) -> Option<&'a Expected> {
        let position = self.undeclared.binary_search_by_key(&value, |expected| expected.value);
        position.ok().map(|position| self.undeclared[position])
    }

    /// Returns the values that are expected to be references and were not declared, in id order.
    pub(crate) fn undeclared(&self) -> &[&'a Expected] {
        &self.undeclared
    }

    /// Returns the sets of null values, computed when they are first asked for.
    pub(crate) fn nulls(&self) -> &Nulls {
        self.nulls.get_or_init(|| Nulls::new(&self.lockstep))
    }

    /// Whether the value is a reference other than null on some path, so that a copy of it
    /// can go stale.
    pub(crate) fn is_movable(&self, value: Value) -> bool {
        self.references.may_be(value) && !self.nulls().is_always(value)
    }

    /// Whether a root that holds the value still does once a collector that moves objects has
    /// updated it: the value is a reference, or null, on every path. If it is a number on some,
    /// the collector changes the word there, if the root also holds a reference.
    pub(crate) fn moves_with_root(&self, value: Value) -> bool {
        self.references.must_be(value) || self.nulls().is_always(value)
    }
}
