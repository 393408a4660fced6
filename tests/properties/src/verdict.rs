//! What must hold of the answer on any pair of models.

use stackmap_verifier::model::{After, Before, Value};
use stackmap_verifier::{Collector, Options, Outcome, check, verify};

pub(crate) const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// Asks for the verdict: there is one, and if it is "verified" with a certificate,
/// the checker alone agrees.
pub(crate) fn verdict(
    before: &Before,
    declared: &[Value],
    after: &After,
    collector: Collector,
) -> Outcome {
    let options = Options { collector };
    let report = verify(before, declared, after, &options);
    match &report.outcome {
        Outcome::Internal(error) => panic!("{collector:?}: {error}"),
        // A pair that was proved right some other way comes without one.
        Outcome::Verified if report.certificate.claims.is_empty() => {}
        Outcome::Verified => {
            let proved = check(before, declared, after, &options, &report.certificate);
            assert_eq!(proved, Ok(true), "{collector:?}: the certificate proves nothing");
        }
        Outcome::Violated | Outcome::Unsupported(_) => {}
    }
    report.outcome
}
