//! Blocks and the edges between them, which both programs have.

use super::entity::{Block, EdgeIndex, Pool, count};

/// The way in which control leaves a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// No exit was given: the block is malformed.
    Missing,
    /// The block's last operation has these successors; none for a return or trap.
    Edges { first: u32, count: u32 },
}

/// One control-flow edge: where it goes and what it passes to the block's
/// parameters. An argument is a *copy, not a use*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge<'a, O> {
    /// The block the edge enters.
    pub target: Block,
    /// One argument for each of the target's parameters, assigned in parallel.
    pub arguments: &'a [O],
}

/// Block-structured storage that both programs share: per block parameters, a run of items and
/// an exit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blocks<O> {
    pub(super) params: Vec<(u32, u32)>,
    /// The run of items (operations or instructions) each block owns.
    pub(super) items: Vec<(u32, u32)>,
    pub(super) exits: Vec<Exit>,
    pub(super) edges: Vec<(Block, u32, u32)>,
    pub(super) operands: Pool<O>,
}

impl<O> Default for Blocks<O> {
    fn default() -> Self {
        Blocks {
            params: Vec::new(),
            items: Vec::new(),
            exits: Vec::new(),
            edges: Vec::new(),
            operands: Pool::default(),
        }
    }
}

impl<O: Copy> Blocks<O> {
    pub(super) fn push(&mut self, params: &[O], first_item: u32) {
        let params = self.operands.extend(params.iter().copied());
        self.params.push(params);
        self.items.push((first_item, 0));
        self.exits.push(Exit::Missing);
    }

    pub(super) fn count_item(&mut self) {
        if let Some(items) = self.items.last_mut() {
            items.1 += 1;
        }
    }

    /// Sets the exit of the block under construction.
    pub(super) fn leave<'e>(&mut self, edges: impl IntoIterator<Item = (Block, &'e [O])>)
    where
        O: 'e,
    {
        let first = count(self.edges.len());
        for (target, arguments) in edges {
            let (start, len) = self.operands.extend(arguments.iter().copied());
            self.edges.push((target, start, len));
        }
        let count = count(self.edges.len()) - first;
        if let Some(exit) = self.exits.last_mut() {
            *exit = Exit::Edges { first, count };
        }
    }

    pub(super) fn edges(&self, block: Block) -> impl ExactSizeIterator<Item = Edge<'_, O>> + Clone {
        let range = match self.exits[block.index()] {
            Exit::Missing => 0..0,
            Exit::Edges { first, count } => first as usize..(first + count) as usize,
        };
        self.edges[range].iter().map(|&(target, start, len)| Edge {
            target,
            arguments: self.operands.get((start, len)),
        })
    }

    pub(super) fn edge(&self, block: Block, edge: EdgeIndex) -> Option<Edge<'_, O>> {
        self.edges(block).nth(edge.index())
    }
}
