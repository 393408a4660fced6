//! The control-flow graph: petgraph's dot, laid out by `layout-rs`, drawn by us.
//!
//! The layout gets the shape of the graph and the sizes of the labels, never the
//! labels: those are from outside. It draws blocks and edges in the order in which dot
//! lists them, which is how they are told apart here.

use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;
use layout::gv::{DotParser, GraphBuilder};
use maud::{Markup, html};
use petgraph::dot::{Config, Dot};
use petgraph::graph::{DiGraph, EdgeReference, NodeIndex};
use petgraph::visit::EdgeRef;

use super::{fit, numbers, rounded};
use crate::drawing::{Graph, GraphEdge, GraphNode, NodeKind};

/// The size of the layout's letters, which are squares.
const LETTER: usize = 12;

/// The width of a letter as it is drawn.
const DRAWN_LETTER: usize = 8;

/// How many letters of a block's name are drawn.
const MOST_LETTERS: usize = 24;

/// How many of the times the path takes an edge are listed at the edge.
const MOST_STEPS: usize = 4;

/// How far an arrow from a block to itself reaches out.
const LOOP: f64 = 28.0;

/// How far from the picture's edge things are.
const MARGIN: f64 = 14.0;

/// Draws a graph. `id` is unique in the page.
pub(crate) fn graph(graph: &Graph, id: &str) -> Markup {
    let Some(canvas) = lay_out(graph) else {
        return html! { p.note { "The graph could not be laid out." } };
    };
    let (left, top) = (canvas.least.x - MARGIN, canvas.least.y - MARGIN);
    let (width, height) = (
        canvas.most.x - canvas.least.x + 2.0 * MARGIN,
        canvas.most.y - canvas.least.y + 2.0 * MARGIN,
    );
    let view = [left, top, width, height].map(rounded).join(" ");
    let description = describe(graph);
    html! {
        svg.cfg role="img" viewBox=(view) width=(rounded(width)) height=(rounded(height))
            aria-labelledby={ (id) "-t " (id) "-d" } {
            title id={ (id) "-t" } { "Control-flow graph with the witness path" }
            desc id={ (id) "-d" } { (description) }
            @for (arrow, edge) in canvas.arrows.iter().zip(edge_order(graph)) {
                (draw_arrow(graph, &canvas, arrow, edge))
            }
            @for (rect, node) in canvas.boxes.iter().zip(graph.blocks.node_indices()) {
                (draw_block(graph, *rect, node))
            }
            @for (at, text) in &canvas.texts {
                text.step x=(rounded(at.x)) y=(rounded(at.y + 4.0)) { (text) }
            }
        }
    }
}

type Edge<'g> = EdgeReference<'g, GraphEdge>;

/// The edges in the order in which the layout draws them: those that lead from a block
/// to itself come last.
fn edge_order(graph: &Graph) -> impl Iterator<Item = Edge<'_>> {
    let is_loop = |edge: &Edge<'_>| edge.source() == edge.target();
    let edges = || graph.blocks.edge_references();
    edges().filter(move |edge| !is_loop(edge)).chain(edges().filter(is_loop))
}

fn describe(graph: &Graph) -> String {
    let name = |node| graph.blocks.node_weight(node).map_or("", |node| node.name.as_str());
    let mut steps: Vec<(usize, String)> = Vec::new();
    for edge in graph.blocks.edge_references() {
        let back = if edge.weight().is_back_edge { " by the back edge" } else { "" };
        let text = format!("{} to {}{back}", name(edge.source()), name(edge.target()));
        steps.extend(edge.weight().steps.iter().map(|&step| (step, text.clone())));
    }
    steps.sort();
    let steps: Vec<String> = steps.into_iter().take(40).map(|(_, text)| text).collect();
    match steps.is_empty() {
        true => format!("{} blocks; the path does not leave the entry.", graph.blocks.node_count()),
        false => format!(
            "{} blocks; the path goes {}.",
            graph.blocks.node_count(),
            steps.join(", then ")
        ),
    }
}

/// What the layout drew.
#[derive(Debug)]
struct Canvas {
    /// Each block's corner and size.
    boxes: Vec<(Point, Point)>,
    arrows: Vec<Arrow>,
    /// Labels of edges, with their centres.
    texts: Vec<(Point, String)>,
    least: Point,
    most: Point,
    /// Whether the next text is that of a block.
    in_block: bool,
}

#[derive(Debug)]
struct Arrow {
    path: Vec<(Point, Point)>,
    /// Whether there is a head at its start, and at its end.
    head: (bool, bool),
}

