//! The contents of locations: the general solver.
//!
//! Solver and checker are separate. [`demand`] computes backwards the claims that would prove
//! the pair right; [`flow`] checks forwards, in one pass over each block, that they do. Claims
//! that fail are withdrawn until the remaining ones hold. Observations and roots that are then
//! not proved are failures.
//!
//! The remaining claims are the meet over all paths, restricted to the claims that anything
//! ahead depends on: each step's effect on a claim is distributive, so the fixpoint loses
//! nothing. Hence a failure is a failure on some path, and [`crate::explain`] finds one.

mod certificate;
mod claims;
mod demand;
mod edge;
mod fact;
mod flow;
mod holders;
#[cfg(test)]
mod laws;
mod null;
mod precondition;
#[cfg(test)]
mod tests;

pub(crate) use certificate::certificate;
pub(crate) use edge::Substitution;
pub(crate) use fact::Fact;
use fact::{Claim, Facts};
pub(crate) use flow::Failure;
pub(crate) use holders::Holders;
pub(crate) use null::left_good;
pub(crate) use precondition::{Precondition, precondition};

use crate::Collector;
use crate::model::EdgeIndex;
use crate::prove::pair::Pair;
use crate::prove::plain::Plain;
use crate::prove::worklist::Worklist;
use crate::unsupported::Unsupported;
use demand::Thrift;
use flow::Checker;

/// Claims about what locations hold at the start of each block of the after program.
#[derive(Debug)]
struct Claims {
    /// The facts the claims name.
    facts: Facts,
    /// By block.
    claims: Vec<Vec<Claim>>,
}

/// The solution of a pair.
#[derive(Debug)]
pub(crate) struct Solution {
    /// The claims that hold.
    claims: Claims,
    /// The failures, which are not proved; empty if and only if the pair is right.
    pub(crate) failures: Vec<Failure>,
}

/// With more claims, a pair is not solved: it would take gigabytes.
const MOST_CLAIMS: usize = 1 << 27;

/// Solves a pair.
///
/// Cost: two walks or so over the pair if it is right. If it is not, one more
/// for each time a block's claims shrink. Memory for the claims: what is live at the start
/// of each block, without plain locations.
///
/// # Errors
///
/// [`Unsupported::TooLarge`] if there are too many of them.
pub(crate) fn solve(
    pair: &Pair<'_>,
    plain: &Plain,
    collector: Collector,
) -> Result<Solution, Unsupported> {
    solve_within(pair, plain, collector, MOST_CLAIMS)
}

fn solve_within(
    pair: &Pair<'_>,
    plain: &Plain,
    collector: Collector,
    most: usize,
) -> Result<Solution, Unsupported> {
    let demands = |thrift| {
        let demands = demand::solve(pair, plain, collector, thrift, most);
        demands.ok_or(Unsupported::TooLarge { most })
    };
    let lean = demands(Thrift::Lean)?;
    let mut claims = Claims { facts: lean.facts, claims: lean.claims };
    if check(pair, plain, collector, &mut claims) {
        return Ok(Solution { claims, failures: Vec::new() });
    }
    let full = demands(Thrift::Full)?;
    let mut claims = Claims { facts: full.facts, claims: full.claims };
    let failures = refine(pair, plain, collector, &mut claims);
    Ok(Solution { claims, failures })
}

/// Whether the claims prove the pair right. One pass.
fn check(pair: &Pair<'_>, plain: &Plain, collector: Collector, claims: &mut Claims) -> bool {
    let Claims { facts, claims } = claims;
    let mut checker = Checker::new(pair, plain, collector);
    let mut failures = Vec::new();
    if !checker.start(facts, &claims[0]).is_empty() {
        return false;
    }
    for &block in pair.post_order().iter().rev() {
        checker.block(facts, block, &claims[block.index()], &mut failures);
        if !failures.is_empty() {
            return false;
        }
        for (i, &target) in pair.cfg().successors(block).iter().enumerate() {
            let unproved = checker.edge(facts, block, EdgeIndex::new(i), &claims[target.index()]);
            if !unproved.is_empty() {
                return false;
            }
        }
    }
    true
}

/// Withdraws claims that do not hold until all remaining claims do. Returns the failures that
/// these leave unproved.
fn refine(
    pair: &Pair<'_>,
    plain: &Plain,
    collector: Collector,
    claims: &mut Claims,
) -> Vec<Failure> {
    let Claims { facts, claims } = claims;
    let mut checker = Checker::new(pair, plain, collector);
    let mut failures: Vec<Vec<Failure>> = vec![Vec::new(); claims.len()];
    let unproved = checker.start(facts, &claims[0]);
    withdraw(&mut claims[0], &unproved);
    let mut worklist = Worklist::new(pair.post_order().iter().rev().copied(), claims.len());
    while let Some(block) = worklist.pop() {
        let found = &mut failures[block.index()];
        found.clear();
        checker.block(facts, block, &claims[block.index()], found);
        for (edge, &target) in pair.cfg().successors(block).iter().enumerate() {
            let wanted = &mut claims[target.index()];
            let unproved = checker.edge(facts, block, EdgeIndex::new(edge), wanted);
            if !unproved.is_empty() {
                withdraw(wanted, &unproved);
                worklist.push(target);
            }
        }
    }
    let mut failures: Vec<Failure> = failures.into_iter().flatten().collect();
    failures.sort_unstable();
    failures
}

/// Removes some of a block's claims; both lists are sorted.
fn withdraw(claims: &mut Vec<Claim>, unproved: &[Claim]) {
    claims.retain(|claim| unproved.binary_search(claim).is_err());
}
