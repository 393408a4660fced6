//! The solver: finds the claims that would prove the pair right.
//!
//! Backwards over the after program, a demand is a claim that must hold at a point for every
//! observation and root ahead to be right:
//!
//! * an observation of `v` at `l` demands "`l` holds `v`";
//! * a root demands "a reference";
//! * a step turns a demand into its weakest precondition, which is again a claim
//!   about one location (a move makes a demand on its destination one on its
//!   source), or nothing: the step meets it or breaks it;
//! * at a join of paths, demands unite.
//!
//! This is liveness, of (location, value) pairs instead of variables: only contents that are
//! read are ever tracked. The direction is backward, the order set inclusion, bottom the empty
//! set, and the solution the least fixpoint.
//!
//! Nothing here is trusted. A demand that a step breaks is simply dropped; [`super::flow`]
//! finds that it is broken, since it checks that every claim made here holds.
//!
//! Under a **non-moving** collector a copy outside the map stays good while a
//! root holds the same instance. That depends on two locations, and is not one
//! claim; the demand passes the safepoint and brings along "this root holds `v`"
//! for each root that may. If different roots hold `v` on different paths, no
//! one claim is true on all of them, and the pair comes out undecided.

use smallvec::SmallVec;

use super::claims::ClaimSet;
use super::edge::Substitution;
use super::fact::{Claim, Fact, Facts};
use super::holders::Holders;
use super::null::{left_good, null_location};
use super::precondition::{Precondition, precondition};
use crate::Collector;
use crate::certificate::Otherwise;
use crate::model::{Block, Location, RootList, Value};
use crate::prove::pair::{Pair, Step};
use crate::prove::plain::Plain;
use crate::prove::worklist::Worklist;

/// The result of the solver.
#[derive(Debug)]
pub(super) struct Demands {
    pub(super) facts: Facts,
    /// The claims demanded at the start of each block, sorted.
    pub(super) claims: Vec<Vec<Claim>>,
}

/// The extent of the demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thrift {
    /// Leave out claims that follow from others if all goes well.
    Lean,
    /// Demand each observation's and root's claim for itself, so that each can
    /// fail for itself.
    Full,
}

/// Solves for the demands of a pair; `None` if there are more than `most`.
///
/// Cost: each block is walked once for each time its demands grow, twice or so
/// in practice; a step costs a constant, a safepoint the demands that cross it. Memory
/// for the demands, which may be as many as locations times blocks.
pub(super) fn solve(
    pair: &Pair<'_>,
    plain: &Plain,
    collector: Collector,
    thrift: Thrift,
    most: usize,
) -> Option<Demands> {
    let blocks = pair.after().block_count();
    let locations = pair.after().location_count();
    let values = pair.before().value_count();
    let mut solver = Solver {
        pair,
        plain,
        null: null_location(pair),
        collector,
        thrift,
        facts: Facts::default(),
        // Including those about null.
        wanted: ClaimSet::new(locations + 1, values),
        holders: Holders::new(pair),
    };
    let mut substitution = Substitution::new(locations, values);
    let mut claims: Vec<Vec<Claim>> = vec![Vec::new(); blocks];

    // In post-order an acyclic graph is solved by the first sweep.
    let mut worklist = Worklist::new(pair.post_order().iter().copied(), blocks);
    let mut count = 0;
    while let Some(block) = worklist.pop() {
        let demanded = solver.block(block, &claims, &mut substitution);
        let known = &mut claims[block.index()];
        let before = known.len();
        unite(known, &demanded);
        if known.len() > before {
            count += known.len() - before;
            if count > most {
                return None;
            }
            for &(source, _) in pair.cfg().predecessors(block) {
                worklist.push(source);
            }
        }
    }
    Some(Demands { facts: solver.facts, claims })
}

