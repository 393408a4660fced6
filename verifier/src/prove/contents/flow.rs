//! The checker: decides whether the claims hold.
//!
//! Each block is walked forwards, from the claims at its start. The direction is forward, the
//! order reverse inclusion (fewer claims are weaker), top the empty set of claims; the join is
//! not computed but given, as the claims at each block's start. A **certificate** is such a set
//! for each block, and it proves the pair right if
//!
//! 1. every claim at the entry holds when the function starts;
//! 2. from the claims at a block's start, every observation and every root in it
//!    finds what it needs ([`Failure`] otherwise);
//! 3. and every claim at a successor's start holds when the edge is taken.
//!
//! By induction along any path, then, every claim is true when its block is entered, and every
//! observation and root on the path is right. That argument depends on this file,
//! [`super::edge`], the model and [`Pair`](crate::prove::pair::Pair), and not on the source of
//! the claims.
//!
//! The checker cannot prove a claim that holds on each path for a different reason, such as
//! "`l1` or `l2` holds `v`". [`super::demand`] explains where that matters.

use std::collections::HashSet;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::claims::ClaimSet;
use super::edge::Substitution;
use super::fact::{Claim, Fact, Facts};
use super::null::null_location;
use crate::Collector;
use crate::model::{Block, EdgeIndex, Location, RootList, Value};
use crate::prove::pair::{Pair, Point, Step};
use crate::prove::plain::Plain;

/// An observation or a root that is not shown to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Failure {
    /// `at` is not shown to hold `value`, fresh, where the program reads it.
    Observation {
        /// The point.
        point: Point,
        /// The value that the program means.
        value: Value,
        /// The location that it reads.
        at: Location,
    },
    /// `at` is not shown to hold a fresh reference, or null, where the collector reads it.
    Root {
        /// The point.
        point: Point,
        /// The root.
        at: Location,
    },
}

impl Failure {
    pub(crate) fn point(self) -> Point {
        match self {
            Failure::Observation { point, .. } | Failure::Root { point, .. } => point,
        }
    }
}

/// Checks claims, a block at a time.
pub(super) struct Checker<'p> {
    pair: &'p Pair<'p>,
    plain: &'p Plain,
    null: Location,
    collector: Collector,
    known: ClaimSet,
    /// The values that are known to mean null.
    nulls: HashSet<Value, FxBuildHasher>,
    substitution: Substitution,
}

impl<'p> Checker<'p> {
    pub(super) fn new(pair: &'p Pair<'p>, plain: &'p Plain, collector: Collector) -> Self {
        let (locations, values) = (pair.after().location_count(), pair.before().value_count());
        Checker {
            pair,
            plain,
            null: null_location(pair),
            collector,
            known: ClaimSet::new(locations, values),
            nulls: HashSet::default(),
            substitution: Substitution::new(locations, values),
        }
    }

    /// The claims at the entry that do not hold when the function starts.
    pub(super) fn start(&mut self, facts: &mut Facts, claims: &[Claim]) -> Vec<Claim> {
        self.enter(facts, &[]);
        for (value, at) in self.pair.entry_definitions() {
            self.define(facts, value, at);
        }
        let is_proved =
            |c: &Claim| c.at != self.null && self.implies(facts, c.at, facts.get(c.fact));
        claims.iter().copied().filter(|claim| !is_proved(claim)).collect()
    }

    /// Replaces all knowledge by these claims.
    fn enter(&mut self, facts: &Facts, claims: &[Claim]) {
        self.known.clear(facts);
        self.nulls.clear();
        for &claim in claims {
            match claim.at == self.null {
                true => self.nulls.extend(facts.get(claim.fact).values()),
                false => self.known.insert(facts, claim),
            }
        }
    }

    /// Walks one block from the claims at its start; leaves in `known` what holds
    /// at its end, for [`Checker::edge`].
    pub(super) fn block(
        &mut self,
        facts: &mut Facts,
        block: Block,
        claims: &[Claim],
        failures: &mut Vec<Failure>,
    ) {
        self.enter(facts, claims);
        for (point, step) in self.pair.steps(block) {
            match step {
                Step::Observe { value, at } => {
                    if !self.holds(facts, at, value) {
                        failures.push(Failure::Observation { point, value, at });
                    }
                }
                Step::Define { value, at } => self.define(facts, value, at),
                Step::Move { from, to } => {
                    let moved: SmallVec<[_; 2]> = self.known.at(from).into();
                    self.forget(facts, to);
                    for fact in moved {
                        self.known.insert(facts, Claim { at: to, fact });
                    }
                    // Nothing is claimed of a plain location, since its content
                    // is known; a copy of it is an ordinary location.
                    if let Some(value) = self.plain.value(from) {
                        let fact = facts.holds(value);
                        self.known.insert(facts, Claim { at: to, fact });
                    }
                }
                Step::Null { value, at } => self.make_null(facts, value, at),
                Step::Clobber { at } => self.forget(facts, at),
                Step::Safepoint { roots } => self.safepoint(facts, point, roots, failures),
            }
        }
    }

