//! Reading a claim about a block's start back over an edge that enters it.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::fact::{Claim, Fact, Facts};
use crate::model::{Location, Value};
use crate::prove::pair::{Pair, PairEdge};

/// The parallel assignment of one edge, prepared for look-ups. One instance is used for a whole
/// function.
///
/// Edge: parameters are assigned in parallel; a location that holds the argument
/// also holds the parameter. So, read backwards, a claim about an after
/// parameter is one about its argument, and one that names a before parameter
/// names its argument.
///
/// A declared parameter that receives a number makes it a reference from there on. So a demand
/// for "a reference" after the edge is satisfied by that argument before it.
#[derive(Clone, Debug)]
pub(crate) struct Substitution {
    location: Vec<Option<Location>>,
    value: Vec<Option<Value>>,
    /// The arguments that the edge makes into references.
    converted: SmallVec<[Value; 2]>,
}

impl Substitution {
    pub(crate) fn new(locations: usize, values: usize) -> Self {
        Substitution {
            // One more, that no edge assigns: null's.
            location: vec![None; locations + 1],
            value: vec![None; values],
            converted: SmallVec::new(),
        }
    }

    pub(crate) fn load(&mut self, pair: &Pair<'_>, edge: &PairEdge<'_>) {
        for (param, &argument) in edge.after_params.iter().zip(edge.after_args) {
            self.location[param.index()] = Some(argument);
        }
        for (&param, &argument) in edge.before_params.iter().zip(edge.before_args) {
            self.value[param.index()] = Some(argument);
            let is_reference = pair.references().must_be(argument)
                || pair.null_constants().contains(argument.index());
            if pair.is_declared(param) && !is_reference {
                self.converted.push(argument);
            }
        }
    }

    pub(crate) fn unload(&mut self, edge: &PairEdge<'_>) {
        edge.after_params.iter().for_each(|param| self.location[param.index()] = None);
        edge.before_params.iter().for_each(|param| self.value[param.index()] = None);
        self.converted.clear();
    }

    pub(super) fn value(&self, value: Value) -> Value {
        self.value[value.index()].unwrap_or(value)
    }

    pub(super) fn location(&self, at: Location) -> Location {
        self.location[at.index()].unwrap_or(at)
    }

    /// Whether the fact reads the same before the edge.
    fn is_same(&self, fact: &Fact) -> bool {
        fact.values().iter().all(|v| self.value[v.index()].is_none())
            && (!fact.admits_references() || self.converted.is_empty())
    }

    fn fact(&self, fact: &Fact) -> Option<Fact> {
        let mut values: SmallVec<[Value; 2]> =
            fact.values().iter().map(|&v| self.value(v)).collect();
        if fact.admits_references() {
            values.extend_from_slice(&self.converted);
        }
        Fact::new(values, fact.otherwise())
    }

    /// Returns the location and the fact that must hold before the edge for a fact about a
    /// location to hold after it.
    pub(crate) fn read_back(&self, at: Location, fact: &Fact) -> (Location, Fact) {
        (self.location(at), self.fact(fact).unwrap_or_else(|| fact.clone()))
    }

    /// The claim that must hold before the edge for `claim` to hold behind it.
    pub(super) fn before(&self, facts: &mut Facts, claim: Claim) -> Claim {
        let at = self.location(claim.at);
        let fact = facts.get(claim.fact);
        if self.is_same(fact) {
            return Claim { at, fact: claim.fact };
        }
        let fact = self.fact(fact).map_or(claim.fact, |fact| facts.intern(fact));
        Claim { at, fact }
    }

    /// Returns a fact, read back before the edge.
    pub(super) fn said<'f>(&self, fact: &'f Fact) -> Cow<'f, Fact> {
        let read_back = if self.is_same(fact) { None } else { self.fact(fact) };
        read_back.map_or(Cow::Borrowed(fact), Cow::Owned)
    }
}
