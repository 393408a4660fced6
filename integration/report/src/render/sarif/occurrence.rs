//! Tells findings with one fingerprint apart: the same defect may occur twice.

use std::collections::HashMap;

use crate::printed::PrintedFinding;
use crate::record::Record;

/// The fingerprints of the results so far.
#[derive(Default)]
pub(super) struct Occurrences {
    /// The number of results of each input with each fingerprint.
    given: HashMap<(String, String), usize>,
}

impl Occurrences {
    /// Returns the fingerprints of the next finding in a report; none if it was not given one.
    ///
    /// The first is the one that code scanning uses. By default it would be derived from the source
    /// line, and a log is often not available there.
    pub(super) fn next(
        &mut self,
        record: &Record,
        found: &PrintedFinding,
    ) -> Vec<(&'static str, String)> {
        let Some(fingerprint) = &found.fingerprint else { return Vec::new() };
        let times = self.given.entry((record.input.clone(), fingerprint.clone())).or_default();
        *times += 1;
        let value = format!("{fingerprint}:{times}");
        vec![("primaryLocationLineHash", value.clone()), ("stackmapFinding/v2", value)]
    }
}