    /// The claims at the start of an edge's target that taking it does not prove.
    pub(super) fn edge(
        &mut self,
        facts: &Facts,
        block: Block,
        edge: EdgeIndex,
        claims: &[Claim],
    ) -> Vec<Claim> {
        let Some(edge) = self.pair.edge(block, edge) else { return claims.to_vec() };
        self.substitution.load(self.pair, &edge);
        let unproved = claims.iter().copied().filter(|claim| !self.proves(facts, *claim));
        let unproved = unproved.collect();
        self.substitution.unload(&edge);
        unproved
    }

    /// Whether taking the edge that is loaded proves a claim behind it.
    fn proves(&self, facts: &Facts, claim: Claim) -> bool {
        let fact = self.substitution.said(facts.get(claim.fact));
        if claim.at == self.null {
            return fact.values().iter().any(|value| self.nulls.contains(value));
        }
        let at = self.substitution.location(claim.at);
        self.implies(facts, at, &fact) || fact.values().iter().any(|&v| self.plain.holds(at, v))
    }

    /// Whether the facts known about a location imply a fact.
    fn implies(&self, facts: &Facts, at: Location, fact: &Fact) -> bool {
        let references = self.pair.references();
        let known = |wanted: &Fact| {
            self.known.facts_at(facts, at).any(|known| known.implies(wanted, references))
        };
        // Where a value means null, null will do.
        known(fact)
            || (fact.values().iter().any(|value| self.nulls.contains(value))
                && known(&fact.or_null()))
    }

    fn holds(&self, facts: &Facts, at: Location, value: Value) -> bool {
        self.plain.holds(at, value) || self.implies(facts, at, &Fact::holds(value))
    }

    /// A new instance: `value` leaves every other location, `at` := `{value}`.
    fn define(&mut self, facts: &mut Facts, value: Value, at: Location) {
        self.unname(facts, value);
        self.forget(facts, at);
        if !self.plain.holds(at, value) {
            let fact = facts.holds(value);
            self.known.insert(facts, Claim { at, fact });
        }
    }

    /// A location gets null, which is what `value` means from here on.
    fn make_null(&mut self, facts: &mut Facts, value: Option<Value>, at: Location) {
        if let Some(value) = value {
            self.unname(facts, value);
            self.nulls.insert(value);
        }
        self.forget(facts, at);
        let fact = facts.intern(Fact::null());
        self.known.insert(facts, Claim { at, fact });
    }

    /// Forgets the instance that `value` named.
    fn unname(&mut self, facts: &Facts, value: Value) {
        self.nulls.remove(&value);
        for claim in self.known.naming(facts, value) {
            self.known.remove(facts, claim);
        }
    }

    /// Forgets what a location holds, and the cells it overlaps.
    fn forget(&mut self, facts: &Facts, at: Location) {
        self.known.take(facts, at);
        for &other in self.pair.overlapping(at) {
            self.known.take(facts, other);
        }
    }

    /// At a safepoint every object moves. A root must hold a fresh reference, or null,
    /// and is updated, so that it no longer holds a number as well; every other copy of a
    /// reference becomes stale.
    fn safepoint(
        &mut self,
        facts: &mut Facts,
        point: Point,
        list: RootList,
        failures: &mut Vec<Failure>,
    ) {
        let references = self.pair.references();
        let mut roots: SmallVec<[Location; 16]> = self.pair.after().roots(list).into();
        roots.sort_unstable();
        roots.dedup();
        let reference = Fact::reference();
        let mut updated: SmallVec<[Location; 16]> = SmallVec::new();
        for &at in &roots {
            match self.known.facts_at(facts, at).any(|f| f.implies(&reference, references)) {
                true => updated.push(at),
                false => failures.push(Failure::Root { point, at }),
            }
        }
        let mut stale: SmallVec<[Claim; 16]> = SmallVec::new();
        for claim in self.known.iter() {
            let fact = facts.get(claim.fact);
            let is_root = roots.binary_search(&claim.at).is_ok();
            let good = |value: Value| match self.collector {
                Collector::Moving if updated.binary_search(&claim.at).is_ok() => {
                    self.pair.moves_with_root(value)
                }
                Collector::Moving | Collector::NonMoving if is_root => true,
                _ if !self.pair.is_movable(value) => true,
                Collector::Moving => false,
                Collector::NonMoving => roots.iter().any(|&root| self.holds(facts, root, value)),
            };
            let is_any = fact.admits_references() && !is_root;
            if is_any || !fact.values().iter().all(|&v| good(v)) {
                stale.push(claim);
            }
        }
        for claim in stale {
            self.known.remove(facts, claim);
        }
        // A root that failed was reported, and its effect on later safepoints is the same
        // defect. So from here on all roots count as checked.
        let fact = facts.intern(reference);
        for &at in &roots {
            self.known.insert(facts, Claim { at, fact });
        }
    }
}
