//! Converts the solver's results into a certificate.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;

use super::fact::{Claim, Facts};
use super::null::null_location;
use super::{Claims, Solution, solve_within};
use crate::Collector;
use crate::certificate::{self, Certificate, Entry, Reference};
use crate::model::{Block, EdgeIndex, Value};
use crate::prove::flows::{Flow, flows};
use crate::prove::pair::Pair;
use crate::prove::plain::Plain;
use crate::unsupported::Unsupported;

/// A certificate with more claims would take gigabytes, a hundred bytes or so for each.
const MOST_CLAIMS: usize = 1 << 24;

/// Returns the claims that can be proved of a pair, and whether they prove the pair right.
///
/// Claims on plain locations are not omitted, so the claims are complete by themselves.
///
/// Cost: that of solving the pair for all values instead of only those that need it: for each
/// block, proportional to what is live at its start. The checker knows nothing about a block
/// beyond the claims, so a certificate cannot contain fewer.
///
/// # Errors
///
/// [`Unsupported::TooLarge`] if there are too many claims.
pub(crate) fn certificate(
    pair: &Pair<'_>,
    collector: Collector,
) -> Result<(Certificate, bool), Unsupported> {
    let Solution { claims, failures, .. } =
        solve_within(pair, &Plain::none(), collector, MOST_CLAIMS)?;
    let Claims { facts, mut claims } = claims;
    let (pending, null) = (pending(pair), null_location(pair));
    let blocks = pair.post_order().iter().rev().map(|&block| {
        let claimed = std::mem::take(&mut claims[block.index()]);
        let (nulls, claims): (Vec<Claim>, Vec<Claim>) =
            claimed.into_iter().partition(|claim| claim.at == null);
        Entry {
            block,
            pending: pending[block.index()],
            // All facts but those about one value admit null.
            nulls: nulls.iter().flat_map(|claim| facts.get(claim.fact).values()).copied().collect(),
            claims: claims.into_iter().map(|claim| restate(&facts, claim)).collect(),
        }
    });
    let certificate = Certificate { references: references(pair), blocks: blocks.collect() };
    Ok((certificate, failures.is_empty()))
}

fn restate(facts: &Facts, claim: Claim) -> certificate::Claim {
    let fact = facts.get(claim.fact);
    let (values, otherwise) = (fact.values().into(), fact.otherwise());
    certificate::Claim { at: claim.at, fact: certificate::Fact { values, otherwise } }
}

/// The before edge that each split-edge block is on.
fn pending(pair: &Pair<'_>) -> Vec<Option<(Block, EdgeIndex)>> {
    let after = pair.after();
    let mut pending = vec![None; after.block_count()];
    for &block in pair.post_order().iter().rev() {
        for (i, &target) in pair.cfg().successors(block).iter().enumerate() {
            if after.counterpart(target).is_none() {
                let taken =
                    after.counterpart(block).map(|counterpart| (counterpart, EdgeIndex::new(i)));
                pending[target.index()] = taken.or(pending[block.index()]);
            }
        }
    }
    pending
}

/// The references, breadth first from those that are declared.
fn references(pair: &Pair<'_>) -> Vec<Reference> {
    let values = pair.before().value_count();
    let (mut flows, _) = flows(pair);
    flows.sort_unstable();
    let into = |from: Value| {
        let first = flows.partition_point(|flow: &Flow| flow.0 < from);
        flows[first..].iter().take_while(move |flow| flow.0 == from).map(|flow| flow.1)
    };
    let mut listed = FixedBitSet::with_capacity(values);
    listed.extend((0..values).filter(|&value| pair.is_declared(Value::new(value))));
    let mut due: VecDeque<Value> = listed.ones().map(Value::new).collect();
    let mut references = Vec::with_capacity(pair.references().count());
    while let Some(value) = due.pop_front() {
        references.push(Reference { value, always: pair.references().must_be(value) });
        due.extend(into(value).filter(|to| !listed.put(to.index())));
    }
    references
}
