//! The verdict on a pair, without a certificate.

use std::collections::BTreeSet;

use crate::Collector;
use crate::explain::{self, Anchor, Explained};
use crate::findings::{Finding, is_violated};
use crate::lint;
use crate::model::{After, Before};
use crate::options::Options;
use crate::prove::contents;
use crate::prove::copied::Copied;
use crate::prove::pair::{Declared, NotAPair, Pair};
use crate::prove::plain::Plain;
use crate::prove::sparse;
use crate::report::{InternalError, Outcome, Report, Stats};
use crate::stats::StatsBuilder;
use crate::unsupported::Unsupported;

/// The verdict on two programs.
pub(crate) fn decide(
    before: &Before,
    declared: Declared<'_, '_>,
    after: &After,
    options: &Options,
) -> Report {
    match Pair::expecting(before, declared, after) {
        Ok(pair) => decide_pair(&pair, options).0,
        Err(why) => Report::not_a_pair(&why, before, after),
    }
}

/// Returns the verdict on a pair, and the pair that was judged instead if some values were
/// taken to be copies of others.
pub(crate) fn decide_pair(pair: &Pair<'_>, options: &Options) -> (Report, Option<Copied>) {
    either_name(pair, options, |pair| match sparse::prove(pair) {
        Some(stats) => {
            let warnings = lint::warnings(pair, options.collector, &BTreeSet::new());
            Report { findings: in_order(warnings), ..Report::verified(stats) }
        }
        None => solve_pair(pair, options),
    })
}

/// Returns the verdict on a pair as it is. If that is not a verification without findings and
/// the collector does not move objects, the verdict on the pair in which results of `bitcast`
/// are copies is returned instead, if there are any.
pub(crate) fn either_name(
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
    match copied.pair() {
        Ok(renamed) => (Report { stats: report.stats, ..decide(&renamed) }, Some(copied)),
        Err(_) => (report, None),
    }
}

/// The verdict of the reference solver.
pub(crate) fn solve_pair(pair: &Pair<'_>, options: &Options) -> Report {
    let stats = stats(pair);
    let plain = Plain::new(pair);
    let solution = match contents::solve(pair, &plain, options.collector) {
        Ok(solution) => solution,
        Err(reason) => return Report::unsupported(reason, stats),
    };
    let Explained { mut findings, implicated } =
        match explain::explain(pair, options.collector, &solution) {
            Ok(explained) => explained,
            Err(reason) => return Report::unsupported(reason, stats),
        };
    findings.extend(lint::warnings(pair, options.collector, &implicated));
    let findings = in_order(findings);
    let outcome = match (is_violated(&findings), solution.failures.is_empty()) {
        (true, _) => Outcome::Violated,
        (false, true) => Outcome::Verified,
        (false, false) => Outcome::Internal(InternalError::new("a failure was not explained")),
    };
    Report { outcome, findings, stats, certified: false }
}

/// Sorts findings by the place in the input, and those of one place by code.
fn in_order(mut findings: Vec<(Anchor, Finding)>) -> Vec<Finding> {
    findings.sort_by(|(a, x), (b, y)| (a, x.code).cmp(&(b, y.code)));
    findings.into_iter().map(|(_, finding)| finding).collect()
}

impl Report {
    /// A verified pair with no findings.
    pub fn verified(stats: Stats) -> Report {
        Report { outcome: Outcome::Verified, findings: Vec::new(), stats, certified: false }
    }

    /// A violated pair, with its findings.
    pub fn violated(findings: Vec<Finding>, stats: Stats) -> Report {
        Report { outcome: Outcome::Violated, findings, stats, certified: false }
    }

    /// The report on two programs that are not a pair: violated if the spiller took an action
    /// that it must not. It contains no statistics.
    pub(crate) fn not_a_pair(why: &NotAPair, before: &Before, after: &After) -> Report {
        let stats = Stats::default();
        match why {
            NotAPair::Unsupported(reason) => Report::unsupported(reason.clone(), stats),
            NotAPair::Wrong => match explain::parted(before, after) {
                Ok(findings) if findings.is_empty() => {
                    let error = InternalError::new("what is wrong was not found");
                    Report { outcome: Outcome::Internal(error), ..Report::verified(stats) }
                }
                Ok(findings) => Report::violated(findings, stats),
                Err(reason) => Report::unsupported(reason, stats),
            },
        }
    }

    pub(crate) fn unsupported(reason: Unsupported, stats: Stats) -> Report {
        Report {
            outcome: Outcome::Unsupported(reason),
            findings: Vec::new(),
            stats,
            certified: false,
        }
    }
}

fn stats(pair: &Pair<'_>) -> Stats {
    let mut stats = StatsBuilder::new(pair);
    for &block in pair.post_order() {
        stats.enter(block);
        stats.params(pair, block);
        pair.steps(block).for_each(|(_, step)| stats.step(pair, step));
    }
    stats.stats()
}
