//! The control-flow graph: converted to dot by petgraph, laid out by `layout-rs`, and drawn here.
//!
//! The layout draws blocks and edges in the order in which dot lists them, so they are identified
//! by their order here.

mod place;

use layout::core::geometry::Point;
use maud::{Markup, html};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::{fit, numbers, rounded};
use crate::drawing::{Graph, NodeKind};
use place::{Arrow, Canvas, Edge, MOST_LETTERS, lay_out};

/// The distance that an arrow from a block to itself extends from the block.
const LOOP: f64 = 28.0;

/// The margin of the picture.
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

/// Returns the edges in the order in which the layout draws them: edges from a block to itself come
/// last.
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

/// Returns an arrow from a block to itself, along its left side. The layout leaves room there, but
/// its own curve is too narrow to see.
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

/// Returns the path of an arrow: the first pair is a point and a control point, each other pair is
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

/// Returns an arrow's head at `tip`, coming from `control`.
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
