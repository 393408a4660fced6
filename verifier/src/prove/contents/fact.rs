//! The domain: what can be claimed about one location.
//!
//! A **fact** is a predicate on the content of a single location, on one path:
//!
//! > the content is a fresh instance of one of `values`,
//! > or else null, or else null or a fresh reference of whatever name.
//!
//! Facts are ordered by implication. There is no bottom in use (no values and nothing
//! else: nothing is that), and top, "anything at all", is the absence of a
//! fact. A **claim** is a fact about a named location.
//!
//! One location is enough. The effect of a step on a location depends on that location, or on
//! the one copied to it; so the weakest precondition of a fact about one location is again a
//! fact about one location. Nearly always it is `{v}`: "this holds `v`".

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use smallvec::{SmallVec, smallvec};

use crate::certificate::Otherwise;
use crate::model::{Location, Value};
use crate::prove::references::References;

/// A predicate on a location's content; see the module's documentation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fact {
    /// Sorted, without duplicates.
    values: SmallVec<[Value; 2]>,
    otherwise: Otherwise,
}

impl Fact {
    /// "A fresh instance of `value`."
    pub(crate) fn holds(value: Value) -> Self {
        Fact { values: smallvec![value], otherwise: Otherwise::Nothing }
    }

    /// "Null."
    pub(crate) fn null() -> Self {
        Fact { values: SmallVec::new(), otherwise: Otherwise::Null }
    }

    /// "A fresh reference, or null."
    pub(crate) fn reference() -> Self {
        Fact { values: SmallVec::new(), otherwise: Otherwise::Reference }
    }

    /// `None` if it admits nothing.
    pub(crate) fn new(mut values: SmallVec<[Value; 2]>, otherwise: Otherwise) -> Option<Self> {
        values.sort_unstable();
        values.dedup();
        let is_empty = values.is_empty() && otherwise == Otherwise::Nothing;
        (!is_empty).then_some(Fact { values, otherwise })
    }

    /// The values it admits by name.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    /// The other contents that it admits.
    pub(crate) fn otherwise(&self) -> Otherwise {
        self.otherwise
    }

    /// Whether it admits null.
    pub(crate) fn admits_null(&self) -> bool {
        self.otherwise >= Otherwise::Null
    }

    /// Whether it admits any fresh reference.
    pub(crate) fn admits_references(&self) -> bool {
        self.otherwise == Otherwise::Reference
    }

    /// Whether an instance just defined as `value` satisfies it.
    pub(crate) fn admits(&self, value: Value, references: &References) -> bool {
        self.values.contains(&value) || (self.admits_references() && references.must_be(value))
    }

    /// Whether whatever satisfies `self` satisfies `other`.
    pub(crate) fn implies(&self, other: &Fact, references: &References) -> bool {
        self.otherwise <= other.otherwise
            && self.values.iter().all(|&value| other.admits(value, references))
    }

    /// The fact less the values that `keep` drops, and with no more than `most` beside
    /// them; `None` if nothing is left.
    pub(crate) fn filtered(&self, keep: impl Fn(Value) -> bool, most: Otherwise) -> Option<Self> {
        let values = self.values.iter().copied().filter(|&v| keep(v)).collect();
        Fact::new(values, self.otherwise.min(most))
    }

    /// The same, or null.
    pub(crate) fn or_null(&self) -> Self {
        Fact { otherwise: self.otherwise.max(Otherwise::Null), ..self.clone() }
    }

    /// Returns the same fact where `value` means null, without naming `value`.
    pub(crate) fn with_null_for(&self, value: Value) -> Self {
        let values = self.values.iter().copied().filter(|&v| v != value).collect();
        Fact { values, ..self.or_null() }
    }
}

/// Names a [`Fact`] of a [`Facts`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FactId(u32);

/// The facts in use, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    facts: IndexSet<Fact, FxBuildHasher>,
    /// By value, the fact that holds of it alone: nearly all facts are one of
    /// these, and asked for at every operand.
    single: Vec<Option<FactId>>,
}

impl Facts {
    /// The fact with this name.
    pub(crate) fn get(&self, id: FactId) -> &Fact {
        &self.facts[id.0 as usize]
    }

    pub(super) fn intern(&mut self, fact: Fact) -> FactId {
        let (index, _) = self.facts.insert_full(fact);
        FactId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The fact "a fresh instance of `value`".
    pub(super) fn holds(&mut self, value: Value) -> FactId {
        if let Some(&Some(id)) = self.single.get(value.index()) {
            return id;
        }
        let id = self.intern(Fact::holds(value));
        if self.single.len() <= value.index() {
            self.single.resize(value.index() + 1, None);
        }
        self.single[value.index()] = Some(id);
        id
    }
}

/// A fact about a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Claim {
    /// The location.
    pub(crate) at: Location,
    /// The fact that is claimed of it.
    pub(crate) fact: FactId,
}
