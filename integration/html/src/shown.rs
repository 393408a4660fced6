//! The functions of a page of functions, as far as others need to know them.

use std::collections::BTreeMap;

use stackmap_report::Verdict;
use stackmap_verifier::Stats;

/// A function that is shown.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) function: String,
    pub(crate) input: String,
    /// The verdicts on each form of it, which is named.
    pub(crate) forms: Vec<(&'static str, Verdict)>,
    /// The sizes of the first of them.
    pub(crate) stats: Stats,
    pub(crate) sections: Vec<String>,
}

/// The functions that are not shown.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    pub(crate) verdicts: BTreeMap<Verdict, usize>,
    pub(crate) names: Vec<(String, String)>,
}

impl LeftOut {
    pub(crate) fn count(&self) -> usize {
        self.verdicts.values().sum()
    }
}
