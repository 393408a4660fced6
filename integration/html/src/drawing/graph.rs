//! The control-flow graph around the witness path.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::{DiGraph, NodeIndex};
use stackmap_verifier::model::Block;
use stackmap_verifier::pair::Pair;

use super::path::Path;
use super::words::shown;

/// The number of blocks up to which all are drawn.
const ALL_BLOCKS: usize = 40;

/// The number of blocks of the path that are drawn if there are more.
const SOME_BLOCKS: usize = 20;

/// The blocks that are drawn, and the edges between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) blocks: DiGraph<Node, Edge>,
    /// The number of blocks that are neither drawn nor part of a stretch of the path.
    pub(crate) left_out: usize,
}

/// A block, or a part of the path in which nothing happens.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) kind: NodeKind,
    /// The number of its edges that lead to or from blocks that are not drawn.
    pub(crate) hidden_edges: usize,
}

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// A block beside the path.
    Beside,
    /// A block the path goes through.
    OnPath,
    /// The block the path ends in.
    End,
    /// Several blocks of the path.
    Stretch,
}

/// All edges from one block to another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edge {
    /// The positions in the path of the steps that take one of these edges, from 1.
    pub(crate) steps: Vec<usize>,
    /// Whether the edge closes a loop on the path.
    pub(crate) is_back_edge: bool,
    /// The number of these edges.
    pub(crate) count: usize,
}

/// The graph of a pair, drawn for a path.
pub(super) fn graph(pair: &Pair<'_>, path: &Path) -> Graph {
    let all: BTreeSet<Block> = pair.post_order().iter().copied().collect();
    let told = told(path, all.len() <= ALL_BLOCKS);
    let drawn: BTreeSet<Block> = match all.len() <= ALL_BLOCKS {
        true => all.clone(),
        false => told.iter().filter_map(|&hop| Some(path.hops.get(hop)?.block)).collect(),
    };
    let mut draft = Draft::new(pair, path, &drawn);
    draft.path(path, &told);
    let on_path: BTreeSet<Block> = path.hops.iter().map(|hop| hop.block).collect();
    let left_out = all.difference(&drawn).filter(|block| !on_path.contains(block)).count();
    Graph { blocks: draft.graph, left_out }
}

/// Returns the hops that are drawn individually: all of them, or the first and those at which
/// something happens, the last ones of these if there are many.
fn told(path: &Path, all: bool) -> Vec<usize> {
    let last = path.hops.len().saturating_sub(1);
    let is_told = |&hop: &usize| {
        let enters_loop = |hop: usize| path.hops.get(hop).is_some_and(|hop| hop.by_back_edge);
        let happens = path.events.range((hop, None)..(hop + 1, None)).next().is_some();
        all || hop == last || enters_loop(hop) || enters_loop(hop + 1) || happens
    };
    let told: Vec<usize> = (0..path.hops.len()).filter(is_told).collect();
    let skipped = if all { 0 } else { told.len().saturating_sub(SOME_BLOCKS) };
    let first = (!all && !path.hops.is_empty()).then_some(0);
    let mut told: Vec<usize> = first.into_iter().chain(told.into_iter().skip(skipped)).collect();
    told.dedup();
    told
}

/// A graph under construction.
struct Draft {
    graph: DiGraph<Node, Edge>,
    nodes: BTreeMap<Block, NodeIndex>,
}

impl Draft {
    /// Returns the drawn blocks, and the edges between them, with parallel edges merged.
    fn new(pair: &Pair<'_>, path: &Path, drawn: &BTreeSet<Block>) -> Self {
        let mut draft = Draft { graph: DiGraph::new(), nodes: BTreeMap::new() };
        let end = path.hops.last().map(|hop| hop.block);
        for &block in drawn {
            let kind = match path.hops.iter().any(|hop| hop.block == block) {
                _ if end == Some(block) => NodeKind::End,
                true => NodeKind::OnPath,
                false => NodeKind::Beside,
            };
            let sources = pair.cfg().predecessors(block).iter().map(|(source, _)| source);
            let sources = sources.filter(|source| pair.reachable().contains(source.index()));
            let others = sources.chain(pair.cfg().successors(block));
            let hidden_edges = others.filter(|other| !drawn.contains(other)).count();
            let name = shown(pair.after().block_name(block));
            let node = draft.graph.add_node(Node { name, kind, hidden_edges });
            draft.nodes.insert(block, node);
        }
        for &from in drawn {
            for to in pair.cfg().successors(from) {
                if let (Some(&from), Some(&to)) = (draft.nodes.get(&from), draft.nodes.get(to)) {
                    draft.edge(from, to).count += 1;
                }
            }
        }
        draft
    }

    /// Marks the path, and adds the nodes for the hops that are not drawn individually.
    fn path(&mut self, path: &Path, told: &[usize]) {
        let node = |draft: &Draft, hop: usize| {
            path.hops.get(hop).and_then(|hop| draft.nodes.get(&hop.block)).copied()
        };
        for (&from, &to) in told.iter().zip(told.iter().skip(1)) {
            let (Some(source), Some(target)) = (node(self, from), node(self, to)) else { continue };
            let is_back_edge = path.hops.get(to).is_some_and(|hop| hop.by_back_edge);
            if to == from + 1 {
                let edge = self.edge(source, target);
                edge.steps.push(to);
                edge.is_back_edge |= is_back_edge;
                continue;
            }
            let name = match to - from - 1 {
                1 => "1 block".to_owned(),
                blocks => format!("{blocks} blocks"),
            };
            let between =
                self.graph.add_node(Node { name, kind: NodeKind::Stretch, hidden_edges: 0 });
            let step = |step, is_back_edge| Edge { steps: vec![step], is_back_edge, count: 1 };
            self.graph.add_edge(source, between, step(from + 1, false));
            self.graph.add_edge(between, target, step(to, is_back_edge));
        }
    }

    /// Returns the edge between two nodes, which is added if it does not exist.
    fn edge(&mut self, from: NodeIndex, to: NodeIndex) -> &mut Edge {
        let edge = match self.graph.find_edge(from, to) {
            Some(edge) => edge,
            None => self.graph.add_edge(from, to, Edge::default()),
        };
        &mut self.graph[edge]
    }
}
