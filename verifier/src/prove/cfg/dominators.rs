//! The dominator tree.
//!
//! Semi-NCA (Georgiadis, "Linear-Time Algorithms for Dominators and Related
//! Problems", 2005, section 2.3.1), which LLVM and Cranelift use too. petgraph has
//! Cooper, Harvey and Kennedy's algorithm only: it walks up the tree at each join,
//! which is quadratic in the depth of a loop nest, and a verifier has to get
//! through generated code that nests loops ten thousand deep. A test compares the
//! two on random graphs.

use std::num::NonZeroU32;

use super::Cfg;
use crate::model::Block;

/// The number of a reachable block in preorder of the dominator tree.
///
/// It is kept plus one, so that an `Option` of it takes four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Preorder(NonZeroU32);

impl Preorder {
    /// The entry's number.
    pub(crate) const ENTRY: Preorder = Preorder(NonZeroU32::MIN);

    /// Returns the number at a position. There are fewer positions than ids of blocks.
    pub(crate) fn at(position: u32) -> Self {
        Preorder(NonZeroU32::MIN.saturating_add(position))
    }

    /// Returns the position in the order, from 0.
    pub(crate) fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }
}

/// The dominator tree of the reachable blocks, numbered in pre-order, so that
/// dominance is answered in constant time.
#[derive(Clone, Debug)]
pub struct Dominators {
    /// The reachable blocks in pre-order of the tree.
    preorder: Vec<Block>,
    /// By block, its number in that order; `None` for unreachable blocks.
    number: Vec<Option<Preorder>>,
    /// By number, the last number in the block's subtree.
    last: Vec<Preorder>,
    /// By number, the number of the immediate dominator; the entry's is its own.
    parent: Vec<Preorder>,
}

impl Dominators {
    /// Cost: almost linear in blocks and edges. `post_order` are the reachable
    /// blocks of `cfg` in post-order.
    pub fn new(cfg: &Cfg, post_order: &[Block]) -> Self {
        let tree = DepthFirst::new(cfg);
        let idom = tree.immediate_dominators(cfg);
        let parent = |block: Block| tree.vertex[idom[tree.number[block.index()] as usize] as usize];
        let entry = Block::new(0);

        // Post-order lists a dominator after all it dominates, so one sweep finds
        // the subtree sizes and the reverse one the numbers.
        let mut size = vec![1u32; cfg.block_count()];
        for &block in post_order.iter().filter(|&&block| block != entry) {
            size[parent(block).index()] += size[block.index()];
        }
        let mut dominators = Dominators {
            preorder: vec![entry; post_order.len()],
            number: vec![None; cfg.block_count()],
            last: vec![Preorder::ENTRY; post_order.len()],
            parent: vec![Preorder::ENTRY; post_order.len()],
        };
        // The position of the next child of each block.
        let mut next = vec![0u32; cfg.block_count()];
        for &block in post_order.iter().rev() {
            let above = parent(block);
            let position = next[above.index()];
            next[above.index()] += size[block.index()];
            next[block.index()] = position + 1;
            let number = Preorder::at(position);
            dominators.preorder[number.index()] = block;
            dominators.last[number.index()] = Preorder::at(position + size[block.index()] - 1);
            // The entry is above itself, and has no number yet.
            dominators.parent[number.index()] = dominators.number(above).unwrap_or(Preorder::ENTRY);
            dominators.number[block.index()] = Some(number);
        }
        dominators
    }

    /// The reachable blocks in preorder, each after its immediate dominator, with their numbers.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (Preorder, Block)> + use<'_> {
        (0..).map(Preorder::at).zip(self.preorder.iter().copied())
    }

    /// Returns a block's number in preorder, or `None` if it is unreachable.
    pub(crate) fn number(&self, block: Block) -> Option<Preorder> {
        self.number[block.index()]
    }

    /// Returns the number of the immediate dominator of the block with a number; the entry's
    /// own for the entry.
    pub(crate) fn parent(&self, number: Preorder) -> Preorder {
        self.parent[number.index()]
    }

    /// Whether the block with the number `above` dominates the one with the number `below`.
    pub(crate) fn covers(&self, above: Preorder, below: Preorder) -> bool {
        // Most often it is asked of one block, and then nothing is to be looked up.
        above == below || (above < below && below <= self.last[above.index()])
    }

    /// Whether every path from the entry to `below` goes through `above`. An
    /// unreachable block dominates nothing.
    pub fn dominates(&self, above: Block, below: Block) -> bool {
        let numbers = self.number(above).zip(self.number(below));
        numbers.is_some_and(|(above, below)| self.covers(above, below))
    }
}

/// A depth-first walk from the entry. Vertices are numbered in the order in which they are
/// entered, which is another one than that of [`Preorder`].
struct DepthFirst {
    vertex: Vec<Block>,
    /// By block; [`UNREACHED`] if unreachable.
    number: Vec<u32>,
    /// By number, the parent in the walk's tree.
    parent: Vec<u32>,
}

