//! Tests that the checker's knowledge is a lattice, and that its steps respect it.
//!
//! A state represents the claims that it proves. Where paths meet, the claims that both states
//! prove remain. If each step distributes over this meet, then the claims that remain at a
//! point are exactly those that are true on every path: no claim is lost, and no path is
//! overlooked.

use std::collections::BTreeSet;

use arbitrary::{Result, Unstructured};
use smallvec::SmallVec;

use super::state::{References, State, reference};
use super::{Fact, Otherwise, Reference};
use crate::Collector;
use crate::model::{Location, Value};

/// One value that is always a reference, one that is a reference on some paths, and two that
/// never are.
const VALUES: usize = 4;
const LOCATIONS: usize = 3;

fn references() -> References {
    let listed = [(0, true), (1, false)];
    let listed = listed.map(|(i, always)| Reference { value: Value::new(i), always });
    listed.into_iter().enumerate().map(|(i, listed)| (listed.value, (i, listed))).collect()
}

/// Every fact over these values.
fn facts() -> Vec<Fact> {
    let sets = 0..1usize << VALUES;
    let facts = sets.flat_map(|set| {
        let values: SmallVec<_> =
            (0..VALUES).filter(|i| set >> i & 1 == 1).map(Value::new).collect();
        let others = [Otherwise::Nothing, Otherwise::Null, Otherwise::Reference];
        others.map(|otherwise| Fact { values: values.clone(), otherwise })
    });
    facts.filter(|fact| fact.otherwise > Otherwise::Nothing || !fact.values.is_empty()).collect()
}

/// Returns the facts that are checked with null values, or without them. A fact that names
/// several values and does not admit null is checked only without null values: with them, it
/// could not be determined which of the values means null on each path.
fn asked(nulls: bool) -> Vec<Fact> {
    let is_asked = |fact: &Fact| match fact.otherwise {
        Otherwise::Nothing => !nulls || fact.values.len() == 1,
        Otherwise::Null => nulls,
        Otherwise::Reference => true,
    };
    facts().into_iter().filter(is_asked).collect()
}

fn locations() -> impl Iterator<Item = Location> {
    (0..LOCATIONS).map(Location::new)
}

fn values() -> impl Iterator<Item = Value> + Clone {
    (0..VALUES).map(Value::new)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// The location satisfies the fact with this number.
    Holds(Location, usize),
    /// The value means null.
    IsNull(Value),
}

type Claims = BTreeSet<Claim>;

/// Returns all claims that a state proves.
fn proved(state: &State, facts: &[Fact]) -> Claims {
    let references = references();
    let claims = locations().flat_map(|at| (0..facts.len()).map(move |i| Claim::Holds(at, i)));
    let claims = claims.chain(values().map(Claim::IsNull)).filter(|&claim| match claim {
        Claim::Holds(at, i) => state.proves(&references, at, &facts[i]),
        Claim::IsNull(value) => state.is_null(value),
    });
    claims.collect()
}

fn knowing(claims: &Claims, facts: &[Fact]) -> State {
    let mut state = State::default();
    claims.iter().for_each(|&claim| match claim {
        Claim::Holds(at, i) => state.know(at, facts[i].clone()),
        Claim::IsNull(value) => state.know_null(value),
    });
    state
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Define(Value, Location),
    Null(Option<Value>, Location),
    Move(Location, Location),
    Clobber(Location),
    /// The collector runs; the bits say which locations are roots.
    Collect(usize, Collector),
}

/// Returns all possible steps.
fn steps(collector: Collector, nulls: bool) -> Vec<Step> {
    let defines = values().flat_map(|v| locations().map(move |at| Step::Define(v, at)));
    let bound = values().map(Some).chain([None]).filter(|_| nulls);
    let nulls = bound.flat_map(|v| locations().map(move |at| Step::Null(v, at)));
    let moves = locations().flat_map(|from| locations().map(move |to| Step::Move(from, to)));
    let collects = (0..1 << LOCATIONS).map(|roots| Step::Collect(roots, collector));
    defines
        .chain(nulls)
        .chain(moves)
        .chain(locations().map(Step::Clobber))
        .chain(collects)
        .collect()
}

/// Returns the claims that are proved after a step from a state that knows these claims.
fn after(claims: &Claims, step: Step, facts: &[Fact]) -> Claims {
    let references = references();
    let mut state = knowing(claims, facts);
    match step {
        Step::Define(value, at) => state.define(value, at),
        Step::Null(value, at) => state.null(value, at),
        Step::Move(from, to) => {
            let moved = state.copied(&references, from);
            state.clobber(to);
            moved.into_iter().for_each(|fact| state.know(to, fact));
        }
        Step::Clobber(at) => state.clobber(at),
        Step::Collect(roots, collector) => {
            let roots: Vec<Location> =
                locations().filter(|at| roots >> at.index() & 1 == 1).collect();
            state.collect(&references, &roots, collector);
        }
    }
    proved(&state, facts)
}

