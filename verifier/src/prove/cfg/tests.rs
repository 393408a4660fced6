//! The graph's own facts, on random graphs and by hand.

use petgraph::visit::Dfs;

use super::{Cfg, Dominators, node};
use crate::model::{Block, EdgeIndex};

/// A graph of `blocks` blocks with up to three edges each, from a seed.
pub(crate) fn random(seed: u64, blocks: usize) -> Cfg {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % bound
    };
    let rows: Vec<Vec<Block>> =
        (0..blocks).map(|_| (0..next(4)).map(|_| Block::new(next(blocks))).collect()).collect();
    Cfg::new(rows)
}

fn graph(rows: &[&[usize]]) -> Cfg {
    Cfg::new(rows.iter().map(|row| row.iter().copied().map(Block::new)))
}

fn edges(cfg: &Cfg) -> impl Iterator<Item = (Block, EdgeIndex, Block)> {
    (0..cfg.block_count()).map(Block::new).flat_map(|source| {
        let targets = cfg.successors(source).iter().enumerate();
        targets.map(move |(edge, &target)| (source, EdgeIndex::new(edge), target))
    })
}

#[test]
fn predecessors_are_the_edges_by_target() {
    for seed in 0..200 {
        let cfg = random(seed, 12);
        for block in (0..12).map(Block::new) {
            let into = edges(&cfg).filter(|&(_, _, target)| target == block);
            let into: Vec<_> = into.map(|(source, edge, _)| (source, edge)).collect();
            assert_eq!(cfg.predecessors(block), into, "seed {seed}");
        }
    }
}

#[test]
fn edges_are_numbered_in_order() {
    let cfg = random(1, 12);
    let numbers = edges(&cfg).map(|(source, edge, _)| cfg.edge_number(source, edge));
    assert_eq!(numbers.collect::<Vec<_>>(), (0..cfg.edge_count()).collect::<Vec<_>>());
    assert!(cfg.edge_count() > 10);
}

#[test]
fn a_shortest_path_is_a_path_and_no_edge_shortens_it() {
    let (mut longest, mut unreached) = (0, 0);
    for seed in 0..200 {
        let cfg = random(seed, 12);
        let distances = cfg.distances();
        for (source, _, target) in edges(&cfg) {
            if let Some(distance) = distances[source.index()] {
                assert!(distances[target.index()].is_some_and(|other| other <= distance + 1));
            }
        }
        for to in (0..12).map(Block::new) {
            let reached = cfg.reachable().contains(to.index());
            let path = cfg.shortest_path(&distances, to);
            assert_eq!(path.is_some(), reached, "seed {seed}");
            assert_eq!(distances[to.index()].is_some(), reached, "seed {seed}");
            let Some(path) = path else {
                unreached += 1;
                continue;
            };
            let mut at = Block::new(0);
            for &(block, edge) in &path {
                assert_eq!(block, at, "seed {seed}");
                at = cfg.successors(block)[edge.index()];
            }
            assert_eq!(at, to, "seed {seed}");
            assert_eq!(u32::try_from(path.len()).ok(), distances[to.index()], "seed {seed}");
            longest = longest.max(path.len());
        }
    }
    assert!(longest > 4 && unreached > 100, "{longest}, {unreached}");
}

#[test]
fn post_order_lists_what_is_reached_and_children_before_their_parents() {
    // 0 -> 1 -> 2 -> 1 and 2 -> 3; 4 is not reached.
    let cfg = graph(&[&[1], &[2], &[1, 3], &[], &[3]]);
    assert_eq!(cfg.post_order(), [3, 2, 1, 0].map(Block::new));
    let reached: Vec<usize> = cfg.reachable().ones().collect();
    assert_eq!(reached, [0, 1, 2, 3]);
}

#[test]
fn a_walk_can_be_begun_again() {
    let cfg = graph(&[&[1], &[0]]);
    let mut walk = Dfs::new(&cfg, node(Block::new(0)));
    while walk.next(&cfg).is_some() {}
    walk.reset(&cfg);
    walk.move_to(node(Block::new(1)));
    assert_eq!(walk.next(&cfg), Some(node(Block::new(1))));
}

#[test]
fn edges_that_go_around_are_those_that_close_a_cycle() {
    for seed in 0..500 {
        let cfg = random(seed, 12);
        let (loops, post_order) = (cfg.loops(), cfg.post_order());
        let dominators = Dominators::new(&cfg, &post_order);
        let reached = |&(source, _, _): &(Block, EdgeIndex, Block)| post_order.contains(&source);
        // Without the edges that go around there is no cycle; and each of them closes one.
        let forward = edges(&cfg).filter(reached).filter(|&(a, _, b)| !loops.is_back_edge(a, b));
        let mut forward: Vec<(Block, Block)> = forward.map(|(a, _, b)| (a, b)).collect();
        while let Some(block) = forward
            .iter()
            .map(|edge| edge.0)
            .find(|&from| forward.iter().all(|&(_, to)| to != from))
        {
            forward.retain(|edge| edge.0 != block);
        }
        assert_eq!(forward, [], "seed {seed}");
        for (from, _, to) in edges(&cfg).filter(reached) {
            let mut walk = Dfs::new(&cfg, node(to));
            while walk.next(&cfg).is_some() {}
            let is_cycle = walk.discovered.contains(from.index());
            let is_back = loops.is_back_edge(from, to);
            assert!(is_cycle || !is_back, "seed {seed}");
            assert!(is_back || !dominators.dominates(to, from), "seed {seed}");
        }
    }
}

/// The edges that go around a loop, as pairs of blocks.
fn back_edges(rows: &[&[usize]]) -> Vec<(usize, usize)> {
    let cfg = graph(rows);
    let loops = cfg.loops();
    let back = edges(&cfg).filter(|&(source, _, target)| loops.is_back_edge(source, target));
    back.map(|(source, _, target)| (source.index(), target.index())).collect()
}

#[test]
fn the_edge_to_the_header_goes_around() {
    assert_eq!(back_edges(&[&[1], &[2], &[1, 3], &[]]), [(2, 1)]);
    assert_eq!(back_edges(&[&[0]]), [(0, 0)]);
    // An inner loop leaves by an edge to the header of the outer.
    assert_eq!(back_edges(&[&[1], &[2], &[2, 1, 3], &[]]), [(2, 2), (2, 1)]);
}

#[test]
fn no_edge_of_a_diamond_goes_around() {
    assert_eq!(back_edges(&[&[1, 2], &[3], &[3], &[]]), []);
    assert_eq!(back_edges(&[&[2, 1], &[3], &[3], &[]]), []);
}

#[test]
fn of_a_loop_with_two_entries_one_edge_goes_around() {
    // The depth-first walk enters the last target first.
    assert_eq!(back_edges(&[&[1, 2], &[2], &[1]]), [(1, 2)]);
    assert_eq!(back_edges(&[&[2, 1], &[2, 3], &[1], &[]]), [(2, 1)]);
}

#[test]
fn an_edge_from_one_loop_to_another_does_not_go_around() {
    // Loops with two entries each, one behind the other.
    let rows: &[&[usize]] = &[&[1, 2], &[2], &[1, 3, 4], &[4], &[3]];
    assert_eq!(back_edges(rows), [(1, 2), (3, 4)]);
}
