//! Fingerprints, which identify a finding over time even if line numbers change.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::printed::PrintedFinding;
use crate::record::Record;

/// Assigns a unique fingerprint to each finding of a run.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// The number of times that each hash was used in each input: the same defect may occur twice.
    given: HashMap<(String, String), usize>,
}

impl Fingerprints {
    /// Returns the fingerprints of the next finding.
    ///
    /// The first is the one that code scanning uses. By default it would be derived from the source
    /// line, and a log is often not available there.
    pub(super) fn next(
        &mut self,
        record: &Record,
        found: &PrintedFinding,
    ) -> [(&'static str, String); 2] {
        let hash = hash(record, found);
        let times = self.given.entry((record.input.clone(), hash.clone())).or_default();
        *times += 1;
        let value = format!("{hash}:{times}");
        [("primaryLocationLineHash", value.clone()), ("stackmapFinding/v1", value)]
    }
}

/// Returns a hash of the defect and its function. The input is not part of it: it is given by a
/// result's location.
fn hash(record: &Record, found: &PrintedFinding) -> String {
    let mut hasher = Sha256::new();
    let function = record.function.as_deref();
    let parts = [Some(found.code.code()), function, found.slot.as_deref()];
    for part in parts.into_iter().chain(found.values.iter().map(|value| Some(value.as_str()))) {
        hasher.update(part.unwrap_or_default());
        // No name contains a zero byte, so different lists of parts have different encodings.
        hasher.update([0]);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
