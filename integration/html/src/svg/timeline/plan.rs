//! The positions of everything in a timeline.

use std::ops::Range;

use crate::drawing::{Chart, Visit};

/// The height of a row, and of the bar in it.
pub(super) const ROW: usize = 32;
pub(super) const BAR: usize = 20;

/// The height of the part above the rows without the path: blocks, events and lines.
const HEAD: usize = 62;

/// The height of one part of the path, and the maximum number of such parts.
const LANE: usize = 20;
const MOST_LANES: usize = 6;

/// The width of a chart that fills the page.
const PAGE: usize = 1040;

/// The maximum number of letters of a row's name.
pub(super) const MOST_LETTERS: usize = 18;

/// The positions of everything.
pub(super) struct Plan {
    column: usize,
    /// The width of the names.
    pub(super) names: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) lanes: usize,
    rows: usize,
}

impl Plan {
    pub(super) fn new(chart: &Chart) -> Self {
        // A few columns fill the page, many columns scroll.
        let column = (PAGE / chart.columns.len().max(1)).clamp(40, 72);
        let longest =
            chart.rows.iter().map(|row| row.name.chars().count().min(MOST_LETTERS) + 2).max();
        let lanes = match lanes(chart).iter().map(|(lane, _)| lane + 1).max() {
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

    pub(super) fn x(&self, column: usize) -> usize {
        column * self.column + 4
    }

    pub(super) fn middle(&self, column: usize) -> usize {
        self.x(column) + self.column / 2
    }

    pub(super) fn span(&self, columns: &Range<usize>) -> usize {
        columns.len() * self.column
    }

    pub(super) fn events_y(&self) -> usize {
        33
    }

    pub(super) fn lane_y(&self, lane: usize) -> usize {
        52 + lane * LANE
    }

    pub(super) fn lines_y(&self) -> usize {
        HEAD + self.lanes * LANE - 6
    }

    pub(super) fn row_y(&self, row: usize) -> usize {
        HEAD + self.lanes * LANE + row * ROW
    }

    pub(super) fn bottom(&self) -> usize {
        self.row_y(self.rows)
    }
}

/// Returns the visits of the path, each with its lane: where the path goes back to the left, it
/// continues one lane further down.
pub(super) fn lanes(chart: &Chart) -> Vec<(usize, &Visit)> {
    let mut visits: Vec<&Visit> =
        chart.groups.iter().flat_map(|group| group.visits.iter()).collect();
    visits.sort_by_key(|visit| visit.number);
    let (mut lane, mut end) = (0, 0);
    let mut placed = Vec::new();
    for visit in visits {
        if visit.columns.start < end {
            lane += 1;
        }
        end = visit.columns.end;
        placed.push((lane, visit));
    }
    placed
}
