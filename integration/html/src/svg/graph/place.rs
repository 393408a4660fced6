//! The positions of blocks and edges.
//!
//! The layout receives the shape of the graph and the sizes of the labels, but never the labels
//! themselves, which are external strings.

use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;
use layout::gv::{DotParser, GraphBuilder};
use petgraph::dot::{Config, Dot};
use petgraph::graph::{DiGraph, EdgeReference, NodeIndex};

use crate::drawing::{Graph, GraphEdge, GraphNode};
use crate::svg::{fit, numbers};

pub(super) type Edge<'g> = EdgeReference<'g, GraphEdge>;

/// The size of the layout's letters, which are square.
const LETTER: usize = 12;

/// The width of a letter as it is drawn.
const DRAWN_LETTER: usize = 8;

/// The number of letters of a block's name that are drawn.
pub(super) const MOST_LETTERS: usize = 24;

/// The maximum number of steps of the path that are listed at an edge.
const MOST_STEPS: usize = 4;

/// The result of the layout.
#[derive(Debug)]
pub(super) struct Canvas {
    /// Each block's corner and size.
    pub(super) boxes: Vec<(Point, Point)>,
    pub(super) arrows: Vec<Arrow>,
    /// Labels of edges, with their centres.
    pub(super) texts: Vec<(Point, String)>,
    pub(super) least: Point,
    pub(super) most: Point,
    /// Whether the next text is that of a block.
    in_block: bool,
}

#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) path: Vec<(Point, Point)>,
    /// Whether there is an arrowhead at the start, and at the end.
    pub(super) head: (bool, bool),
}

/// Lays out a graph by converting it to dot.
pub(super) fn lay_out(graph: &Graph) -> Option<Canvas> {
    let node_attributes = |_: &DiGraph<_, _>, (_, node): (NodeIndex, &GraphNode)| {
        let letters = fit(&node.name, MOST_LETTERS).chars().count() + 2;
        let label = "x".repeat((letters * DRAWN_LETTER).div_ceil(LETTER));
        format!("shape=\"box\" fontsize=\"{LETTER}\" label=\"{label}\"")
    };
    let edge_attributes = |_: &DiGraph<_, _>, edge: Edge<'_>| {
        let label = numbers(&edge.weight().steps, MOST_STEPS);
        format!("fontsize=\"{LETTER}\" label=\"{label}\"")
    };
    let config = [Config::NodeNoLabel, Config::EdgeNoLabel];
    let dot = Dot::with_attr_getters(&graph.blocks, &config, &edge_attributes, &node_attributes);
    let parsed = DotParser::new(&format!("{dot:?}")).process().ok()?;
    let mut builder = GraphBuilder::new();
    builder.visit_graph(&parsed);
    let mut canvas = Canvas {
        boxes: Vec::new(),
        arrows: Vec::new(),
        texts: Vec::new(),
        least: Point::new(f64::MAX, f64::MAX),
        most: Point::new(f64::MIN, f64::MIN),
        in_block: false,
    };
    builder.get().do_it(false, false, false, &mut canvas);
    let complete = canvas.boxes.len() == graph.blocks.node_count()
        && canvas.arrows.len() == graph.blocks.edge_count();
    complete.then_some(canvas)
}

impl Canvas {
    fn grow(&mut self, at: Point) {
        self.least = Point::new(self.least.x.min(at.x), self.least.y.min(at.y));
        self.most = Point::new(self.most.x.max(at.x), self.most.y.max(at.y));
    }
}

impl RenderBackend for Canvas {
    fn draw_rect(
        &mut self,
        xy: Point,
        size: Point,
        _: &StyleAttr,
        _: Option<String>,
        _: Option<ClipHandle>,
    ) {
        self.grow(xy);
        self.grow(xy.add(size));
        self.boxes.push((xy, size));
        self.in_block = true;
    }

    // Neither is used for boxes and arrows.
    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}
    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, xy: Point, text: &str, _: &StyleAttr) {
        if !std::mem::take(&mut self.in_block) {
            self.grow(Point::new(xy.x - 8.0, xy.y));
            self.grow(Point::new(xy.x + 8.0, xy.y));
            self.texts.push((xy, text.to_owned()));
        }
    }

    fn draw_arrow(
        &mut self,
        path: &[(Point, Point)],
        _: bool,
        head: (bool, bool),
        _: &StyleAttr,
        _: Option<String>,
        _: &str,
    ) {
        for (first, second) in path {
            self.grow(*first);
            self.grow(*second);
        }
        self.arrows.push(Arrow { path: path.to_vec(), head });
    }

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::NodeKind;

    /// The layout must not fail for any graph with as many blocks as are drawn.
    #[test]
    fn graphs_of_every_kind_are_laid_out() {
        let mut state = 1u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            usize::try_from(state >> 33).unwrap_or(0) % below
        };
        for round in 0..24 {
            let blocks = 1 + next(40);
            let mut graph = Graph::default();
            for i in 0..blocks {
                let name = format!("block{i}");
                graph.blocks.add_node(GraphNode { name, kind: NodeKind::Beside, hidden_edges: 0 });
            }
            for _ in 0..next(2 * blocks) {
                let (from, to) = (NodeIndex::new(next(blocks)), NodeIndex::new(next(blocks)));
                let steps = if next(3) == 0 { vec![next(9), next(9)] } else { Vec::new() };
                let edge = GraphEdge { steps, is_back_edge: false, count: 1 };
                graph.blocks.update_edge(from, to, edge);
            }
            assert!(lay_out(&graph).is_some(), "round {round}");
        }
    }

    #[test]
    fn names_are_not_part_of_the_dot() {
        let mut graph = Graph::default();
        let name = "\"]; evil [label=\"<&>".to_owned();
        graph.blocks.add_node(GraphNode { name, kind: NodeKind::End, hidden_edges: 1 });
        let drawn = crate::svg::graph(&graph, "g").into_string();
        assert!(drawn.contains("&quot;]; evil"), "{drawn}");
        assert!(drawn.contains("&lt;&amp;&gt;"), "{drawn}");
    }
}
