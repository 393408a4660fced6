//! The verdict on a pair whose declared set is not certain.

use stackmap_verifier::model::Value;
use stackmap_verifier::{Options, Outcome, Report};
use thiserror::Error;

use crate::lower::Lowered;
use crate::pair::ClifPair;

/// The verdict depends on which of these values are declared.
///
/// Cranelift 0.119 to 0.131 prints all values up to the largest, see
/// [`crate::declared`]. A line `;! declare v0 v3` before the record says which are.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the verdict depends on whether {} are declared, which this log does not tell: Cranelift 0.119 to 0.131 prints all values up to the largest (say which are with a line `;! declare v0 v3` before the record)",
    .0.join(", ")
)]
pub struct Doubtful(pub Vec<String>);

impl ClifPair {
    /// The verifier's answer, if it does not depend on which of the
    /// [doubtful](Self::doubtful) values are declared.
    ///
    /// # Errors
    ///
    /// [`Doubtful`] if it does.
    pub fn verify(&self, options: &Options) -> Result<Report, Doubtful> {
        let all = self.comparison.verify(options);
        let Some(model) = self.model().filter(|_| !self.doubtful.is_empty()) else {
            return Ok(all);
        };
        let fewest = model.verify(&self.certain(model), options);
        match (&all.outcome, &fewest.outcome) {
            (Outcome::Verified, Outcome::Verified)
            | (Outcome::Unsupported(_), Outcome::Unsupported(_))
            | (Outcome::Internal(_), Outcome::Internal(_)) => Ok(all),
            // What is wrong with fewer declared values is wrong whatever is declared.
            (Outcome::Violated, Outcome::Violated) => Ok(fewest),
            (
                Outcome::Verified
                | Outcome::Violated
                | Outcome::Unsupported(_)
                | Outcome::Internal(_),
                _,
            ) => {
                let names = self.doubtful.iter();
                let names = names.map(|&value| model.before.value_name(value).to_string());
                Err(Doubtful(names.collect()))
            }
        }
    }

    /// The declared values without the [doubtful](Self::doubtful) ones.
    fn certain(&self, model: &Lowered) -> Vec<Value> {
        let declared = model.declared.iter().copied();
        declared.filter(|value| !self.doubtful.contains(value)).collect()
    }

    /// The declared values of `model`, the pair's own, that an outcome of
    /// [`ClifPair::verify`] is about.
    pub fn declared_for(&self, model: &Lowered, outcome: &Outcome) -> Vec<Value> {
        match outcome {
            Outcome::Violated => self.certain(model),
            Outcome::Verified | Outcome::Unsupported(_) | Outcome::Internal(_) => {
                model.declared.clone()
            }
        }
    }
}
