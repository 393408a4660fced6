//! Where histories meet.

use fixedbitset::FixedBitSet;

use crate::cfg::Cfg;
use crate::model::Block;

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
    let mut joins = FixedBitSet::with_capacity(cfg.block_count());
    if events.is_clear() {
        return joins;
    }
    // By block, the history at its entry: `2b` begins at the entry of `b`, `2b + 1`
    // inside it.
    let mut entry: Vec<Option<usize>> = vec![None; cfg.block_count()];
    loop {
        entry.fill(None);
        entry[0] = Some(0);
        let leave = |block: Block, entry: &[Option<usize>]| match events.contains(block.index()) {
            true => Some(2 * block.index() + 1),
            false => entry[block.index()],
        };
        let known = joins.count_ones(..);
        for &block in post_order.iter().rev().filter(|block| block.index() != 0) {
            let mut histories =
                cfg.predecessors(block).iter().filter_map(|&(source, _)| leave(source, &entry));
            let first = histories.next();
            if histories.any(|history| Some(history) != first) {
                joins.insert(block.index());
            }
            entry[block.index()] = match joins.contains(block.index()) {
                true => Some(2 * block.index()),
                false => first,
            };
        }
        for &block in post_order {
            let assumed = entry[block.index()];
            let differs = cfg.predecessors(block).iter().any(|&(source, _)| {
                let history = leave(source, &entry);
                history.is_some() && history != assumed
            });
            if differs {
                joins.insert(block.index());
            }
        }
        if joins.count_ones(..) == known {
            return joins;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joins_of(rows: &[&[usize]], events: &[usize]) -> Vec<usize> {
        let rows = rows.iter().map(|row| row.iter().copied().map(Block::new));
        let cfg = Cfg::new(rows);
        let mut set = FixedBitSet::with_capacity(cfg.block_count());
        set.extend(events.iter().copied());
        joins(&cfg, &cfg.post_order(), &set).ones().collect()
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
