//! The summary of all results.

use stackmap_report::{Totals, Verdict};
use stackmap_verifier::findings::Severity;

/// The summary of all results.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) inputs: Vec<Input>,
    /// The functions that are shown, in order.
    pub(crate) shown: Vec<Entry>,
    /// The number of violated functions that are not shown.
    pub(crate) violated_left_out: usize,
    /// The number of functions with only warnings, or of which all is known, that are not shown.
    pub(crate) warned_left_out: usize,
    pub(crate) unjudged: usize,
    pub(crate) unjudged_left_out: usize,
}

/// An input and the sums over its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) totals: Totals,
}

/// A function that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) function: String,
    pub(crate) input: String,
    pub(crate) verdict: Verdict,
    /// Whether a baseline has all that is wrong with it.
    pub(crate) is_known: bool,
    pub(crate) severity: Severity,
    /// The code and message of its first finding.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The number of its other findings.
    pub(crate) more: usize,
}
