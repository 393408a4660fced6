//! Control-flow graphs without critical edges.

use crate::random::Random;

/// A graph. Block 0 is the entry, and every block is reached.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub(super) successors: Vec<Vec<usize>>,
    dominators: Vec<Option<usize>>,
}

impl Graph {
    /// Generates a graph of about `blocks` blocks: a spine, and forks from it through a block
    /// of their own to any block on the spine, or out of the function.
    pub(super) fn new(random: &mut Random, blocks: usize) -> Self {
        let mut successors: Vec<Vec<usize>> = vec![Vec::new(); blocks];
        let mut spine = Vec::new();
        let mut forks = Vec::new();
        let mut at = 0;
        while at < blocks {
            spine.push(at);
            if at + 3 < blocks && random.chance(75) {
                // Neither successor has another predecessor.
                successors[at] = vec![at + 1, at + 2];
                successors[at + 2] = vec![at + 3];
                forks.push(at + 1);
                at += 2;
            } else if at + 1 < blocks {
                successors[at] = vec![at + 1];
            }
            at += 1;
        }
        for fork in forks {
            let near: Vec<usize> = {
                let place = spine.partition_point(|&block| block < fork);
                spine[place.saturating_sub(4)..(place + 3).min(spine.len())].to_vec()
            };
            let among = if random.chance(80) { &near } else { &spine };
            // A branch back to the entry would give it a predecessor.
            if let Some(target) = random.pick(among).filter(|&target| target != 0) {
                successors[fork] = vec![target];
            }
        }
        let dominators = dominators(&successors);
        Graph { successors, dominators }
    }

    /// Returns the number of back edges of loops, and the number of edges into the middle of a
    /// loop. In a depth-first walk both go backwards, but only the former lead to a dominator.
    pub(super) fn loops(&self) -> (usize, usize) {
        let mut place = vec![usize::MAX; self.len()];
        for (i, block) in reverse_post_order(&self.successors).into_iter().enumerate() {
            place[block] = i;
        }
        let (mut around, mut into) = (0, 0);
        for (source, targets) in self.successors.iter().enumerate() {
            for &target in targets.iter().filter(|&&target| place[target] <= place[source]) {
                let above = |block: &usize| self.dominators[*block];
                match std::iter::successors(Some(source), above).any(|block| block == target) {
                    true => around += 1,
                    false => into += 1,
                }
            }
        }
        (around, into)
    }

    pub(super) fn len(&self) -> usize {
        self.successors.len()
    }

    /// The block's immediate dominator.
    pub(super) fn dominator(&self, block: usize) -> Option<usize> {
        self.dominators[block]
    }
}

/// Immediate dominators, after Cooper, Harvey and Kennedy.
fn dominators(successors: &[Vec<usize>]) -> Vec<Option<usize>> {
    let order = reverse_post_order(successors);
    let mut place = vec![usize::MAX; successors.len()];
    for (i, &block) in order.iter().enumerate() {
        place[block] = i;
    }
    let mut predecessors = vec![Vec::new(); successors.len()];
    for &block in &order {
        for &target in &successors[block] {
            predecessors[target].push(block);
        }
    }
    let mut found: Vec<Option<usize>> = vec![None; successors.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for &block in order.iter().skip(1) {
            let mut known: Option<usize> = None;
            for &source in &predecessors[block] {
                if source != order[0] && found[source].is_none() {
                    continue;
                }
                known = Some(match known {
                    None => source,
                    Some(mut other) => {
                        let mut source = source;
                        while source != other {
                            while place[source] > place[other] {
                                source = found[source].unwrap_or(order[0]);
                            }
                            while place[other] > place[source] {
                                other = found[other].unwrap_or(order[0]);
                            }
                        }
                        source
                    }
                });
            }
            changed |= found[block] != known;
            found[block] = known;
        }
    }
    found
}

fn reverse_post_order(successors: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; successors.len()];
    let mut order = Vec::new();
    let mut stack = vec![(0, 0)];
    seen[0] = true;
    while let Some((block, next)) = stack.pop() {
        match successors[block].get(next) {
            Some(&target) => {
                stack.push((block, next + 1));
                if !std::mem::replace(&mut seen[target], true) {
                    stack.push((target, 0));
                }
            }
            None => order.push(block),
        }
    }
    order.reverse();
    order
}
