//! The contents of a row: bars, the clash, and the safepoints whose stack maps list the row.

use std::ops::Range;

use maud::{Markup, html};

use super::plan::{BAR, Plan, ROW};
use crate::drawing::{Bar, Chart, Look, Row};
use crate::svg::fit;

/// The width of a letter of a bar's text.
const LETTER: usize = 7;

/// The number of colours for values.
const COLORS: usize = 8;

/// Returns whether a bar has a text. An unwritten location is labelled only where it matters.
fn is_told(row: &Row, bar: &Bar) -> bool {
    let meets =
        |clash: &Range<usize>| clash.start < bar.columns.end && bar.columns.start < clash.end;
    bar.look != Look::Nothing || row.clashes.iter().any(meets)
}

pub(super) fn bars(row: &Row, i: usize, chart: &Chart, plan: &Plan) -> Markup {
    let y = plan.row_y(i) + (ROW - BAR) / 2;
    html! {
        g.row {
            title { (row.name) ": " (row.about) }
            @for held in row.bars.iter().filter(|bar| bar.look != Look::Nothing) {
                (bar(held, y, plan))
            }
            @for columns in &row.clashes { (clash(row, &chart.about, columns, y, plan)) }
            @for held in row.bars.iter().filter(|bar| is_told(row, bar)) {
                (bar_text(held, y, plan))
            }
            @if !row.roots.is_empty() { (dots(row, i < chart.slots, y + BAR, plan)) }
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

/// Drawn above the hatching, and transparent to the pointer.
fn bar_text(bar: &Bar, y: usize, plan: &Plan) -> Markup {
    let (x, width) = (plan.x(bar.columns.start), plan.span(&bar.columns));
    html! {
        text class={ "held " (look(bar.look)) } x=(x + 6) y=(y + BAR / 2 + 4) {
            (fit(&bar.text, (width - 8) / LETTER))
        }
    }
}

/// Returns the CSS classes of a look.
pub(crate) fn look(look: Look) -> String {
    match look {
        Look::Nothing => "unwritten".to_owned(),
        Look::Value(number) => format!("value c{}", number % COLORS),
        Look::Stale => "stale".to_owned(),
        Look::Mixed => "mixed".to_owned(),
        Look::Other => "other".to_owned(),
    }
}

/// Draws a dot for each safepoint whose stack map lists the row. Rows have many dots: they are
/// drawn as one path, with segments of length zero and round ends.
fn dots(row: &Row, is_slot: bool, y: usize, plan: &Plan) -> Markup {
    let dots: Vec<String> =
        row.roots.iter().map(|&column| format!("M{} {y}h0", plan.middle(column))).collect();
    let dots = dots.concat();
    html! {
        g.root {
            title {
                (row.name)
                @if is_slot { " is a root of these safepoints" }
                @else { " is live across these safepoints, and in their stack maps" }
            }
            path d=(dots) {}
            path.hole d=(dots) {}
        }
    }
}

/// Draws the red frame, with hatching, so that it is visible without colours as well.
fn clash(row: &Row, about: &str, columns: &Range<usize>, y: usize, plan: &Plan) -> Markup {
    let (x, width) = (plan.x(columns.start), plan.span(columns));
    let (top, height) = (y - 3, BAR + 6);
    let hatch: Vec<String> = (0..width + height)
        .step_by(9)
        .map(|at| {
            // A line that rises to the right, clipped at the frame.
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
