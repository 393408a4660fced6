//! Locations that trivially hold one value.
//!
//! Most operands are SSA values that the spiller did not touch: *after* reads
//! `v7` where *before* means `v7`. For these there is nothing to analyse. A
//! location is **plain** for a value if, whenever the value is defined, the
//! location is written with it, and nothing else ever writes the location. Then,
//! by induction along any path, the location holds the value wherever the value
//! is defined. Freshness does not come into it: a value that may be a reference
//! has no plain location in a function with a safepoint.
//!
//! For parameters the induction runs through the edges: `P` is plain for `p` if
//! every edge that passes `a` to `p` passes to `P` a location plain for `a`. That
//! makes plainness a greatest fixpoint, found by withdrawing candidates.

use crate::model::{Location, Value};
use crate::prove::pair::{Pair, Step};

/// For each location the value it is plain for, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plain {
    value: Vec<Option<Value>>,
}

impl Plain {
    /// Finds the plain locations. Cost: linear in the reachable part of the pair.
    pub(crate) fn new(pair: &Pair<'_>) -> Self {
        let mut search = Search {
            candidate: vec![Candidate::Unwritten; pair.after().location_count()],
            home: vec![None; pair.before().value_count()],
        };
        for (value, at) in pair.entry_definitions() {
            search.defines(pair, value, at);
        }
        for &block in pair.post_order() {
            for (_, step) in pair.steps(block) {
                match step {
                    Step::Define { value, at } | Step::Null { value: Some(value), at } => {
                        search.defines(pair, value, at);
                    }
                    Step::Move { to: at, .. }
                    | Step::Null { value: None, at }
                    | Step::Clobber { at } => search.withdraw(at),
                    // The collector writes to its roots.
                    Step::Safepoint { roots } => {
                        let roots = pair.after().roots(roots).iter();
                        roots.for_each(|&root| search.withdraw(root));
                    }
                    Step::Observe { .. } => {}
                }
            }
            for edge in pair.edges(block) {
                if edge.before_params.len() == edge.after_params.len() {
                    let values = edge.before_params.iter().copied();
                    for (value, at) in values.zip(edge.after_params.iter().copied()) {
                        search.defines(pair, value, at);
                    }
                } else {
                    edge.after_params.iter().for_each(|&at| search.withdraw(at));
                }
            }
        }
        search.check_edges(pair);
        let value = search.candidate.iter().map(|candidate| match *candidate {
            Candidate::For(value) => Some(value),
            Candidate::Unwritten | Candidate::Withdrawn => None,
        });
        Plain { value: value.collect() }
    }

    /// No location counts as plain: all of them are left to the analysis.
    pub(crate) fn none() -> Self {
        Plain { value: Vec::new() }
    }

    /// The value the location is plain for.
    pub(crate) fn value(&self, at: Location) -> Option<Value> {
        self.value.get(at.index()).copied().flatten()
    }

    /// Whether the location holds the value wherever the value is defined.
    pub(crate) fn holds(&self, at: Location, value: Value) -> bool {
        self.value(at) == Some(value)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Candidate {
    Unwritten,
    For(Value),
    Withdrawn,
}

struct Search {
    candidate: Vec<Candidate>,
    /// By value, the place at which it was first seen to be defined.
    home: Vec<Option<Location>>,
}

impl Search {
    fn withdraw(&mut self, at: Location) {
        self.candidate[at.index()] = Candidate::Withdrawn;
    }

    fn defines(&mut self, pair: &Pair<'_>, value: Value, at: Location) {
        let home = *self.home[value.index()].get_or_insert(at);
        let movable = pair.has_safepoint() && pair.references().may_be(value);
        if home != at {
            self.withdraw(home);
        }
        let slot = &mut self.candidate[at.index()];
        *slot = match *slot {
            // Cells are left to the analysis proper: other cells may overlap.
            _ if home != at || movable || pair.after().cell(at).is_some() => Candidate::Withdrawn,
            Candidate::Unwritten => Candidate::For(value),
            Candidate::For(other) if other == value => Candidate::For(value),
            Candidate::For(_) | Candidate::Withdrawn => Candidate::Withdrawn,
        };
    }

    /// Withdraws the parameters that some edge assigns anything but a location
    /// plain for the argument, until none is left.
    fn check_edges(&mut self, pair: &Pair<'_>) {
        // `(argument location, parameter location)` pairs that hold so far.
        let mut relies: Vec<(Location, Location)> = Vec::new();
        let mut work: Vec<Location> = Vec::new();
        for &block in pair.post_order() {
            for edge in pair.edges(block) {
                if edge.before_params.len() != edge.after_params.len() {
                    // These are defined, and not written where they are elsewhere.
                    for param in edge.before_params {
                        if let Some(home) = self.home[param.index()] {
                            self.withdraw(home);
                            work.push(home);
                        }
                    }
                    continue;
                }
                for (i, &param) in edge.after_params.iter().enumerate() {
                    if self.candidate[param.index()] == Candidate::Withdrawn {
                        continue;
                    }
                    let argument = edge.after_args[i];
                    match self.candidate[argument.index()] {
                        Candidate::For(value) if value == edge.before_args[i] => {
                            relies.push((argument, param));
                        }
                        Candidate::For(_) | Candidate::Unwritten | Candidate::Withdrawn => {
                            self.withdraw(param);
                            work.push(param);
                        }
                    }
                }
            }
        }
        relies.sort_unstable();
        while let Some(spoilt) = work.pop() {
            let first = relies.partition_point(|&(argument, _)| argument < spoilt);
            for &(argument, param) in &relies[first..] {
                if argument != spoilt {
                    break;
                }
                if self.candidate[param.index()] != Candidate::Withdrawn {
                    self.candidate[param.index()] = Candidate::Withdrawn;
                    work.push(param);
                }
            }
        }
    }
}
