//! The facts known about each location at a point of the walk.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

use super::{Fact, Otherwise, Reference};
use crate::Collector;
use crate::model::{Location, Value};

/// The values that may be references, each with its position in the certificate's list and its
/// entry there.
pub(super) type References = FxHashMap<Value, (usize, Reference)>;

/// Whether the value is a reference, or null, on every path.
pub(super) fn is_always(references: &References, value: Value) -> bool {
    references.get(&value).is_some_and(|(_, listed)| listed.always)
}

/// "A fresh reference, or null."
pub(super) fn reference() -> Fact {
    Fact { values: SmallVec::new(), otherwise: Otherwise::Reference }
}

/// "A fresh instance of this value."
pub(super) fn holds(value: Value) -> Fact {
    Fact { values: smallvec![value], otherwise: Otherwise::Nothing }
}

/// The facts known at a point of the walk. The end of a fact is recorded at the values it
/// names, and not at each fact that names them: so a definition costs one step, and a safepoint
/// one for each root. Nothing is known about a location that was never written or does not
/// exist.
#[derive(Debug, Default)]
pub(super) struct State {
    now: u64,
    /// The facts known about each location, with the time at which each became known.
    known: FxHashMap<Location, SmallVec<[(Fact, u64); 1]>>,
    /// The values that mean null.
    nulls: FxHashSet<Value>,
    /// The time at which each value was last defined.
    defined: FxHashMap<Value, u64>,
    /// The time at which the collector last ran.
    safepoint: u64,
    /// Values, as `(lost, kept)`, that some root held at each safepoint after `lost` up
    /// to and including `kept`.
    kept: FxHashMap<Value, (u64, u64)>,
}

impl State {
    /// Adds a fact without proof.
    pub(super) fn know(&mut self, at: Location, fact: Fact) {
        self.known.entry(at).or_default().push((fact, self.now));
    }

    /// Adds the fact that a value means null, without proof.
    pub(super) fn know_null(&mut self, value: Value) {
        self.nulls.insert(value);
    }

    /// Whether a value is known to mean null.
    pub(super) fn is_null(&self, value: Value) -> bool {
        self.nulls.contains(&value)
    }

    /// Returns the facts about a location that still hold.
    fn facts<'s>(&'s self, refs: &'s References, at: Location) -> impl Iterator<Item = &'s Fact> {
        let holds = |(fact, since): &(Fact, u64)| {
            let defined = |value| self.defined.get(value).copied().unwrap_or(0);
            let ended = |value| defined(value).max(self.stale(refs, *value));
            fact.values.iter().all(|value| *since >= ended(value))
                && (fact.otherwise != Otherwise::Reference || *since >= self.safepoint)
        };
        let known = self.known.get(&at).into_iter().flatten();
        known.filter(move |known| holds(known)).map(|(fact, _)| fact)
    }

    /// Describes the facts known about a location.
    pub(super) fn described(&self, references: &References, at: Location) -> String {
        let facts: Vec<String> = self.facts(references, at).map(Fact::to_string).collect();
        if facts.is_empty() { "nothing known".to_owned() } else { facts.join(" and ") }
    }

    /// Returns the time at which copies of a value outside the roots last became stale, or 0 if
    /// the value is not a reference.
    fn stale(&self, references: &References, value: Value) -> u64 {
        match self.kept.get(&value) {
            _ if !references.contains_key(&value) => 0,
            Some(&(lost, kept)) if kept == self.safepoint => lost,
            Some(_) | None => self.safepoint,
        }
    }

    /// Whether the facts known about a location imply the given fact.
    pub(super) fn proves(&self, references: &References, at: Location, wanted: &Fact) -> bool {
        // Null is the same instance under any name.
        let is_null = wanted.values.iter().any(|&value| self.is_null(value));
        let otherwise =
            if is_null { wanted.otherwise.max(Otherwise::Null) } else { wanted.otherwise };
        let admits = |value: &Value| {
            let is_reference = otherwise == Otherwise::Reference && is_always(references, *value);
            is_reference || wanted.values.contains(value)
        };
        let implies = |fact: &Fact| fact.otherwise <= otherwise && fact.values.iter().all(admits);
        self.facts(references, at).any(implies)
    }

    /// I3: something unknown is written to a location.
    pub(super) fn clobber(&mut self, at: Location) {
        self.known.remove(&at);
    }

    /// I1: a value has a new instance, in `at` alone; no name is left for the old one.
    pub(super) fn define(&mut self, value: Value, at: Location) {
        self.rename(value);
        self.nulls.remove(&value);
        self.clobber(at);
        self.know(at, holds(value));
    }

    /// I5: a value means null, which is written to `at`; or that alone.
    pub(super) fn null(&mut self, value: Option<Value>, at: Location) {
        value.into_iter().for_each(|value| self.rename(value));
        self.nulls.extend(value);
        self.clobber(at);
        self.know(at, Fact { values: SmallVec::new(), otherwise: Otherwise::Null });
    }

    /// Facts known about a value do not apply to its next instance.
    fn rename(&mut self, value: Value) {
        self.now += 1;
        self.defined.insert(value, self.now);
    }

    /// I2: what is known of `from`, for a location it is copied to.
    pub(super) fn copied(&self, references: &References, from: Location) -> Vec<Fact> {
        self.facts(references, from).cloned().collect()
    }

    /// I4: the collector runs. The roots, which hold fresh references or null, are updated; of
    /// every other copy of a reference nothing is known any more. A collector that moves objects
    /// may have changed the word in a root, so what is known of a root's content stays only if it
    /// is about values that are always references or null. One that does not move objects leaves
    /// those copies good that some root holds too.
    pub(super) fn collect(&mut self, refs: &References, roots: &[Location], collector: Collector) {
        let updated: Vec<_> = roots.iter().map(|&root| (root, self.copied(refs, root))).collect();
        let facts = updated.iter().flat_map(|(_, facts)| facts);
        let named =
            facts.filter(|fact| fact.otherwise == Otherwise::Nothing && fact.values.len() == 1);
        let held = named.map(|fact| (fact.values[0], self.stale(refs, fact.values[0])));
        let held: Vec<(Value, u64)> = held.collect();
        self.now += 1;
        self.safepoint = self.now;
        if collector == Collector::NonMoving {
            self.kept.extend(held.into_iter().map(|(value, lost)| (value, (lost, self.now))));
        }
        let stays = |fact: &Fact| match collector {
            Collector::Moving => fact.values.iter().all(|&value| is_always(refs, value)),
            Collector::NonMoving => true,
        };
        for (root, facts) in updated {
            self.clobber(root);
            let named = facts.into_iter().filter(|fact| *fact != reference() && stays(fact));
            named.chain([reference()]).for_each(|fact| self.know(root, fact));
        }
    }
}
