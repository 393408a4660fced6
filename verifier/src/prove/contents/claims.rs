//! A set of claims, found by location and by value.

use smallvec::SmallVec;

use super::fact::{Claim, Fact, FactId, Facts};
use crate::model::{Location, Value};

/// The claims that hold (or are demanded) at a point. One set is used for a whole function:
/// every operation is a look-up by dense index, and clearing is linear in the size of the set.
#[derive(Clone, Debug)]
pub(super) struct ClaimSet {
    /// The claims about each location.
    at: Vec<SmallVec<[FactId; 2]>>,
    /// The locations with at least one claim, in no particular order.
    occupied: Vec<Location>,
    /// The position in `occupied` of each of these locations.
    position: Vec<u32>,
    /// For each value, a location for each claim that names it.
    naming: Vec<SmallVec<[Location; 2]>>,
}

impl ClaimSet {
    pub(super) fn new(locations: usize, values: usize) -> Self {
        ClaimSet {
            at: vec![SmallVec::new(); locations],
            occupied: Vec::new(),
            position: vec![0; locations],
            naming: vec![SmallVec::new(); values],
        }
    }

    pub(super) fn clear(&mut self, facts: &Facts) {
        for at in self.occupied.drain(..) {
            for fact in self.at[at.index()].drain(..) {
                for value in facts.get(fact).values() {
                    self.naming[value.index()].clear();
                }
            }
        }
    }

    pub(super) fn insert(&mut self, facts: &Facts, claim: Claim) {
        let claimed = &mut self.at[claim.at.index()];
        if claimed.contains(&claim.fact) {
            return;
        }
        if claimed.is_empty() {
            // A set holds fewer locations than there are ids for them.
            self.position[claim.at.index()] = u32::try_from(self.occupied.len()).unwrap_or(0);
            self.occupied.push(claim.at);
        }
        claimed.push(claim.fact);
        for value in facts.get(claim.fact).values() {
            self.naming[value.index()].push(claim.at);
        }
    }

    pub(super) fn remove(&mut self, facts: &Facts, claim: Claim) {
        let claimed = &mut self.at[claim.at.index()];
        let Some(i) = claimed.iter().position(|&fact| fact == claim.fact) else { return };
        claimed.swap_remove(i);
        if claimed.is_empty() {
            let position = self.position[claim.at.index()];
            self.occupied.swap_remove(position as usize);
            if let Some(moved) = self.occupied.get(position as usize) {
                self.position[moved.index()] = position;
            }
        }
        for value in facts.get(claim.fact).values() {
            let naming = &mut self.naming[value.index()];
            if let Some(i) = naming.iter().position(|&at| at == claim.at) {
                naming.swap_remove(i);
            }
        }
    }

    /// Removes all claims about a location.
    pub(super) fn take(&mut self, facts: &Facts, at: Location) -> SmallVec<[FactId; 2]> {
        let taken = self.at[at.index()].clone();
        for &fact in &taken {
            self.remove(facts, Claim { at, fact });
        }
        taken
    }

    /// Returns the claims about a location.
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
        self.occupied.iter().flat_map(|&at| self.at(at).iter().map(move |&fact| Claim { at, fact }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::certificate::Otherwise;

    /// Claims are added and removed, and the set always equals a plain set.
    #[test]
    fn claims_are_found_by_location_and_by_value() {
        let mut facts = Facts::default();
        let (nothing, any) = (Otherwise::Nothing, Otherwise::Reference);
        let made = [(0..1, nothing), (1..2, nothing), (0..2, nothing), (1..3, any), (0..0, any)];
        let ids = made.map(|(values, otherwise)| {
            let fact = Fact::new(values.map(Value::new).collect(), otherwise);
            facts.intern(fact.expect("it says something"))
        });
        let mut set = ClaimSet::new(3, 3);
        let mut plain: BTreeSet<Claim> = BTreeSet::new();
        let mut most = 0;
        for step in 0..2000u32 {
            let random = (step.wrapping_mul(0x9e37_79b1) >> 8) as usize;
            let claim = Claim { at: Location::new(random % 3), fact: ids[random / 3 % 5] };
            match random / 15 % 16 {
                0 => {
                    set.clear(&facts);
                    plain.clear();
                }
                1 => {
                    let taken: BTreeSet<_> = set.take(&facts, claim.at).into_iter().collect();
                    let there = plain.iter().filter(|other| other.at == claim.at);
                    assert_eq!(taken, there.map(|other| other.fact).collect());
                    plain.retain(|other| other.at != claim.at);
                }
                2..7 => {
                    set.remove(&facts, claim);
                    plain.remove(&claim);
                }
                _ => {
                    set.insert(&facts, claim);
                    plain.insert(claim);
                }
            }
            let sorted = |claims: Vec<Claim>| {
                let unique: BTreeSet<Claim> = claims.iter().copied().collect();
                assert_eq!(unique.len(), claims.len(), "each once");
                unique
            };
            assert_eq!(sorted(set.iter().collect()), plain);
            for value in (0..3).map(Value::new) {
                let names = |claim: &&Claim| facts.get(claim.fact).values().contains(&value);
                let naming: BTreeSet<Claim> = plain.iter().filter(names).copied().collect();
                assert_eq!(sorted(set.naming(&facts, value).to_vec()), naming);
            }
            most = most.max(plain.len());
        }
        assert!(most > 8, "{most}");
    }
}
