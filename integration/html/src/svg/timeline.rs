//! The slot timeline: a row for each slot, program points across.
//!
//! The names of the rows are a picture of their own, beside the one that scrolls.

use std::ops::Range;

use maud::{Markup, html};

use super::{fit, numbers};
use crate::drawing::{Bar, Chart, Column, Group, Look, Row};

/// The height of a row, and of the bar in it.
const ROW: usize = 32;
const BAR: usize = 20;

/// The width of a letter of a bar's text.
const LETTER: usize = 7;

/// The height of what is above the rows without the path: blocks, events and lines.
const HEAD: usize = 62;

/// The height of one stretch of the path, and how many there is room for.
const LANE: usize = 20;
const MOST_LANES: usize = 6;

/// How wide a chart is that just fills the page.
const PAGE: usize = 1040;

/// How many colours there are for values.
const COLORS: usize = 8;

/// Draws a timeline. `id` is unique in the page.
pub(crate) fn timeline(chart: &Chart, id: &str, title: &str) -> Markup {
    let plan = Plan::new(chart);
    html! {
        figure.timeline {
            svg.names aria-hidden="true" width=(plan.names) height=(plan.height)
                viewBox={ "0 0 " (plan.names) " " (plan.height) } {
                text.small x=(plan.names - 8) y="15" { "block" }
                text.small x=(plan.names - 8) y=(plan.events_y() + 4) { "event" }
                @if plan.lanes > 0 {
                    text.small x=(plan.names - 8) y=(plan.lane_y(0) + 4) { "path" }
                }
                text.small x=(plan.names - 8) y=(plan.lines_y()) { "line" }
                @for (i, row) in chart.rows.iter().enumerate() {
                    text.row.wrong[!row.clashes.is_empty()]
                        x=(plan.names - 8) y=(plan.row_y(i) + ROW / 2 + 4) {
                        @if !row.clashes.is_empty() { "✕ " }
                        (fit(&row.name, 18))
                    }
                }
            }
            div.scroll tabindex="0" role="group" aria-label=(title) {
                svg role="img" width=(plan.width) height=(plan.height)
                    viewBox={ "0 0 " (plan.width) " " (plan.height) }
                    aria-labelledby={ (id) "-t " (id) "-d" } {
                    title id={ (id) "-t" } { (title) }
                    desc id={ (id) "-d" } { (describe(chart)) }
                    (rows(chart, &plan))
                    @for group in &chart.groups { (block(group, &plan)) }
                    @for (i, column) in chart.columns.iter().enumerate() {
                        (point(column, i, &plan))
                    }
                    (path(chart, &plan))
                    @for (i, row) in chart.rows.iter().enumerate() {
                        (bars(row, i, &chart.about, &plan))
                    }
                    @for (i, column) in chart.columns.iter().enumerate() {
                        @if column.gap > 0 { (gap(column.gap, i, &plan)) }
                    }
                }
            }
        }
    }
}

/// Where everything goes.
struct Plan {
    column: usize,
    names: usize,
    width: usize,
    height: usize,
    lanes: usize,
    rows: usize,
}

impl Plan {
    fn new(chart: &Chart) -> Self {
        // Few columns fill the page, many scroll.
        let column = (PAGE / chart.columns.len().max(1)).clamp(40, 72);
        let longest = chart.rows.iter().map(|row| row.name.chars().count().min(18) + 2).max();
        let lanes = match lanes(chart).iter().map(|&(lane, ..)| lane + 1).max() {
            None => 0,
            Some(lanes) => lanes.min(MOST_LANES),
        };
        let rows = chart.rows.len();
        Plan {
            column,
            names: (longest.unwrap_or(0) * 8 + 16).max(56),
            width: chart.columns.len() * column + 12,
            height: HEAD + lanes * LANE + rows.max(1) * ROW + 8,
            lanes,
            rows,
        }
    }

    fn x(&self, column: usize) -> usize {
        column * self.column + 4
    }

    fn middle(&self, column: usize) -> usize {
        self.x(column) + self.column / 2
    }

    fn span(&self, columns: &Range<usize>) -> usize {
        columns.len() * self.column
    }

    fn events_y(&self) -> usize {
        33
    }

    fn lane_y(&self, lane: usize) -> usize {
        52 + lane * LANE
    }

    fn lines_y(&self) -> usize {
        HEAD + self.lanes * LANE - 6
    }

