//! The JSON form of the verifier's counts.

use serde::{Deserialize, Serialize};
use stackmap_verifier::Stats;

/// The fields of [`Stats`], for serde.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
#[serde(remote = "Stats")]
pub(crate) struct StatsFields {
    blocks: usize,
    instructions: usize,
    references: usize,
    safepoints: usize,
    roots: usize,
    slots: usize,
    shared_slots: usize,
}

/// Returns whether the counts may be those of a function: each fits in 32 bits, so that sums of
/// them do not overflow.
pub fn are_possible(stats: Stats) -> bool {
    let Stats { blocks, instructions, references, safepoints, roots, slots, shared_slots } = stats;
    [blocks, instructions, references, safepoints, roots, slots, shared_slots]
        .into_iter()
        .all(|count| u32::try_from(count).is_ok())
}