/// A state with a few claims, closed under implication.
fn draw(bytes: &mut Unstructured<'_>, facts: &[Fact], nulls: bool) -> Result<Claims> {
    let claims = (0..bytes.int_in_range(0..=4)?).map(|_| {
        let at = Location::new(bytes.choose_index(LOCATIONS)?);
        let fact = bytes.choose_index(facts.len())?;
        // A reference on every path may be null on this one.
        let value = Value::new(bytes.choose_index(VALUES)?);
        Ok(if nulls && bytes.ratio(1, 5)? { Claim::IsNull(value) } else { Claim::Holds(at, fact) })
    });
    Ok(proved(&knowing(&claims.collect::<Result<_>>()?, facts), facts))
}

/// Runs a law on many pairs of states, with null and without.
fn for_states(law: impl Fn(&Claims, &Claims, &[Fact], bool)) {
    let mut state = 1u64;
    for nulls in [false, true].repeat(400) {
        let facts = asked(nulls);
        // Bytes from an xorshift generator.
        let words = (0..8).flat_map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        let words: Vec<u8> = words.collect();
        let mut bytes = Unstructured::new(&words);
        let mut draw = || draw(&mut bytes, &facts, nulls).expect("bytes enough");
        law(&draw(), &draw(), &facts, nulls);
    }
}

fn meet(one: &Claims, other: &Claims) -> Claims {
    one.intersection(other).copied().collect()
}

#[test]
fn implication_orders_facts() {
    let (facts, references) = (facts(), references());
    let implies = |one: &Fact, other: &Fact| {
        let mut state = State::default();
        state.know(Location::new(0), one.clone());
        state.proves(&references, Location::new(0), other)
    };
    for a in &facts {
        assert!(implies(a, a), "{a:?}");
        for b in &facts {
            // The least upper bound: either of the two.
            let values = a.values.iter().chain(&b.values).copied().collect();
            let join = Fact { values, otherwise: a.otherwise.max(b.otherwise) };
            assert!(implies(a, &join) && implies(b, &join), "{a:?} {b:?}");
            for c in &facts {
                assert!(!(implies(a, b) && implies(b, c)) || implies(a, c), "{a:?} {b:?} {c:?}");
                let is_bound = implies(a, c) && implies(b, c);
                assert_eq!(is_bound, implies(&join, c), "{a:?} {b:?} {c:?}");
            }
        }
    }
    // Any reference is the top of what is always a reference, and of nothing else.
    let holds = |v| super::state::holds(Value::new(v));
    assert_eq!([0, 1, 2, 3].map(|v| implies(&holds(v), &reference())), [true, false, false, false]);
}

#[test]
fn where_paths_meet_the_common_claims_are_left() {
    for_states(|one, other, facts, _| {
        let common = meet(one, other);
        assert_eq!(proved(&knowing(&common, facts), facts), common, "closed under implication");
        assert_eq!(meet(one, one), *one);
        assert_eq!(common, meet(other, one));
        assert_eq!(meet(&common, one), common, "absorbed");
        let nothing = Claims::new();
        assert_eq!(meet(one, &nothing), nothing, "top: nothing is known");
    });
}

#[test]
fn every_step_is_monotone_and_distributes_over_paths_that_meet() {
    for_states(|one, other, facts, nulls| {
        let common = meet(one, other);
        for step in steps(Collector::Moving, nulls) {
            let (left, right) = (after(one, step, facts), after(other, step, facts));
            let both = after(&common, step, facts);
            assert!(both.is_subset(&left) && both.is_subset(&right), "{step:?} is monotone");
            assert_eq!(both, meet(&left, &right), "{step:?} distributes");
        }
    });
}

#[test]
fn if_nothing_moves_steps_are_monotone_only() {
    for_states(|one, other, facts, nulls| {
        let common = meet(one, other);
        for step in steps(Collector::NonMoving, nulls) {
            let both = after(&common, step, facts);
            assert!(both.is_subset(&after(one, step, facts)), "{step:?} is monotone");
            assert!(both.is_subset(&after(other, step, facts)), "{step:?} is monotone");
        }
    });
    // One root keeps the copy good on one path, and another on the other.
    let facts = facts();
    let holds = facts.iter().position(|fact| *fact == super::state::holds(Value::new(0)));
    let holds = holds.expect("a fact of one value");
    let claims = |at: [usize; 2]| {
        let claims = at.map(|at| Claim::Holds(Location::new(at), holds)).into_iter().collect();
        proved(&knowing(&claims, &facts), &facts)
    };
    let (one, other) = (claims([0, 1]), claims([0, 2]));
    let step = Step::Collect(0b110, Collector::NonMoving);
    let copy = Claim::Holds(Location::new(0), holds);
    assert!(meet(&after(&one, step, &facts), &after(&other, step, &facts)).contains(&copy));
    assert!(!after(&meet(&one, &other), step, &facts).contains(&copy));
}
