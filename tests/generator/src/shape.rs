//! Control-flow graphs.

use std::collections::BTreeSet;

use stackmap_oracle::dice::Dice;
use stackmap_oracle::features::{has_nested_loops, is_irreducible};
use stackmap_oracle::generate::{dominators, reachable};
use stackmap_oracle::program::{Source, SourceBlock};

/// A graph. No edge leads to block 0, since Cranelift does not allow that.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// By block, in the order of its terminator.
    pub(crate) successors: Vec<Vec<usize>>,
    /// The reachable blocks, one bit each.
    reachable: u64,
    /// By block the blocks on every path to it, one bit each.
    dominators: Vec<u64>,
}

impl Shape {
    pub(crate) fn roll(dice: &mut Dice<'_>) -> Shape {
        let count = dice.between(1, 9);
        let mut successors: Vec<Vec<usize>> = vec![Vec::new(); count];
        for block in 1..count {
            // Now and then a block is left out, and its successors with it.
            if !dice.chance(5) {
                successors[dice.below(block)].push(block);
            }
        }
        // Any further edge: back to a loop's head or into its middle, from a block to itself,
        // or parallel to an existing one.
        let more = if count > 1 { dice.below(count + 3) } else { 0 };
        for _ in 0..more {
            let from = dice.below(count);
            let to = match successors[from].last() {
                Some(&last) if dice.chance(20) => last,
                Some(_) | None if from > 0 && dice.chance(15) => from,
                Some(_) | None => dice.between(1, count - 1),
            };
            successors[from].push(to);
        }
        let graph = graph(&successors);
        let (reachable, dominators) = (reachable(&graph), dominators(&graph));
        Shape { successors, reachable, dominators }
    }

    pub(crate) fn is_reachable(&self, block: usize) -> bool {
        self.reachable >> block & 1 == 1
    }

    /// The blocks that every path to this one goes through before.
    pub(crate) fn above(&self, block: usize) -> Vec<usize> {
        let above = |&other: &usize| other != block && self.dominators[block] >> other & 1 == 1;
        match self.is_reachable(block) {
            true => (0..self.successors.len()).filter(above).collect(),
            // Any block will do, since no path leads there.
            false => vec![0],
        }
    }

    /// All blocks: each behind its dominators, and those that no path leads to
    /// at the end.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.successors.len()).collect();
        order.sort_by_key(|&b| (!self.is_reachable(b), self.dominators[b].count_ones()));
        order
    }

    pub(crate) fn features(&self, found: &mut BTreeSet<&'static str>) {
        let graph = graph(&self.successors);
        let mut add = |name, has: bool| {
            if has {
                found.insert(name);
            }
        };
        let blocks = self.successors.len();
        add("unreachable block", self.reachable.count_ones() as usize != blocks);
        add("irreducible loop", is_irreducible(&graph, self.reachable, &self.dominators));
        add("nested loops", has_nested_loops(&graph, self.reachable, &self.dominators));
        let mut entered = vec![0; blocks];
        self.successors.iter().flatten().for_each(|&to| entered[to] += 1);
        for (b, successors) in self.successors.iter().enumerate() {
            for (e, &to) in successors.iter().enumerate().filter(|_| self.is_reachable(b)) {
                add("self loop", to == b);
                add("duplicate successor", successors[..e].contains(&to));
                add("critical edge", successors.len() > 1 && entered[to] > 1);
            }
        }
    }
}

fn graph(successors: &[Vec<usize>]) -> Source {
    let block = |successors: &Vec<usize>| SourceBlock {
        edges: successors.iter().map(|&to| (to, Vec::new())).collect(),
        ..SourceBlock::default()
    };
    Source { blocks: successors.iter().map(block).collect(), ..Source::default() }
}