    fn row_y(&self, row: usize) -> usize {
        HEAD + self.lanes * LANE + row * ROW
    }

    fn bottom(&self) -> usize {
        self.row_y(self.rows)
    }
}

/// The stretches of the path, each with its lane: a path that goes back to the left
/// goes on one lane further down.
fn lanes(chart: &Chart) -> Vec<(usize, usize, Range<usize>, bool)> {
    let mut visits: Vec<(usize, Range<usize>, bool)> =
        chart.groups.iter().flat_map(|group| group.visits.iter().cloned()).collect();
    visits.sort_by_key(|(visit, ..)| *visit);
    let (mut lane, mut end) = (0, 0);
    let mut placed = Vec::new();
    for (visit, columns, by_back_edge) in visits {
        if columns.start < end {
            lane += 1;
        }
        end = columns.end;
        placed.push((lane, visit, columns, by_back_edge));
    }
    placed
}

fn describe(chart: &Chart) -> String {
    let mut parts = vec![format!(
        "{} rows, {} program points, {} of them safepoints.",
        chart.rows.len(),
        chart.columns.len(),
        chart.columns.iter().filter(|column| column.is_safepoint).count(),
    )];
    for row in &chart.rows {
        let bars = row.bars.iter().filter(|bar| bar.look != Look::Nothing).take(12);
        let bars: Vec<String> = bars
            .map(|bar| match line(chart, bar.columns.start) {
                Some(line) => format!("{} from line {line}", bar.about),
                None => bar.about.clone(),
            })
            .collect();
        let bars = if bars.is_empty() { "nothing is written".to_owned() } else { bars.join("; ") };
        let wrong = if row.clashes.is_empty() { "" } else { " (the clash)" };
        parts.push(format!("{}{wrong}: {bars}.", row.name));
    }
    parts.join(" ")
}

fn line(chart: &Chart, column: usize) -> Option<u32> {
    chart.columns.get(column).and_then(|column| column.line)
}

/// The stripes behind the bars.
fn rows(chart: &Chart, plan: &Plan) -> Markup {
    html! {
        @for i in 0..chart.rows.len() {
            rect.stripe.odd[i % 2 == 1] x="0" y=(plan.row_y(i)) width=(plan.width) height=(ROW) {}
        }
    }
}

fn block(group: &Group, plan: &Plan) -> Markup {
    let (x, width) = (plan.x(group.columns.start), plan.span(&group.columns));
    html! {
        g.group {
            title { (group.block) }
            rect x=(x + 1) y="2" width=(width.saturating_sub(2)) height="18" rx="3" {}
            text x=(x + width / 2) y="15" { (fit(&group.block, width / 8)) }
            path d={ "M " (x) " 2 V " (plan.bottom()) } {}
        }
    }
}

fn point(column: &Column, i: usize, plan: &Plan) -> Markup {
    let x = plan.middle(i);
    html! {
        @if column.is_safepoint {
            g.safepoint {
                title { "safepoint" @if let Some(line) = column.line { ", line " (line) } }
                path d={ "M " (x) " " (plan.lines_y() + 3) " V " (plan.bottom()) } {}
            }
        }
        @if !column.events.is_empty() {
            g.event {
                title { "event " (numbers(&column.events, 12)) " of the path" }
                circle cx=(x) cy=(plan.events_y()) r="9" {}
                text x=(x) y=(plan.events_y() + 4) {
                    (column.events.first().copied().unwrap_or(0))
                    @if column.events.len() > 1 { "+" }
                }
            }
        }
        @if let Some(line) = column.line {
            text.line.header[column.is_header] x=(x) y=(plan.lines_y()) { (line) }
        }
    }
}

/// Points that are left out, over everything.
fn gap(points: usize, i: usize, plan: &Plan) -> Markup {
    let line = format!("M{} 22V{}", plan.x(i), plan.bottom());
    html! {
        g.gap {
            title { (points) " points are left out here" }
            path d=(line) {}
            path d=(line) {}
        }
    }
}

