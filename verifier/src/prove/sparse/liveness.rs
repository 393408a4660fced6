//! Liveness of roots: whether anything reads them again.
//!
//! A node stands for a content that was read: by the collector as a root, through
//! an after parameter, or by entering a merge's block. Its parents are the nodes
//! that the content came from. What an observation reads is live, and so are the
//! parents of what is live; a root that is not live is dead (SM101).
//!
//! A location that one safepoint after the other lists, while nothing else reads it,
//! gets one node for all of them: the last of them is live if the others are, and
//! only with them.

use super::state::{NONE, Node};

/// The graph of contents. The first nodes are the locations, as parameters.
#[derive(Debug)]
pub(super) struct Liveness {
    nodes: Vec<Origin>,
    live: Vec<bool>,
    sources: Vec<Source>,
    /// The parameters and merges that became live, their sources still to be marked.
    due: Vec<Node>,
    roots: usize,
    live_roots: usize,
}

/// The source of a node's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The node is `count` roots in a row; the content of the first was read last by
    /// `parent`, or by `NONE`. Nothing but them has read it if it is `open`.
    Roots { parent: Node, count: u32, is_open: bool },
    /// The node is a parameter or a merge: its content came from its sources, of
    /// which this is the last.
    Sources { last: u32 },
}

/// The source of a parameter's or a merge's content on some edge.
#[derive(Clone, Copy, Debug)]
struct Source {
    parent: Node,
    /// The node's source before this one, or `NONE`.
    previous: u32,
}

impl Liveness {
    pub(super) fn new(locations: usize) -> Self {
        Liveness {
            nodes: vec![Origin::Sources { last: NONE }; locations],
            live: vec![false; locations],
            sources: Vec::new(),
            due: Vec::new(),
            roots: 0,
            live_roots: 0,
        }
    }

    fn add(&mut self, origin: Origin) -> Node {
        let node = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(origin);
        self.live.push(false);
        node
    }

    /// A root whose content was read last by `parent`, in the same block if
    /// `is_same_block`.
    pub(super) fn root(&mut self, parent: Node, is_same_block: bool) -> Node {
        self.roots += 1;
        if is_same_block
            && let Some(Origin::Roots { count, is_open: true, .. }) =
                self.nodes.get_mut(parent as usize)
        {
            *count += 1;
            return parent;
        }
        self.add(Origin::Roots { parent, count: 1, is_open: true })
    }

    pub(super) fn merge(&mut self) -> Node {
        self.add(Origin::Sources { last: NONE })
    }

    /// Something other than a root reads the content: roots to come are live or dead
    /// without the node.
    pub(super) fn close(&mut self, node: Node) {
        if let Some(Origin::Roots { is_open, .. }) = self.nodes.get_mut(node as usize) {
            *is_open = false;
        }
    }

    /// The content of a parameter or merge came from `parent` on some edge.
    pub(super) fn source(&mut self, node: Node, parent: Node) {
        if parent == NONE {
            return;
        }
        if let Some(Origin::Sources { last }) = self.nodes.get_mut(node as usize) {
            let previous = *last;
            *last = u32::try_from(self.sources.len()).unwrap_or(NONE);
            self.sources.push(Source { parent, previous });
        }
    }

    /// Something observes the content: the node is live, and the roots it came from.
    /// The sources of what these came from wait until the walk is over, and they are
    /// complete.
    pub(super) fn observe(&mut self, mut node: Node) {
        while let Some(live) = self.live.get_mut(node as usize) {
            if std::mem::replace(live, true) {
                return;
            }
            match self.nodes[node as usize] {
                Origin::Roots { parent, count, .. } => {
                    self.live_roots += count as usize;
                    node = parent;
                }
                Origin::Sources { .. } => return self.due.push(node),
            }
        }
    }

    /// Whether every root is live. To be asked when the walk is over.
    pub(super) fn all_roots_are_live(&mut self) -> bool {
        while let Some(node) = self.due.pop() {
            let Origin::Sources { mut last } = self.nodes[node as usize] else { continue };
            while let Some(&Source { parent, previous }) = self.sources.get(last as usize) {
                self.observe(parent);
                last = previous;
            }
        }
        self.live_roots == self.roots
    }
}
