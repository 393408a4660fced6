//! What a view is made of.

use stackmap_verifier::liveness::Liveness;
use stackmap_verifier::model::Block;
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::Timeline;

/// The analyses that a view is made of.
pub(super) struct Sources<'s> {
    pub(super) pair: &'s Pair<'s>,
    pub(super) timeline: &'s Timeline<'s>,
    pub(super) liveness: Option<&'s Liveness<'s>>,
}

impl Sources<'_> {
    /// Returns the reachable blocks, in the order of the text.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Block> + '_ {
        self.pair.reachable().ones().map(Block::new)
    }
}
