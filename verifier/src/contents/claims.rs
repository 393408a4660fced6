//! A set of claims, found by location and by value.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::fact::{Claim, Fact, FactId, Facts};
use crate::model::{Location, Value};

/// The claims that hold (or are wanted) at a point. One set serves a whole
/// function: clearing costs as much as was inserted.
#[derive(Clone, Debug)]
pub(super) struct ClaimSet {
    members: IndexSet<Claim, FxBuildHasher>,
    at: Vec<SmallVec<[FactId; 2]>>,
    naming: Vec<SmallVec<[Location; 2]>>,
}

impl ClaimSet {
    pub(super) fn new(locations: usize, values: usize) -> Self {
        ClaimSet {
            members: IndexSet::default(),
            at: vec![SmallVec::new(); locations],
            naming: vec![SmallVec::new(); values],
        }
    }

    pub(super) fn clear(&mut self, facts: &Facts) {
        for claim in self.members.drain(..) {
            self.at[claim.at.index()].clear();
            for value in facts.get(claim.fact).values() {
                self.naming[value.index()].clear();
            }
        }
    }

    pub(super) fn insert(&mut self, facts: &Facts, claim: Claim) {
        if self.members.insert(claim) {
            self.at[claim.at.index()].push(claim.fact);
            for value in facts.get(claim.fact).values() {
                self.naming[value.index()].push(claim.at);
            }
        }
    }

    pub(super) fn remove(&mut self, facts: &Facts, claim: Claim) {
        if self.members.swap_remove(&claim) {
            self.at[claim.at.index()].retain(|fact| *fact != claim.fact);
            for value in facts.get(claim.fact).values() {
                let naming = &mut self.naming[value.index()];
                if let Some(i) = naming.iter().position(|&at| at == claim.at) {
                    naming.swap_remove(i);
                }
            }
        }
    }

    /// Takes out everything claimed of a location.
    pub(super) fn take(&mut self, facts: &Facts, at: Location) -> SmallVec<[FactId; 2]> {
        let taken = self.at[at.index()].clone();
        for &fact in &taken {
            self.remove(facts, Claim { at, fact });
        }
        taken
    }

    /// What is claimed of a location.
    pub(super) fn at(&self, at: Location) -> &[FactId] {
        &self.at[at.index()]
    }

    /// The facts claimed of a location.
    pub(super) fn facts_at<'f>(
        &'f self,
        facts: &'f Facts,
        at: Location,
    ) -> impl Iterator<Item = &'f Fact> {
        self.at(at).iter().map(|&id| facts.get(id))
    }

    /// The claims that name a value.
    pub(super) fn naming(&self, facts: &Facts, value: Value) -> SmallVec<[Claim; 4]> {
        let mut claims = SmallVec::new();
        for &at in &self.naming[value.index()] {
            for &fact in self.at(at) {
                let claim = Claim { at, fact };
                // A location stands here once for each fact that names the value.
                if facts.get(fact).values().contains(&value) && !claims.contains(&claim) {
                    claims.push(claim);
                }
            }
        }
        claims
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Claim> + '_ {
        self.members.iter().copied()
    }
}
