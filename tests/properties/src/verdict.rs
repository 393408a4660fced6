//! The properties that must hold of the result on any pair of models.

use stackmap_verifier::model::{After, Before, Value};
use stackmap_verifier::{Collector, Options, Outcome, Unsupported, prove, solve, verify};

/// Both collectors.
pub const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// Verifies a pair. The result must be the same without the fast solver; if it is "verified",
/// the certificate checker must agree.
///
/// # Panics
///
/// If this does not hold.
pub fn verdict(
    before: &Before,
    declared: &[Value],
    after: &After,
    collector: Collector,
) -> Outcome {
    let options = Options { collector, certify: true };
    let report = verify(before, declared, after, &options);
    if let Outcome::Internal(error) = &report.outcome {
        panic!("{collector:?}: {error}");
    }
    let solved = solve(before, declared, after, &options);
    let undecided = matches!(solved.outcome, Outcome::Unsupported(Unsupported::Undecided { .. }));
    if undecided {
        // The fast solver may prove what the other leaves undecided.
        assert_ne!(report.outcome, Outcome::Violated, "{collector:?}: the two ways differ");
        return report.outcome;
    }
    assert_eq!(report.outcome, solved.outcome, "{collector:?}: the two ways differ");
    assert_eq!(report.findings, solved.findings, "{collector:?}: the two ways differ");
    assert_eq!(report.stats, solved.stats, "{collector:?}: the two ways differ");
    if let Ok(Some(_)) = prove(before, declared, after) {
        assert_eq!(solved.outcome, Outcome::Verified, "{collector:?}: proved the fast way");
    }
    if report.outcome == Outcome::Verified {
        assert!(report.certified, "{collector:?}: no certificate");
    }
    report.outcome
}