/// The witness path over the columns it goes through.
fn path(chart: &Chart, plan: &Plan) -> Markup {
    let placed = lanes(chart);
    let last = placed.len();
    let shown = placed.iter().enumerate().filter(|(_, (lane, ..))| *lane < plan.lanes);
    html! {
        g.path {
            @for (i, (lane, visit, columns, by_back_edge)) in shown {
                @let y = plan.lane_y(*lane);
                @let (from, to) = (plan.x(columns.start) + 6, plan.x(columns.end) - 6);
                g {
                    title {
                        "block " (visit) " of the path"
                        @if *by_back_edge { ", entered by the back edge" }
                    }
                    path.taken.back[*by_back_edge] d={ "M " (from) " " (y) " H " (to) } {}
                    circle cx=(from) cy=(y) r="7" {}
                    text x=(from) y=(y + 4) { (visit) }
                    @if *by_back_edge {
                        text.back x=(from + 11) y=(y - 4) { "↩ back edge" }
                    }
                    @if i + 1 == last {
                        text.end x=(to) y=(y + 5) { "✕" }
                    }
                }
            }
        }
    }
}

/// Whether a bar has a text. That nothing was written is told only where it matters.
fn is_told(row: &Row, bar: &Bar) -> bool {
    let meets =
        |clash: &Range<usize>| clash.start < bar.columns.end && bar.columns.start < clash.end;
    bar.look != Look::Nothing || row.clashes.iter().any(meets)
}

fn bars(row: &Row, i: usize, about: &str, plan: &Plan) -> Markup {
    let y = plan.row_y(i) + (ROW - BAR) / 2;
    html! {
        g.row {
            title { (row.name) ": " (row.about) }
            @for held in row.bars.iter().filter(|bar| bar.look != Look::Nothing) {
                (bar(held, y, plan))
            }
            @for columns in &row.clashes { (clash(row, about, columns, y, plan)) }
            @for held in row.bars.iter().filter(|bar| is_told(row, bar)) {
                (bar_text(held, y, plan))
            }
            @if !row.roots.is_empty() { (dots(row, y + BAR, plan)) }
        }
    }
}

fn bar(bar: &Bar, y: usize, plan: &Plan) -> Markup {
    let (x, width) = (plan.x(bar.columns.start), plan.span(&bar.columns));
    html! {
        g class={ "bar " (look(bar.look)) } {
            title { (bar.about) }
            rect x=(x + 1) y=(y) width=(width - 2) height=(BAR) rx="3" {}
        }
    }
}

/// Above the hatching, and out of the way of the pointer.
fn bar_text(bar: &Bar, y: usize, plan: &Plan) -> Markup {
    let (x, width) = (plan.x(bar.columns.start), plan.span(&bar.columns));
    html! {
        text class={ "held " (look(bar.look)) } x=(x + 6) y=(y + BAR / 2 + 4) {
            (fit(&bar.text, (width - 8) / LETTER))
        }
    }
}

fn look(look: Look) -> String {
    match look {
        Look::Nothing => "unwritten".to_owned(),
        Look::Value(number) => format!("value c{}", number % COLORS),
        Look::Stale => "stale".to_owned(),
        Look::Mixed => "mixed".to_owned(),
        Look::Other => "other".to_owned(),
    }
}

/// A dot for each safepoint that lists the row. Rows have many: they are one line, of
/// stretches of no length with round ends.
fn dots(row: &Row, y: usize, plan: &Plan) -> Markup {
    let dots: Vec<String> =
        row.roots.iter().map(|&column| format!("M{} {y}h0", plan.middle(column))).collect();
    let dots = dots.concat();
    html! {
        g.root {
            title { (row.name) " is a root of these safepoints" }
            path d=(dots) {}
            path.hole d=(dots) {}
        }
    }
}

/// The red frame, with hatching, so that it shows without colours as well.
fn clash(row: &Row, about: &str, columns: &Range<usize>, y: usize, plan: &Plan) -> Markup {
    let (x, width) = (plan.x(columns.start), plan.span(columns));
    let (top, height) = (y - 3, BAR + 6);
    let hatch: Vec<String> = (0..width + height)
        .step_by(9)
        .map(|at| {
            // A line that goes up to the right, cut at the frame.
            let (x1, y1) = (at.min(width), at.saturating_sub(width));
            let (x2, y2) = (at.saturating_sub(height), at.min(height));
            format!("M{} {}L{} {}", x + x1, top + y1, x + x2, top + y2)
        })
        .collect();
    html! {
        g.clash {
            title { (row.name) ": " (about) }
            path.hatch d=(hatch.join("")) {}
            rect x=(x) y=(top) width=(width) height=(height) rx="3" {}
            text x=(x + width - 4) y=(top + height - 8) { "✕" }
        }
    }
}
