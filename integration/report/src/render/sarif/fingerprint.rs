//! What tells a finding from others over time, whatever happens to line numbers.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::printed::PrintedFinding;
use crate::record::Record;

/// Gives each finding of a run its own fingerprint.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// How often each was given: the same defect twice in one input.
    given: HashMap<(String, String), usize>,
}

impl Fingerprints {
    /// The fingerprints of the next finding.
    ///
    /// The first is the one code scanning goes by. It would be made of the line of
    /// the source otherwise, and a log is often not there to take one from.
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

/// A hash of what, and in which function. The input is not part of it: a result's
/// location tells that.
fn hash(record: &Record, found: &PrintedFinding) -> String {
    let mut hasher = Sha256::new();
    let function = record.function.as_deref();
    let parts = [Some(found.code.code()), function, found.slot.as_deref()];
    for part in parts.into_iter().chain(found.values.iter().map(|value| Some(value.as_str()))) {
        hasher.update(part.unwrap_or_default());
        // No name has it, so that no two lists of parts are alike.
        hasher.update([0]);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
