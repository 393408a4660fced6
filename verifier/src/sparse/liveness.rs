//! Which roots anything reads again.
//!
//! A node stands for a content that was read: by the collector as a root, through
//! an after parameter, or by entering a merge's block. Its parents are the nodes
//! that the content came from. What an observation reads is live, and so are the
//! parents of what is live; a root that is not live is dead (SM101).

use fixedbitset::FixedBitSet;

use super::state::{NONE, Node};

/// The graph of contents. The first nodes are the locations, as parameters.
#[derive(Debug)]
pub(super) struct Liveness {
    locations: u32,
    /// Of each node but the first, where a root's content came from.
    parents: Vec<Parent>,
    /// Where a parameter's or a merge's content came from: `(node, parent)`.
    sources: Vec<(Node, Node)>,
    live: FixedBitSet,
}

#[derive(Clone, Copy, Debug)]
enum Parent {
    /// A root, and the node it was read from or `NONE`.
    Root(Node),
    /// A merge: its parents are among the sources.
    Merge,
}

impl Liveness {
    pub(super) fn new(locations: usize) -> Self {
        Liveness {
            locations: u32::try_from(locations).unwrap_or(NONE),
            parents: Vec::new(),
            sources: Vec::new(),
            live: FixedBitSet::new(),
        }
    }

    fn add(&mut self, parent: Parent) -> Node {
        let node = u32::try_from(self.parents.len()).unwrap_or(NONE);
        self.parents.push(parent);
        self.locations.saturating_add(node)
    }

    /// A root whose content was last read by `parent`.
    pub(super) fn root(&mut self, parent: Node) -> Node {
        self.add(Parent::Root(parent))
    }

    pub(super) fn merge(&mut self) -> Node {
        self.add(Parent::Merge)
    }

    /// The content of a parameter or merge came from `parent` on some edge.
    pub(super) fn source(&mut self, node: Node, parent: Node) {
        if parent != NONE {
            self.sources.push((node, parent));
        }
    }

    /// Something observes the content.
    pub(super) fn observe(&mut self, mut node: Node) {
        while node != NONE && !self.live.contains(node as usize) {
            self.live.grow_and_insert(node as usize);
            node = match self.parents.get(node.wrapping_sub(self.locations) as usize) {
                Some(&Parent::Root(parent)) => parent,
                // The sources are not complete before the walk is.
                Some(Parent::Merge) | None => NONE,
            };
        }
    }

    /// Whether every root is live.
    pub(super) fn all_roots_are_live(&mut self) -> bool {
        self.sources.sort_unstable();
        self.sources.dedup();
        let with_sources = |live: &FixedBitSet, node: Node| live.contains(node as usize);
        let mut work: Vec<Node> = Vec::new();
        let mut previous = NONE;
        for &(node, _) in &self.sources {
            if node != previous && with_sources(&self.live, node) {
                work.push(node);
            }
            previous = node;
        }
        while let Some(node) = work.pop() {
            let first = self.sources.partition_point(|&(child, _)| child < node);
            let count = self.sources[first..].iter().take_while(|&&(child, _)| child == node);
            for i in first..first + count.count() {
                self.spread(self.sources[i].1, &mut work);
            }
        }
        let first = self.locations as usize;
        let mut roots = self.parents.iter().zip(first..);
        roots.all(|(parent, node)| match parent {
            Parent::Root(_) => self.live.contains(node),
            Parent::Merge => true,
        })
    }

    /// Marks a node and the roots it came from; parameters and merges among these
    /// are left to do.
    fn spread(&mut self, mut node: Node, work: &mut Vec<Node>) {
        while node != NONE && !self.live.contains(node as usize) {
            self.live.grow_and_insert(node as usize);
            node = match self.parents.get(node.wrapping_sub(self.locations) as usize) {
                Some(&Parent::Root(parent)) => parent,
                Some(Parent::Merge) | None => {
                    work.push(node);
                    NONE
                }
            };
        }
    }
}
