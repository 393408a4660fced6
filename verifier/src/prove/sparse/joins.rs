//! Joins: blocks at which histories of writes and safepoints meet.

use fixedbitset::FixedBitSet;

use crate::model::Block;
use crate::prove::cfg::Cfg;

/// The blocks at whose entry two different histories meet, if `events` are the
/// blocks in which something happens: the iterated dominance frontier of the
/// events, found by numbering histories instead of walking frontiers, which add up
/// to more than a constant for each block in a deep loop nest.
///
/// A history is named after the last event or join on it. Names are worked out
/// optimistically: a sweep in reverse post-order ignores the edges it has not seen
/// the source of, then those edges are compared with what was assumed, and the
/// blocks where they differ become joins for the next sweep.
///
/// Cost: a few sweeps over the edges, two if the graph is reducible and one more for
/// each level at which joins make further joins.
pub(super) fn joins(cfg: &Cfg, post_order: &[Block], events: &FixedBitSet) -> FixedBitSet {
    let mut search = Search {
        cfg,
        events,
        joins: FixedBitSet::with_capacity(cfg.block_count()),
        entry: vec![UNKNOWN; cfg.block_count()],
    };
    if !events.is_clear() {
        while search.sweep(post_order) {}
    }
    search.joins
}

/// A history: `2b` begins at the entry of block `b`, `2b + 1` inside it.
type History = usize;

/// No path has come by yet.
const UNKNOWN: History = usize::MAX;

struct Search<'g> {
    cfg: &'g Cfg,
    events: &'g FixedBitSet,
    joins: FixedBitSet,
    /// By block, the history at its entry.
    entry: Vec<History>,
}

impl Search<'_> {
    /// Names the histories of all blocks anew; whether there are more joins than
    /// before.
    fn sweep(&mut self, post_order: &[Block]) -> bool {
        let known = self.joins.count_ones(..);
        self.entry.fill(UNKNOWN);
        self.entry[0] = 0;
        for &block in post_order.iter().rev().filter(|block| block.index() != 0) {
            let first = self.arriving(block).next().unwrap_or(UNKNOWN);
            let differs = self.arriving(block).any(|history| history != first);
            if differs {
                self.joins.insert(block.index());
            }
            self.entry[block.index()] = match self.joins.contains(block.index()) {
                true => 2 * block.index(),
                false => first,
            };
        }
        for &block in post_order {
            // A block's only predecessor was swept before it.
            let assumed = self.entry[block.index()];
            let differs = self.cfg.predecessors(block).len() > 1
                && self.arriving(block).any(|history| history != assumed);
            if differs {
                self.joins.insert(block.index());
            }
        }
        self.joins.count_ones(..) > known
    }

    /// The known histories that the edges into a block bring.
    fn arriving(&self, block: Block) -> impl Iterator<Item = History> {
        let sources = self.cfg.predecessors(block).iter();
        let histories = sources.map(|(source, _)| match self.events.contains(source.index()) {
            true => 2 * source.index() + 1,
            false => self.entry[source.index()],
        });
        histories.filter(|&history| history != UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prove::cfg::Dominators;
    use crate::prove::cfg::tests::random;

    fn joins_of(rows: &[&[usize]], events: &[usize]) -> Vec<usize> {
        let rows = rows.iter().map(|row| row.iter().copied().map(Block::new));
        let cfg = Cfg::new(rows);
        let mut set = FixedBitSet::with_capacity(cfg.block_count());
        set.extend(events.iter().copied());
        joins(&cfg, &cfg.post_order(), &set).ones().collect()
    }

    /// The iterated dominance frontier of the events and the entry, by its definition.
    fn frontier(cfg: &Cfg, events: &FixedBitSet) -> FixedBitSet {
        let order = cfg.post_order();
        let dominators = Dominators::new(cfg, &order);
        let mut sources = events.clone();
        sources.insert(0);
        let mut joins = FixedBitSet::with_capacity(cfg.block_count());
        loop {
            let known = joins.count_ones(..);
            for &block in &order {
                let sources = sources.ones().map(Block::new).filter(|x| order.contains(x));
                let is_in = |x: Block| {
                    let mut edges = cfg.predecessors(block).iter();
                    edges.any(|&(from, _)| dominators.dominates(x, from))
                        && (x == block || !dominators.dominates(x, block))
                };
                if sources.into_iter().any(is_in) {
                    joins.insert(block.index());
                }
            }
            if joins.count_ones(..) == known {
                return joins;
            }
            sources.union_with(&joins);
        }
    }

    #[test]
    fn joins_are_the_iterated_dominance_frontier() {
        let mut several = 0;
        for seed in 0..2000 {
            let any = random(seed, 4 + usize::try_from(seed % 12).unwrap_or(0));
            // Nothing enters a function but its caller.
            let cfg = Cfg::new((0..any.block_count()).map(|block| {
                let targets = any.successors(Block::new(block)).iter();
                targets.map(|to| Block::new(to.index().max(1))).collect::<Vec<_>>()
            }));
            let mut events = FixedBitSet::with_capacity(cfg.block_count());
            let reached = cfg.reachable();
            events.extend(reached.ones().filter(|block| seed >> (block % 8) & 1 == 1));
            if events.is_clear() {
                continue;
            }
            let found = joins(&cfg, &cfg.post_order(), &events);
            assert_eq!(found, frontier(&cfg, &events), "seed {seed}");
            several += usize::from(found.count_ones(..) > 2);
        }
        assert!(several > 200, "{several}");
    }

    #[test]
    fn a_diamond_joins_if_one_arm_has_an_event() {
        let diamond: &[&[usize]] = &[&[1, 2], &[3], &[3], &[]];
        assert_eq!(joins_of(diamond, &[1]), [3]);
        assert_eq!(joins_of(diamond, &[0]), [0; 0]);
    }

    #[test]
    fn an_event_in_a_loop_makes_its_headers_joins_and_no_other() {
        // 1 and 2 are headers of nested loops, 4 of an inner loop without events.
        let nest: &[&[usize]] = &[&[1], &[2], &[3], &[4, 2], &[5], &[4, 6], &[1, 7], &[]];
        assert_eq!(joins_of(nest, &[3]), [1, 2]);
        assert_eq!(joins_of(nest, &[6]), [1]);
    }

    #[test]
    fn a_join_makes_further_joins() {
        // Two diamonds in a row with one more way around the second's entry.
        let graph: &[&[usize]] = &[&[1, 2, 5], &[3], &[3], &[5], &[], &[4]];
        assert_eq!(joins_of(graph, &[1]), [3, 5]);
    }
}