/// Lays a graph out by way of dot.
fn lay_out(graph: &Graph) -> Option<Canvas> {
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

fn draw_block(graph: &Graph, (corner, size): (Point, Point), node: NodeIndex) -> Markup {
    let Some(block) = graph.blocks.node_weight(node) else { return Markup::default() };
    let (class, mark) = match block.kind {
        NodeKind::Beside => ("block", ""),
        NodeKind::OnPath => ("block on-path", ""),
        NodeKind::End => ("block end", "✕ "),
        NodeKind::Stretch => ("block stretch", "… "),
    };
    let (x, y) = (corner.x + size.x / 2.0, corner.y + size.y / 2.0 + 4.0);
    let about = match (block.kind, block.hidden_edges) {
        (NodeKind::End, _) => format!("{}: the path ends here", block.name),
        (NodeKind::Stretch, _) => format!("{} of the path", block.name),
        (NodeKind::Beside | NodeKind::OnPath, 0) => block.name.clone(),
        (NodeKind::Beside | NodeKind::OnPath, hidden) => {
            format!("{}: {hidden} of its edges are not drawn", block.name)
        }
    };
    html! {
        g class=(class) {
            title { (about) }
            rect x=(rounded(corner.x)) y=(rounded(corner.y))
                width=(rounded(size.x)) height=(rounded(size.y)) rx="4" {}
            text x=(rounded(x)) y=(rounded(y)) { (mark) (fit(&block.name, MOST_LETTERS)) }
            @if block.hidden_edges > 0 {
                text.hidden x=(rounded(corner.x + size.x - 2.0)) y=(rounded(corner.y + size.y + 9.0)) {
                    "…"
                }
            }
        }
    }
}

fn draw_arrow(graph: &Graph, canvas: &Canvas, arrow: &Arrow, edge: Edge<'_>) -> Markup {
    let weight = edge.weight();
    let around = match edge.source() == edge.target() {
        true => canvas.boxes.get(edge.source().index()).map(|at| around(*at)),
        false => None,
    };
    let arrow = around.as_ref().unwrap_or(arrow);
    let class = match (weight.steps.is_empty(), weight.is_back_edge) {
        (true, _) => "edge",
        (false, false) => "edge on-path",
        (false, true) => "edge on-path back",
    };
    let name = |node| graph.blocks.node_weight(node).map_or("", |node| node.name.as_str());
    let path = match weight.steps.as_slice() {
        [] => String::new(),
        steps => format!(", step {} of the path", numbers(steps, 12)),
    };
    let back = if weight.is_back_edge { ", a back edge" } else { "" };
    let count = if weight.count > 1 { format!(", {} edges", weight.count) } else { String::new() };
    let (from, to) = (name(edge.source()), name(edge.target()));
    html! {
        g class=(class) {
            title { (from) " to " (to) (count) (back) (path) }
            path d=(curve(&arrow.path)) {}
            @if let (true, [(tip, control), ..]) = (arrow.head.0, arrow.path.as_slice()) {
                (head(*tip, *control))
            }
            @if let (true, [.., (control, tip)]) = (arrow.head.1, arrow.path.as_slice()) {
                (head(*tip, *control))
            }
        }
    }
}

/// An arrow from a block to itself, along its left side. The layout leaves room there,
/// but its own curve is too narrow to see.
fn around((corner, size): (Point, Point)) -> Arrow {
    let (x, y) = (corner.x, corner.y + size.y / 2.0);
    let (leave, enter) = (y + size.y * 0.3, y - size.y * 0.3);
    let bend = Point::new(x - LOOP, y);
    Arrow {
        path: vec![
            (Point::new(x, leave), Point::new(x - LOOP * 0.5, leave + LOOP * 0.4)),
            (Point::new(bend.x, y + size.y * 0.5), bend),
            (Point::new(x - LOOP * 0.5, enter - LOOP * 0.4), Point::new(x, enter)),
        ],
        head: (false, true),
    }
}

/// The path of an arrow: the first pair is a point and a control point, each other one
/// a control point and a point.
fn curve(path: &[(Point, Point)]) -> String {
    let at = |point: Point| format!("{} {}", rounded(point.x), rounded(point.y));
    let mut pairs = path.iter();
    let (Some(&(start, leave)), Some(&(enter, end))) = (pairs.next(), pairs.next()) else {
        return String::new();
    };
    let mut d = format!("M {} C {}, {}, {}", at(start), at(leave), at(enter), at(end));
    for &(enter, end) in pairs {
        d.push_str(&format!(" S {}, {}", at(enter), at(end)));
    }
    d
}

/// An arrow's head at `tip`, coming from `control`.
fn head(tip: Point, control: Point) -> Markup {
    let (dx, dy) = (tip.x - control.x, tip.y - control.y);
    let length = dx.hypot(dy).max(0.001);
    let (dx, dy) = (dx / length, dy / length);
    let (length, half) = (9.0, 4.0);
    let back = Point::new(tip.x - dx * length, tip.y - dy * length);
    let corners = [
        tip,
        Point::new(back.x - dy * half, back.y + dx * half),
        Point::new(back.x + dy * half, back.y - dx * half),
    ];
    let points: Vec<String> =
        corners.iter().map(|p| format!("{},{}", rounded(p.x), rounded(p.y))).collect();
    html! { polygon points=(points.join(" ")) {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any graph of as many blocks as are drawn: the layout must not fail.
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
        let drawn = super::graph(&graph, "g").into_string();
        assert!(drawn.contains("&quot;]; evil"), "{drawn}");
        assert!(drawn.contains("&lt;&amp;&gt;"), "{drawn}");
    }
}
