//! Weakest preconditions: what must hold before a step for a claim to hold after it.
//!
//! | step | the claim that holds after it if and only if ... holds before it |
//! |---|---|
//! | any, of another location and other values | the claim itself |
//! | `at := define v` | "`at` holds `v`": true; another fact about `at`: false |
//! | | a fact that names `v`, elsewhere: the fact without `v`, which names an older instance |
//! | `at := null`, which `v` means | "`at` holds `w`": that `w` means null |
//! | | a fact that names `v`, elsewhere: the fact with null for `v` |
//! | `to := from` | a fact about `to`: the same about `from` |
//! | a write to an overlapping cell, a clobber | false |
//! | a safepoint that lists `at` | "a reference": true; "`v`": the claim itself, if `v` is always a reference or null |
//!
//! Other claims at a safepoint are left to the caller: whether the location is good after it
//! depends on the path, and on the collector. The solver ([`super::demand`]) strengthens that to a
//! claim about one location; the search for a path ([`crate::explain`]) tries each case.

use super::fact::Fact;
use crate::certificate::Otherwise;
use crate::model::Location;
use crate::prove::pair::{Pair, Step};

/// The weakest precondition of a claim: the demand before a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing: the step makes the claim true.
    True,
    /// The step makes the claim false.
    False,
    /// This fact about this location.
    Holds(Location, Fact),
    /// One of the values of the fact means null.
    MeansNull(Fact),
    /// The step is a safepoint that does not list the location.
    Crosses(Fact),
    /// The step is a safepoint that lists the location, and the fact names a value that is a
    /// number on some path.
    Updated(Fact),
}

/// Returns the weakest precondition of "`at` satisfies `fact`" over a step.
pub(crate) fn precondition(pair: &Pair<'_>, step: Step, at: Location, fact: Fact) -> Precondition {
    if overwrites(pair, step, at) {
        return Precondition::False;
    }
    match step {
        Step::Define { value, at: written } if written == at => {
            match fact.admits(value, pair.references()) {
                true => Precondition::True,
                false => Precondition::False,
            }
        }
        Step::Define { value, .. } if fact.values().contains(&value) => {
            match fact.filtered(|v| v != value, Otherwise::Reference) {
                Some(fact) => Precondition::Holds(at, fact),
                None => Precondition::False,
            }
        }
        Step::Null { value, at: written } if written == at => {
            let names = |value| fact.values().contains(&value);
            match fact.admits_null() || value.is_some_and(names) {
                true => Precondition::True,
                false => Precondition::MeansNull(fact),
            }
        }
        Step::Null { value: Some(value), .. } if fact.values().contains(&value) => {
            Precondition::Holds(at, fact.with_null_for(value))
        }
        Step::Move { from, to } if to == at => Precondition::Holds(from, fact),
        Step::Safepoint { roots } => match pair.after().roots(roots).contains(&at) {
            true if fact.admits_references() => Precondition::True,
            true if fact.values().iter().all(|&value| pair.moves_with_root(value)) => {
                Precondition::Holds(at, fact)
            }
            true => Precondition::Updated(fact),
            false => Precondition::Crosses(fact),
        },
        Step::Observe { .. }
        | Step::Define { .. }
        | Step::Null { .. }
        | Step::Move { .. }
        | Step::Clobber { .. } => Precondition::Holds(at, fact),
    }
}

/// Whether a step leaves garbage in a location: it clobbers it, or writes to a cell that
/// overlaps it.
fn overwrites(pair: &Pair<'_>, step: Step, at: Location) -> bool {
    match step.written() {
        Some(written) if written == at => matches!(step, Step::Clobber { .. }),
        Some(written) => pair.overlapping(written).contains(&at),
        None => false,
    }
}
