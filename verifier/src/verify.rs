//! The way in.

use crate::Collector;
use crate::certify;
use crate::contents;
use crate::copied::Copied;
use crate::explain;
use crate::findings::Finding;
use crate::model::{After, Before, Value};
use crate::options::Options;
use crate::pair::{NotAPair, Pair};
use crate::plain::Plain;
use crate::report::{InternalError, Outcome, Report, Stats};
use crate::sparse;
use crate::tally::Tally;
use crate::unsupported::Unsupported;

/// Verifies that `after` does on every path what `before` does, given that the
/// values in `declared` are references to objects of a garbage collector.
///
/// Never panics, whatever the models hold, and never reports a violation that no
/// path shows.
///
/// Cost: linear in instructions and stack map entries if the pair is right; if it is
/// not, or if that takes a harder look, times the few sweeps it takes to follow
/// references around loops.
pub fn verify(before: &Before, declared: &[Value], after: &After, options: &Options) -> Report {
    match options.certify {
        true => certify::certified(before, declared, after, options),
        false => decide(before, declared, after, options),
    }
}

/// [`verify`] without a certificate.
pub(crate) fn decide(
    before: &Before,
    declared: &[Value],
    after: &After,
    options: &Options,
) -> Report {
    match Pair::new(before, declared, after) {
        Ok(pair) => decide_pair(&pair, options).0,
        Err(why) => Report::not_a_pair(&why, before, after),
    }
}

/// The verdict on a pair, and the pair that it is about, if some values were taken to be
/// others by another name.
pub(crate) fn decide_pair(pair: &Pair<'_>, options: &Options) -> (Report, Option<Copied>) {
    either_name(pair, options, |pair| match sparse::prove(pair) {
        Some(stats) => Report::verified(stats),
        None => solve_pair(pair, options),
    })
}

/// The verdict on a pair as it is; or, if there is something to say of it and nothing
/// moves, on what it is if the result of a `bitcast` is a copy.
fn either_name(
    pair: &Pair<'_>,
    options: &Options,
    decide: impl Fn(&Pair<'_>) -> Report,
) -> (Report, Option<Copied>) {
    let report = decide(pair);
    let is_clean = report.outcome == Outcome::Verified && report.findings.is_empty();
    if is_clean || options.collector == Collector::Moving {
        return (report, None);
    }
    let Some(copied) = Copied::new(pair) else { return (report, None) };
    match Pair::new(&copied.before, &copied.declared, &copied.after) {
        Ok(renamed) => (Report { stats: report.stats, ..decide(&renamed) }, Some(copied)),
        Err(_) => (report, None),
    }
}

/// The fast way alone: proves a pair right, of which there is nothing to report, or
/// says nothing (`None`). [`verify`] tries this first.
///
/// It proves what the moving collector needs, which is all that any collector does.
///
/// # Errors
///
/// [`Unsupported`] if the pair is malformed, or something that matters is unknown.
///
/// Cost: linear in instructions, stack map entries, and (slot, join) pairs at which
/// the slot is needed.
pub fn prove(
    before: &Before,
    declared: &[Value],
    after: &After,
) -> Result<Option<Stats>, Unsupported> {
    match Pair::new(before, declared, after) {
        Ok(pair) => Ok(sparse::prove(&pair)),
        Err(NotAPair::Wrong(_)) => Ok(None),
        Err(NotAPair::Unsupported(reason)) => Err(reason),
    }
}

/// [`verify`] without the fast way: solves for the contents of every block. The
/// reference that the fast way is compared with.
///
/// Cost: blocks times the slots that are live in them, times the few sweeps it takes
/// to follow references around loops.
pub fn solve(before: &Before, declared: &[Value], after: &After, options: &Options) -> Report {
    match Pair::new(before, declared, after) {
        Ok(pair) => either_name(&pair, options, |pair| solve_pair(pair, options)).0,
        Err(why) => Report::not_a_pair(&why, before, after),
    }
}

fn solve_pair(pair: &Pair<'_>, options: &Options) -> Report {
    let stats = stats(pair);
    let plain = Plain::new(pair);
    let solution = contents::solve(pair, &plain, options.collector);
    let findings = match explain::findings(pair, options.collector, &solution) {
        Ok(findings) => findings,
        Err(reason) => return Report::unsupported(reason, stats),
    };
    let outcome = match (explain::is_violated(&findings), solution.failures.is_empty()) {
        (true, _) => Outcome::Violated,
        (false, true) => Outcome::Verified,
        (false, false) => Outcome::Internal(InternalError::new("a failure was not explained")),
    };
    Report { outcome, findings, stats, certified: false }
}

impl Report {
    /// A pair that is right, of which there is nothing else to say.
    pub fn verified(stats: Stats) -> Report {
        Report { outcome: Outcome::Verified, findings: Vec::new(), stats, certified: false }
    }

    /// A pair that is wrong, with the findings that say so.
    pub fn violated(findings: Vec<Finding>, stats: Stats) -> Report {
        Report { outcome: Outcome::Violated, findings, stats, certified: false }
    }

    /// Two programs that are no pair: wrong if they are as they must not be. Nothing is
    /// counted of them.
    pub(crate) fn not_a_pair(why: &NotAPair, before: &Before, after: &After) -> Report {
        let stats = Stats::default();
        match why {
            NotAPair::Unsupported(reason) => Report::unsupported(reason.clone(), stats),
            NotAPair::Wrong(parted) => match explain::parted(parted, before, after) {
                findings if findings.is_empty() => {
                    let error = InternalError::new("what is wrong was not found");
                    Report { outcome: Outcome::Internal(error), ..Report::verified(stats) }
                }
                findings => Report::violated(findings, stats),
            },
        }
    }

    fn unsupported(reason: Unsupported, stats: Stats) -> Report {
        Report {
            outcome: Outcome::Unsupported(reason),
            findings: Vec::new(),
            stats,
            certified: false,
        }
    }
}

fn stats(pair: &Pair<'_>) -> Stats {
    let mut tally = Tally::new(pair);
    for &block in pair.post_order() {
        pair.steps(block).for_each(|(_, step)| tally.step(pair, step));
    }
    tally.stats()
}
