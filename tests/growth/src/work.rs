//! The operations that are measured on a text. Each returns whether the result is as expected.

use stackmap_clif::after_only::read_after_only;
use stackmap_clif::declared::Declared;
use stackmap_clif::log::Recordings;
use stackmap_clif::lower::Lowered;
use stackmap_clif::pair::{ClifPair, Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Options, Outcome, Report, solve, verify_after_only};

use crate::Pair;

fn text(text: &str) -> Text<'_> {
    Text { text, line: 1 }
}

/// Reads and lowers both functions.
pub fn read(pair: &Pair) -> Option<ClifPair> {
    let declared = Declared::exactly(pair.declared.clone());
    read_pair(text(&pair.before), text(&pair.after), &declared, AtLeast::UNKNOWN).ok()
}

/// Reads, lowers and judges the function after alone.
pub fn after_only(pair: &Pair) -> bool {
    let after_only = read_after_only(text(&pair.after), &[], AtLeast::UNKNOWN);
    after_only.is_ok_and(|after_only| {
        is_right(&verify_after_only(&after_only.program, &after_only.declared, &Options::default()))
    })
}

/// Verifies a pair that was read, the fast way.
pub fn verify(pair: &ClifPair) -> bool {
    pair.verify(&Options::default()).is_ok_and(|report| is_right(&report))
}

/// The same, with the reference solver.
pub fn solved(pair: &ClifPair) -> bool {
    pair.model().is_some_and(|Lowered { before, declared, after, .. }| {
        is_right(&solve(before, declared, after, &Options::default()))
    })
}

/// The same, with a certificate that is made and checked.
pub fn certified(pair: &ClifPair) -> bool {
    let options = Options { certify: true, ..Options::default() };
    pair.verify(&options).is_ok_and(|report| is_right(&report) && report.certified)
}

/// Reads a log, and returns whether it has exactly `count` functions and no error.
pub fn recordings(log: &str, count: usize) -> bool {
    let found: Vec<_> = Recordings::new(log.as_bytes()).collect();
    found.len() == count && found.iter().all(Result::is_ok)
}

fn is_right(report: &Report) -> bool {
    report.outcome == Outcome::Verified
}