const UNREACHED: u32 = u32::MAX;

impl DepthFirst {
    fn new(cfg: &Cfg) -> Self {
        let entry = Block::new(0);
        let mut walk = DepthFirst {
            vertex: vec![entry],
            number: vec![UNREACHED; cfg.block_count()],
            parent: vec![0],
        };
        walk.number[0] = 0;
        let mut stack = vec![(entry, 0)];
        while let Some((block, edge)) = stack.last_mut() {
            let Some(&next) = cfg.successors(*block).get(*edge) else {
                stack.pop();
                continue;
            };
            *edge += 1;
            if walk.number[next.index()] == UNREACHED {
                // Fewer blocks than there are ids for them.
                walk.number[next.index()] = u32::try_from(walk.vertex.len()).unwrap_or(UNREACHED);
                walk.parent.push(walk.number[block.index()]);
                walk.vertex.push(next);
                stack.push((next, 0));
            }
        }
        walk
    }

    /// By number, the number of the immediate dominator.
    fn immediate_dominators(&self, cfg: &Cfg) -> Vec<u32> {
        let count = u32::try_from(self.vertex.len()).unwrap_or(UNREACHED);
        let mut forest = Forest {
            ancestor: self.parent.clone(),
            label: (0..count).collect(),
            semi: (0..count).collect(),
            path: Vec::new(),
        };
        for w in (1..count).rev() {
            let mut semi = self.parent[w as usize];
            for &(source, _) in cfg.predecessors(self.vertex[w as usize]) {
                let v = self.number[source.index()];
                if v != UNREACHED {
                    let u = forest.eval(v, w + 1);
                    semi = semi.min(forest.semi[u as usize]);
                }
            }
            forest.semi[w as usize] = semi;
        }
        // The immediate dominator is the nearest common ancestor of the parent and
        // the semidominator in the dominator tree so far.
        let mut idom = self.parent.clone();
        for w in 1..idom.len() {
            while idom[w] > forest.semi[w] {
                idom[w] = idom[idom[w] as usize];
            }
        }
        idom
    }
}

/// Lengauer and Tarjan's link-eval forest, with path compression.
struct Forest {
    ancestor: Vec<u32>,
    /// The vertex with the least semidominator on the compressed path.
    label: Vec<u32>,
    semi: Vec<u32>,
    path: Vec<u32>,
}

impl Forest {
    /// The vertex with the least semidominator on the path from the root of `v`'s
    /// tree, exclusive, to `v`. Vertices from `linked` on are linked to their
    /// parents.
    fn eval(&mut self, v: u32, linked: u32) -> u32 {
        let mut top = v;
        while self.ancestor[top as usize] >= linked {
            self.path.push(top);
            top = self.ancestor[top as usize];
        }
        let ancestor = self.ancestor[top as usize];
        let mut best = self.label[top as usize];
        while let Some(below) = self.path.pop() {
            let below = below as usize;
            self.ancestor[below] = ancestor;
            if self.semi[best as usize] < self.semi[self.label[below] as usize] {
                self.label[below] = best;
            } else {
                best = self.label[below];
            }
        }
        self.label[v as usize]
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::dominators::simple_fast;

    use super::super::node;
    use super::super::tests::random;
    use super::*;

    #[test]
    fn the_tree_is_petgraphs() {
        let mut deep = 0;
        for seed in 0..2000 {
            let cfg = random(seed, 2 + usize::try_from(seed).unwrap_or(0) % 40);
            let post_order = cfg.post_order();
            let dominators = Dominators::new(&cfg, &post_order);
            let naive = simple_fast(&cfg, node(Block::new(0)));
            for &below in &post_order {
                let number = dominators.number(below).expect("it is reachable");
                let parent = dominators.preorder[dominators.parent(number).index()];
                let expected = naive.immediate_dominator(node(below));
                let expected = expected.map_or(Block::new(0), super::super::block);
                assert_eq!(parent, expected, "seed {seed}, {below:?}");
                for &above in &post_order {
                    let expected = naive
                        .dominators(node(below))
                        .is_some_and(|mut all| all.any(|n| n == node(above)));
                    assert_eq!(dominators.dominates(above, below), expected, "seed {seed}");
                    deep += usize::from(expected && above != below && above != Block::new(0));
                }
            }
        }
        assert!(deep > 1000, "only {deep} blocks are dominated by anything but the entry");
    }

    #[test]
    fn unreachable_blocks_dominate_nothing() {
        let cfg = Cfg::new([vec![], vec![Block::new(0)]]);
        let dominators = Dominators::new(&cfg, &cfg.post_order());
        assert!(!dominators.dominates(Block::new(1), Block::new(0)));
        assert!(!dominators.dominates(Block::new(0), Block::new(1)));
    }
}
