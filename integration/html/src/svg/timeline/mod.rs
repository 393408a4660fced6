//! The slot timeline: a row for each slot, program points across.
//!
//! The names of the rows are a separate picture, beside the one that scrolls.

mod bars;
mod plan;

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{fit, numbers};
use crate::drawing::{Chart, Column, Group, Look};
use bars::bars;
pub(crate) use bars::look;
use plan::{MOST_LETTERS, Plan, ROW, lanes};

/// The numbers of the safepoints that are shown elsewhere on the page, with what their ids begin
/// with.
pub(crate) type Links<'l> = (&'l str, &'l BTreeSet<usize>);

/// No safepoint is shown elsewhere.
pub(crate) const NO_LINKS: Links<'static> = ("", &BTreeSet::new());

/// Draws a timeline. `id` is unique in the page.
pub(crate) fn timeline(chart: &Chart, id: &str, title: &str, links: Links<'_>) -> Markup {
    let plan = Plan::new(chart);
    html! {
        figure.timeline {
            // In print, the style sheet scales both by these values.
            svg.names aria-hidden="true" style={ "--width:" (plan.names) } width=(plan.names) height=(plan.height)
                viewBox={ "0 0 " (plan.names) " " (plan.height) } {
                text.small x=(plan.names - 8) y="15" { "block" }
                @if chart.columns.iter().any(|column| !column.events.is_empty()) {
                    text.small x=(plan.names - 8) y=(plan.events_y() + 4) { "event" }
                }
                @if plan.lanes > 0 {
                    text.small x=(plan.names - 8) y=(plan.lane_y(0) + 4) { "path" }
                }
                text.small x=(plan.names - 8) y=(plan.lines_y()) { "line" }
                @for (i, row) in chart.rows.iter().enumerate() {
                    text.row.wrong[!row.clashes.is_empty()].live[i >= chart.slots]
                        x=(plan.names - 8) y=(plan.row_y(i) + ROW / 2 + 4) {
                        @if !row.clashes.is_empty() { "✕ " }
                        (fit(&row.name, MOST_LETTERS))
                    }
                }
            }
            div.scroll tabindex="0" role="group" aria-label=(title)
                style={ "--width:" (plan.width) } {
                svg role="img" width=(plan.width) height=(plan.height)
                    viewBox={ "0 0 " (plan.width) " " (plan.height) }
                    aria-labelledby={ (id) "-t " (id) "-d" } {
                    title id={ (id) "-t" } { (title) }
                    desc id={ (id) "-d" } { (describe(chart)) }
                    (rows(chart, &plan))
                    @for group in &chart.groups { (block(group, &plan)) }
                    @for (i, column) in chart.columns.iter().enumerate() {
                        (point(column, i, &plan, links))
                    }
                    (path(chart, &plan))
                    @for (i, row) in chart.rows.iter().enumerate() {
                        (bars(row, i, chart, &plan))
                    }
                    @for (i, column) in chart.columns.iter().enumerate() {
                        @if column.gap > 0 { (gap(column.gap, i, &plan)) }
                    }
                }
            }
        }
    }
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

/// Draws the stripes behind the bars.
fn rows(chart: &Chart, plan: &Plan) -> Markup {
    html! {
        @for i in 0..chart.rows.len() {
            rect.stripe.odd[i % 2 == 1] x="0" y=(plan.row_y(i)) width=(plan.width) height=(ROW) {}
        }
        @if chart.slots > 0 && chart.slots < chart.rows.len() {
            path.border d={ "M0 " (plan.row_y(chart.slots)) "H" (plan.width) } {}
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

fn point(column: &Column, i: usize, plan: &Plan, links: Links<'_>) -> Markup {
    let x = plan.middle(i);
    html! {
        @if column.is_safepoint {
            @match link(column, links) {
                Some(link) => { a href=(link) { (safepoint(column, x, plan)) } }
                None => { (safepoint(column, x, plan)) }
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

/// Returns the place of a safepoint's stack map on the page, if it has one.
fn link(column: &Column, (id, shown): Links<'_>) -> Option<String> {
    let number = column.map.as_ref()?.number;
    shown.contains(&number).then(|| format!("#{id}-s{number}"))
}

fn safepoint(column: &Column, x: usize, plan: &Plan) -> Markup {
    html! {
        g.safepoint {
            title {
                "safepoint" @if let Some(line) = column.line { ", line " (line) }
                @if let Some(map) = &column.map { ": " (map.about) }
            }
            path d={ "M " (x) " " (plan.lines_y() + 3) " V " (plan.bottom()) } {}
            // Something to point at that is wider than the line.
            @if column.map.is_some() {
                rect x=(x - 8) y=(plan.lines_y() - 11) width="16" height=(plan.bottom() + 11 - plan.lines_y()) {}
            }
        }
    }
}

/// Draws the mark for points that are left out, over everything.
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

/// Draws the witness path over the columns it goes through.
fn path(chart: &Chart, plan: &Plan) -> Markup {
    let placed = lanes(chart);
    let last = placed.len();
    let shown = placed.iter().enumerate().filter(|(_, (lane, _))| *lane < plan.lanes);
    html! {
        g.path {
            @for (i, (lane, visit)) in shown {
                @let y = plan.lane_y(*lane);
                @let (from, to) =
                    (plan.x(visit.columns.start) + 6, plan.x(visit.columns.end) - 6);
                g {
                    title {
                        "block " (visit.number) " of the path"
                        @if visit.by_back_edge { ", entered by the back edge" }
                    }
                    path.taken.back[visit.by_back_edge] d={ "M " (from) " " (y) " H " (to) } {}
                    circle cx=(from) cy=(y) r="7" {}
                    text x=(from) y=(y + 4) { (visit.number) }
                    @if visit.by_back_edge {
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
