//! The pictures of a finding: the blocks around its path, and the contents of slots.
//!
//! The size of a picture is bounded for every function: it has a limited number of blocks, rows and
//! points, selects the most informative ones, and states how many it left out.

mod chart;
mod focus;
mod graph;
mod path;
mod points;
mod rows;
mod view;
mod words;

use stackmap_verifier::Options;
use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::{After, Before, Value};
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::Timeline;

pub(crate) use chart::{Bar, Chart, Column, Group, Row, Visit};
pub(crate) use graph::{Edge as GraphEdge, Graph, Node as GraphNode, NodeKind};
pub(crate) use view::{LiveValue, Root, Safepoint};
pub use view::{View, view, view_alone};
pub(crate) use words::Look;

use path::Path;

/// The number of findings of a function that are drawn. The others are described in words.
const MOST_PICTURES: usize = 8;

/// The number of contents that may be computed for one chart.
const MOST_CONTENTS: usize = 400_000;

/// The pictures of one finding.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(crate) graph: Graph,
    /// The contents of slots on all paths, in the order of the text.
    pub(crate) layout: Option<Chart>,
    /// The contents of slots on the witness path.
    pub(crate) path: Chart,
}

/// Draws the findings of a pair, in order: only the first ones, if there are many. Returns an empty
/// list if the two programs do not align.
///
/// Cost: linear in the pair for each finding, and a bounded number of contents.
pub fn pictures(
    before: &Before,
    declared: &[Value],
    after: &After,
    options: &Options,
    findings: &[Finding],
) -> Vec<Picture> {
    let Ok(pair) = Pair::new(before, declared, after) else { return Vec::new() };
    let drawn = findings.iter().take(MOST_PICTURES);
    drawn.map(|finding| picture(&pair, options, finding)).collect()
}

fn picture(pair: &Pair<'_>, options: &Options, finding: &Finding) -> Picture {
    let path = Path::new(finding);
    let focus = focus::find(pair, options.collector, finding, &path);
    let mut rows = rows::choose(pair, Some(finding), &path, &focus.all);
    let mut timeline = Timeline::new(pair, options.collector, &rows.shown);
    let mut solved = timeline.solve(MOST_CONTENTS);
    if !solved {
        // The few rows that the finding is about may be feasible.
        rows.keep_focus();
        timeline = Timeline::new(pair, options.collector, &rows.shown);
        solved = timeline.solve(MOST_CONTENTS);
    }
    let clashes = path.clashes(pair, &timeline, &focus.wrong);
    let about = words::shown(&finding.message);
    let chart =
        chart::Maker { pair, timeline: &timeline, path: &path, rows: &rows, clashes, about };
    Picture {
        graph: graph::graph(pair, &path),
        layout: solved.then(|| chart.layout(&points::layout(pair, &path, &rows), &mut Vec::new())),
        path: chart.along_path(),
    }
}
