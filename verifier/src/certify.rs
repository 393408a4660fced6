//! Verdicts that carry their proof.

use crate::Collector;
use crate::certificate::{Certificate, Rejected, check};
use crate::decide::decide_pair;
use crate::model::{After, Before, Value};
use crate::options::Options;
use crate::prove::contents;
use crate::prove::pair::{Declared, Pair};
use crate::report::{InternalError, Outcome, Report};
use crate::unsupported::Unsupported;

/// Verifies a pair as [`verify`](crate::verify()) does, and returns the report with a
/// certificate. If the pair is verified, [`certificate::check`](crate::certificate::check())
/// accepts the certificate; if the pair is violated, it rejects it. There is no certificate if
/// the pair is unsupported, if the two programs do not run in lockstep, or if the pair is right
/// only because objects do not move and the result of a `bitcast` is a copy. A pair that is
/// verified, but whose proof is [too large](Unsupported::TooLarge), is unsupported.
///
/// The certificate is always made by the reference solver, whichever solver decides the pair.
/// If the reference solver does not agree that the pair is right, the outcome is an [internal
/// error](Outcome::Internal).
///
/// Cost: that of verifying the pair, and of the liveness of all its values.
pub fn certify(
    before: &Before,
    declared: &[Value],
    after: &After,
    options: &Options,
) -> (Report, Option<Certificate>) {
    let pair = match Pair::new(before, declared, after) {
        Ok(pair) => pair,
        Err(why) => return (Report::not_a_pair(&why, before, after), None),
    };
    let (report, copied) = decide_pair(&pair, options);
    match copied {
        None => prove(&pair, report, options),
        Some(_) => {
            let is_right = report.outcome == Outcome::Verified;
            match proof(&pair, options) {
                Ok((certificate, is_proof)) => {
                    (report, (is_right && is_proof).then_some(certificate))
                }
                Err(reason) => (report.without_proof(reason), None),
            }
        }
    }
}

/// Returns the claims of the reference solver, and whether they prove the pair.
fn proof(pair: &Pair<'_>, options: &Options) -> Result<(Certificate, bool), Unsupported> {
    // A proof under a moving collector also holds under one that does not move objects.
    let (certificate, is_proof) = contents::certificate(pair, Collector::Moving)?;
    if is_proof || options.collector == Collector::Moving {
        return Ok((certificate, is_proof));
    }
    contents::certificate(pair, options.collector)
}

/// The verdict on a pair, with the certificate.
fn prove(pair: &Pair<'_>, report: Report, options: &Options) -> (Report, Option<Certificate>) {
    let (certificate, is_proof) = match proof(pair, options) {
        Ok(proof) => proof,
        Err(reason) => return (report.without_proof(reason), None),
    };
    match (&report.outcome, is_proof) {
        (Outcome::Verified, false) => {
            let error = InternalError::new("the reference solver finds no proof");
            (report.contradicted(error), Some(certificate))
        }
        (Outcome::Unsupported(_), _) => (report, None),
        (Outcome::Verified | Outcome::Violated | Outcome::Internal(_), _) => {
            (report, Some(certificate))
        }
    }
}

/// Verifies a pair and, if it is verified, has its certificate checked.
pub(crate) fn certified(
    before: &Before,
    declared: Declared<'_, '_>,
    after: &After,
    options: &Options,
) -> Report {
    let pair = match Pair::expecting(before, declared, after) {
        Ok(pair) => pair,
        Err(why) => return Report::not_a_pair(&why, before, after),
    };
    let (report, copied) = decide_pair(&pair, options);
    let Some(copied) = copied else { return checked(&pair, declared, options, report) };
    match copied.pair() {
        Ok(renamed) => checked(&renamed, copied.references(), options, report),
        Err(_) => report,
    }
}

/// The verdict on a pair with these references, if its certificate is accepted.
fn checked(
    pair: &Pair<'_>,
    declared: Declared<'_, '_>,
    options: &Options,
    report: Report,
) -> Report {
    let (report, certificate) = prove(pair, report, options);
    let Some(certificate) = certificate.filter(|_| report.outcome == Outcome::Verified) else {
        return report;
    };
    let declared: Vec<Value> = declared.all().collect();
    let checked = check(pair.before(), &declared, pair.after(), options.collector, &certificate);
    Report { certified: checked.is_ok(), ..report }.rejected(checked.err())
}

impl Report {
    /// Returns the report unchanged unless its certificate was rejected. In that case the
    /// solver or the checker is wrong, and it is unknown which.
    fn rejected(self, why: Option<Rejected>) -> Report {
        let Some(why) = why else { return self };
        self.contradicted(InternalError::new(format!("the certificate is rejected: {why}")))
    }

    /// Returns the report unchanged unless the pair is verified. A verified pair becomes
    /// unsupported, since its proof would be too large.
    fn without_proof(self, reason: Unsupported) -> Report {
        match self.outcome {
            Outcome::Verified => Report::unsupported(reason, self.stats),
            Outcome::Violated | Outcome::Unsupported(_) | Outcome::Internal(_) => self,
        }
    }

    fn contradicted(self, error: InternalError) -> Report {
        Report { outcome: Outcome::Internal(error), certified: false, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::{Place, Rule};
    use crate::model::Block;
    use crate::report::Stats;

    #[test]
    fn a_rejected_certificate_is_an_internal_error() {
        let (outcome, stats) = (Outcome::Verified, Stats::default());
        let report = Report { outcome, findings: Vec::new(), stats, certified: true };
        assert_eq!(report.clone().rejected(None).outcome, Outcome::Verified);
        let (expected, found) = ("one thing".to_owned(), "another".to_owned());
        let why = Rejected { rule: Rule::S2, at: Place::Block(Block::new(3)), expected, found };
        let report = report.rejected(Some(why));
        assert!(!report.certified);
        let Outcome::Internal(error) = report.outcome else { panic!("{:?}", report.outcome) };
        assert_eq!(
            error.to_string(),
            "internal error, please report it: the certificate is rejected: S2 at block#3: \
             expected one thing, found another"
        );
    }
}