/// Adds to a sorted list the elements of another that it lacks. A block's demands only grow: a
/// claim that one sweep leaves out because another claim implies it must not be removed by a
/// later sweep, or the sweeps would not terminate.
fn unite(known: &mut Vec<Claim>, more: &[Claim]) {
    let new: Vec<Claim> =
        more.iter().copied().filter(|claim| known.binary_search(claim).is_err()).collect();
    if !new.is_empty() {
        known.extend(new);
        known.sort_unstable();
    }
}

struct Solver<'p> {
    pair: &'p Pair<'p>,
    plain: &'p Plain,
    null: Location,
    collector: Collector,
    thrift: Thrift,
    facts: Facts,
    wanted: ClaimSet,
    holders: Holders<'p>,
}

impl Solver<'_> {
    /// The demands at the start of `block`, given those at its successors'.
    fn block(
        &mut self,
        block: Block,
        claims: &[Vec<Claim>],
        substitution: &mut Substitution,
    ) -> Vec<Claim> {
        self.wanted.clear(&self.facts);
        for edge in self.pair.edges(block) {
            substitution.load(self.pair, &edge);
            for &claim in &claims[edge.target.index()] {
                let claim = substitution.before(&mut self.facts, claim);
                self.want(claim);
            }
            substitution.unload(&edge);
            for (&param, &argument) in edge.before_params.iter().zip(edge.before_args) {
                self.pass(param, argument);
            }
        }
        for (_, step) in self.pair.steps(block).rev() {
            self.step(step);
        }
        let mut demanded: Vec<Claim> = self.wanted.iter().collect();
        demanded.sort_unstable();
        demanded
    }

    /// Demands that an argument means null, if the parameter is a reference or null on every path
    /// only because of that.
    fn pass(&mut self, param: Value, argument: Value) {
        let references = self.pair.references();
        let is_asked = references.must_be(param) && !self.pair.is_declared(param);
        if is_asked && !references.must_be(argument) {
            self.want_value(self.null, argument);
        }
    }

    fn want(&mut self, claim: Claim) {
        let fact = self.facts.get(claim.fact);
        let is_null = claim.at == self.null && fact.admits_null();
        if !is_null && !fact.values().iter().any(|&value| self.plain.holds(claim.at, value)) {
            self.wanted.insert(&self.facts, claim);
        }
    }

    fn want_fact(&mut self, at: Location, fact: Fact) {
        let fact = self.facts.intern(fact);
        self.want(Claim { at, fact });
    }

    fn want_value(&mut self, at: Location, value: Value) {
        if !self.plain.holds(at, value) {
            let fact = self.facts.holds(value);
            self.wanted.insert(&self.facts, Claim { at, fact });
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Observe { value, at } => self.want_value(at, value),
            Step::Define { value, .. } | Step::Null { value: Some(value), .. } => {
                let mut claims = self.written_over(step);
                claims.extend(self.wanted.naming(&self.facts, value));
                self.replace(step, &claims);
            }
            Step::Null { value: None, .. } | Step::Move { .. } | Step::Clobber { .. } => {
                let claims = self.written_over(step);
                self.replace(step, &claims);
            }
            Step::Safepoint { roots } => self.safepoint(roots),
        }
    }

    /// The claims about the location that a step writes, and about those that it overlaps.
    fn written_over(&self, step: Step) -> SmallVec<[Claim; 4]> {
        let at = step.written().into_iter();
        let locations = at.flat_map(|at| self.pair.overlapping(at).iter().copied().chain([at]));
        let claims =
            locations.flat_map(|at| self.wanted.at(at).iter().map(move |&fact| Claim { at, fact }));
        claims.collect()
    }

    /// Replaces these claims, which are all claims affected by the step, by what must hold
    /// before the step. The step is not a safepoint.
    fn replace(&mut self, step: Step, claims: &[Claim]) {
        for &claim in claims {
            self.wanted.remove(&self.facts, claim);
        }
        for &claim in claims {
            let fact = self.facts.get(claim.fact).clone();
            match precondition(self.pair, step, claim.at, fact) {
                Precondition::Holds(at, fact) => self.want_fact(at, fact),
                Precondition::MeansNull(fact) => self.want_fact(self.null, fact),
                // Whether the step satisfies or breaks the claim is determined by the check.
                Precondition::True
                | Precondition::False
                | Precondition::Crosses(_)
                | Precondition::Updated(_) => {}
            }
        }
    }

    fn safepoint(&mut self, list: RootList) {
        let references = self.pair.references();
        let roots = self.pair.after().roots(list);
        let mut sorted: SmallVec<[Location; 16]> = roots.iter().copied().collect();
        sorted.sort_unstable();
        sorted.dedup();

        let crossing: Vec<Claim> = self.wanted.iter().filter(|c| c.at != self.null).collect();
        for claim in crossing {
            match sorted.binary_search(&claim.at) {
                Ok(_) => self.cross_in_root(claim),
                Err(_) => self.cross(claim, &sorted),
            }
        }
        let reference = self.facts.intern(Fact::reference());
        for &root in &sorted {
            let implies = |fact: &Fact| {
                !fact.admits_references() && fact.implies(&Fact::reference(), references)
            };
            let implied =
                self.thrift == Thrift::Lean && self.wanted.facts_at(&self.facts, root).any(implies);
            if !implied {
                self.want(Claim { at: root, fact: reference });
            }
        }
    }

    /// Demands what must hold before a safepoint with these roots for a claim about another
    /// location to hold after it.
    fn cross(&mut self, claim: Claim, roots: &[Location]) {
        let (pair, fact) = (self.pair, self.facts.get(claim.fact).clone());
        if self.collector == Collector::Moving || fact.admits_null() {
            // A number is a number, and null is null; which of several references is held
            // cannot be said.
            let references = pair.references();
            let stays =
                |v| if fact.admits_null() { !references.may_be(v) } else { !pair.is_movable(v) };
            let rest = fact.filtered(stays, left_good(pair));
            if rest.as_ref() != Some(&fact) {
                self.wanted.remove(&self.facts, claim);
                rest.into_iter().for_each(|rest| self.want_fact(claim.at, rest));
            }
        }
        if fact.otherwise() == Otherwise::Nothing
            && let [value] = *fact.values()
        {
            self.cross_as_null(claim.at, value);
        }
        if self.collector == Collector::NonMoving {
            for &value in fact.values().iter().filter(|&&v| pair.is_movable(v)) {
                for &root in roots {
                    if self.holders.may_hold(root, value) {
                        self.want_value(root, value);
                    }
                }
            }
        }
    }

    /// Demands what must hold before a safepoint for a claim about one of its roots to hold after
    /// it. The collector checks and updates the roots that it reads: "a reference" is satisfied
    /// here, while "this value" is demanded before the step. If the value may be a number, and
    /// objects move, a root that is right breaks it.
    fn cross_in_root(&mut self, claim: Claim) {
        let (pair, fact) = (self.pair, self.facts.get(claim.fact).clone());
        if fact.admits_references() {
            return self.wanted.remove(&self.facts, claim);
        }
        if self.collector == Collector::NonMoving {
            return;
        }
        let rest = fact.filtered(|value| pair.moves_with_root(value), Otherwise::Null);
        if rest.as_ref() != Some(&fact) {
            if self.thrift == Thrift::Lean {
                self.wanted.remove(&self.facts, claim);
            }
            rest.into_iter().for_each(|rest| self.want_fact(claim.at, rest));
        }
        if let ([value], Otherwise::Nothing) = (fact.values(), fact.otherwise()) {
            let is_reference = pair.references().must_be(*value);
            if !is_reference && pair.nulls().is_always(*value) {
                self.want_as_null(claim.at, *value);
            }
        }
    }

    /// If a value counts as a reference but is always null, also claims that the location holds
    /// null: the checker of the claims does not know it of the value.
    fn cross_as_null(&mut self, at: Location, value: Value) {
        if self.pair.references().may_be(value) && !self.pair.is_movable(value) {
            self.want_as_null(at, value);
        }
    }

    fn want_as_null(&mut self, at: Location, value: Value) {
        self.want_fact(at, Fact::null());
        self.want_value(self.null, value);
    }
}
