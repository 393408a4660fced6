//! The way in.

use fixedbitset::FixedBitSet;

use crate::contents::{self, Certificate};
use crate::explain;
use crate::model::{After, Before, Location, Value};
use crate::options::Options;
use crate::pair::{Pair, Step};
use crate::plain::Plain;
use crate::report::{InternalError, Outcome, Report, Stats};
use crate::unsupported::Unsupported;

/// Verifies that `after` does on every path what `before` does, given that the
/// values in `declared` are references to objects of a garbage collector.
///
/// Never panics, whatever the models hold, and never reports a violation that no
/// path shows.
///
/// Cost: linear in instructions and stack map entries, times the few sweeps it
/// takes to follow references around loops.
pub fn verify(before: &Before, declared: &[Value], after: &After, options: &Options) -> Report {
    let pair = match Pair::new(before, declared, after) {
        Ok(pair) => pair,
        Err(reason) => return Report::unsupported(reason, Stats::default()),
    };
    let stats = stats(&pair);
    let plain = Plain::new(&pair);
    let mut solution = contents::solve(&pair, &plain, options.collector);
    let findings = match explain::findings(&pair, options.collector, &solution) {
        Ok(findings) => findings,
        Err(reason) => return Report::unsupported(reason, stats),
    };
    let outcome = match (explain::is_violated(&findings), solution.failures.is_empty()) {
        (true, _) => Outcome::Violated,
        (false, true) => Outcome::Verified,
        (false, false) => Outcome::Internal(InternalError("a failure was not explained")),
    };
    let certificate = match outcome {
        Outcome::Verified => std::mem::take(&mut solution.certificate),
        Outcome::Violated | Outcome::Unsupported(_) | Outcome::Internal(_) => {
            Certificate::default()
        }
    };
    Report { outcome, findings, stats, certificate }
}

/// Checks a certificate: whether its claims prove that `after` does on every path
/// what `before` does. Trusts neither the certificate nor whoever made it, and
/// does not solve anything.
///
/// # Errors
///
/// [`Unsupported`] if the pair is malformed or the two programs do not align.
///
/// Cost: one pass over the pair.
pub fn check(
    before: &Before,
    declared: &[Value],
    after: &After,
    options: &Options,
    certificate: &Certificate,
) -> Result<bool, Unsupported> {
    let pair = Pair::new(before, declared, after)?;
    let plain = Plain::new(&pair);
    Ok(contents::recheck(&pair, &plain, options.collector, certificate))
}

impl Report {
    fn unsupported(reason: Unsupported, stats: Stats) -> Report {
        Report {
            outcome: Outcome::Unsupported(reason),
            findings: Vec::new(),
            stats,
            certificate: Certificate::default(),
        }
    }
}

fn stats(pair: &Pair<'_>) -> Stats {
    let after = pair.after();
    let mut stats = Stats {
        blocks: pair.post_order().len(),
        references: pair.references().count(),
        ..Stats::default()
    };
    let mut listed = FixedBitSet::with_capacity(after.slots().len());
    // The first source spilled to each slot; and the slots that have another.
    let mut source: Vec<Option<Location>> = vec![None; after.slots().len()];
    let mut shared = FixedBitSet::with_capacity(after.slots().len());
    for &block in pair.post_order() {
        stats.instructions += after.instructions(block).len();
        for (_, step) in pair.steps(block) {
            match step {
                Step::Safepoint { roots } => {
                    let roots = after.roots(roots);
                    stats.safepoints += 1;
                    stats.roots += roots.len();
                    let slots = roots.iter().filter_map(|&root| after.cell(root));
                    listed
                        .extend(slots.map(|c| c.slot.index()).filter(|&s| s < after.slots().len()));
                }
                Step::Move { from, to } => {
                    if let Some(cell) = after.cell(to)
                        && after.cell(from).is_none()
                        && *source[cell.slot.index()].get_or_insert(from) != from
                    {
                        shared.insert(cell.slot.index());
                    }
                }
                Step::Observe { .. } | Step::Define { .. } | Step::Clobber { .. } => {}
            }
        }
    }
    stats.slots = listed.count_ones(..);
    stats.shared_slots = listed.intersection_count(&shared);
    stats
}
