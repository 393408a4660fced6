//! A slot timeline as data: columns, rows and bars, ready to be drawn.

use std::ops::Range;

use stackmap_verifier::model::{Block, Location, Value};
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::{PathContents, State, Timeline};

use super::path::{Clashes, Moment, Path, Seen};
use super::points::{self, Chosen, Point, roots_of};
use super::rows::Rows;
use super::words::{Look, describe, shown};

/// A slot timeline.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chart {
    /// Ranges of columns that belong to one block.
    pub(crate) groups: Vec<Group>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// The clash, in words.
    pub(crate) about: String,
    /// The number of slots without a row.
    pub(crate) rows_left_out: usize,
    /// The number of points without a column.
    pub(crate) points_left_out: usize,
    /// The number of rows that are slots, or values that are read at the end of the path: those behind
    /// them are live values.
    pub(crate) slots: usize,
}

/// The columns of one block.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) block: String,
    pub(crate) columns: Range<usize>,
    /// The visits of the witness path to the block, in order.
    pub(crate) visits: Vec<Visit>,
}

/// A block of the witness path.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The number of the block in the path, from 1.
    pub(crate) number: usize,
    /// The columns that the path goes through.
    pub(crate) columns: Range<usize>,
    /// Whether the path enters the block by a back edge.
    pub(crate) by_back_edge: bool,
}

/// A program point.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// The line, if the input has lines.
    pub(crate) line: Option<u32>,
    /// Whether the point is the start of a block.
    pub(crate) is_header: bool,
    pub(crate) is_safepoint: bool,
    /// The numbers of the path's events at this point.
    pub(crate) events: Vec<usize>,
    /// The number of points before this one without a column.
    pub(crate) gap: usize,
    /// What is shown of the safepoint elsewhere on the page, if anything is.
    pub(crate) map: Option<MapLink>,
}

/// A safepoint whose stack map is shown elsewhere on the page.
#[derive(Clone, Debug)]
pub(crate) struct MapLink {
    /// Its number in the function.
    pub(crate) number: usize,
    /// Its stack map, in words.
    pub(crate) about: String,
}

/// A stack slot, or a value that matters.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// The location, in words.
    pub(crate) about: String,
    pub(crate) bars: Vec<Bar>,
    /// The columns of safepoints whose stack map lists the row.
    pub(crate) roots: Vec<usize>,
    /// The columns at which its contents are wrong.
    pub(crate) clashes: Vec<Range<usize>>,
}

/// A range of columns over which the content of a row is the same.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) columns: Range<usize>,
    pub(crate) look: Look,
    /// The short text.
    pub(crate) text: String,
    /// The text in words.
    pub(crate) about: String,
}

/// Makes the charts of one finding.
pub(super) struct Maker<'m> {
    pub(super) pair: &'m Pair<'m>,
    pub(super) timeline: &'m Timeline<'m>,
    pub(super) path: &'m Path,
    pub(super) rows: &'m Rows,
    pub(super) clashes: Clashes,
    /// The clash, in words.
    pub(super) about: String,
}

impl Maker<'_> {
    /// Returns the chart of all paths, in the order of the text. `values` are those that have a
    /// colour; the others that are shown are added.
    pub(super) fn layout(&self, chosen: &Chosen<Point>, values: &mut Vec<Value>) -> Chart {
        let mut draft = Draft::new(self, values);
        let mut columns = chosen.columns.iter().peekable();
        while let Some(&&((block, _), _)) = columns.peek() {
            let Some(mut state) = self.timeline.at_start(block) else {
                columns.next();
                continue;
            };
            draft.group(block);
            let instructions = self.pair.after().instructions(block).map(Some);
            for id in std::iter::once(None).chain(instructions) {
                if let Some(&(place, gap)) = columns.next_if(|(place, _)| *place == (block, id)) {
                    let visits: Vec<Moment> = self.visits(place).collect();
                    draft.column(place, gap, &visits, &state);
                }
                for (_, step) in id.into_iter().flat_map(|id| self.pair.steps_of(block, id)) {
                    state.step(step);
                }
            }
        }
        draft.finish(chosen.left_out_behind)
    }

    /// Returns the chart of the path, in the order of the path.
    pub(super) fn along_path(&self) -> Chart {
        let chosen = points::along(self.pair, self.path, self.rows);
        let mut values = Vec::new();
        let mut draft = Draft::new(self, &mut values);
        let mut columns = chosen.columns.iter().peekable();
        let mut current = None;
        self.path.run(self.pair, self.timeline, |seen, state| {
            let Seen::Before((hop, id)) = seen else { return };
            let is_it = |&&((number, (_, point)), _): &&((usize, Point), usize)| {
                number == hop && point == id
            };
            let Some(&((_, place), gap)) = columns.next_if(is_it) else { return };
            if current != Some(hop) {
                current = Some(hop);
                draft.group(place.0);
            }
            draft.column(place, gap, &[(hop, id)], state);
        });
        draft.finish(chosen.left_out_behind)
    }

    /// Returns the moments at which the path reaches a place.
    fn visits(&self, (block, id): Point) -> impl Iterator<Item = Moment> {
        let hops = self.path.hops.iter().enumerate().filter(move |(_, hop)| hop.block == block);
        let moments = hops.map(move |(number, _)| (number, id));
        moments.filter(|moment| *moment <= self.path.last())
    }
}

/// A chart under construction.
struct Draft<'m, 'v> {
    maker: &'m Maker<'m>,
    chart: Chart,
    /// The contents of each row in the last column.
    last: Vec<Option<PathContents>>,
    /// The values that have a colour.
    values: &'v mut Vec<Value>,
}

impl<'m, 'v> Draft<'m, 'v> {
    fn new(maker: &'m Maker<'m>, values: &'v mut Vec<Value>) -> Self {
        let rows = maker.rows;
        let chart = Chart {
            rows: rows.shown.iter().map(|&at| row(maker.pair, at)).collect(),
            rows_left_out: rows.left_out,
            slots: rows.shown.len(),
            about: maker.about.clone(),
            ..Chart::default()
        };
        Draft { maker, chart, last: vec![None; rows.shown.len()], values }
    }

    fn group(&mut self, block: Block) {
        let next = self.chart.columns.len();
        let block = shown(self.maker.pair.after().block_name(block));
        self.chart.groups.push(Group { block, columns: next..next, visits: Vec::new() });
    }

    /// Adds a point that the path reaches at these moments.
    fn column(&mut self, place: Point, gap: usize, visits: &[Moment], state: &State<'_>) {
        let Maker { pair, path, rows, clashes, .. } = self.maker;
        let (block, id) = place;
        let number = self.chart.columns.len();
        let origin = match id {
            Some(id) => pair.after().instruction_origin(id),
            None => pair.after().block_origin(block),
        };
        let roots = id
            .into_iter()
            .flat_map(|id| pair.steps_of(block, id))
            .find_map(|(_, step)| roots_of(pair, step));
        let events = visits.iter().filter_map(|moment| path.events.get(moment)).flatten();
        self.chart.columns.push(Column {
            line: origin.line(),
            is_header: id.is_none(),
            is_safepoint: roots.is_some(),
            events: events.copied().collect(),
            gap,
            map: None,
        });
        self.chart.points_left_out += gap;
        if let Some(group) = self.chart.groups.last_mut() {
            group.columns.end = number + 1;
            for &(hop, _) in visits {
                match group.visits.iter_mut().find(|visit| visit.number == hop + 1) {
                    Some(visit) => visit.columns.end = number + 1,
                    None => {
                        let by_back_edge = path.hops.get(hop).is_some_and(|hop| hop.by_back_edge);
                        let columns = number..number + 1;
                        group.visits.push(Visit { number: hop + 1, columns, by_back_edge });
                    }
                }
            }
        }
        for (i, &at) in rows.shown.iter().enumerate() {
            let Some(row) = self.chart.rows.get_mut(i) else { continue };
            if roots.is_some_and(|roots| roots.contains(&at)) {
                row.roots.push(number);
            }
            let since = clashes.get(&at);
            if since.is_some_and(|since| visits.iter().any(|moment| moment >= since)) {
                extend(&mut row.clashes, number);
            }
            let content = state.content(at);
            let same = number > 0 && self.last.get(i).is_some_and(|last| last.as_ref() == content);
            match row.bars.last_mut() {
                Some(bar) if same => bar.columns.end = number + 1,
                Some(_) | None => {
                    let bar = bar(pair, self.values, content, number);
                    row.bars.push(bar);
                }
            }
            if let Some(last) = self.last.get_mut(i) {
                *last = content.cloned();
            }
        }
    }

    fn finish(mut self, left_out_behind: usize) -> Chart {
        self.chart.points_left_out += left_out_behind;
        self.chart
    }
}

/// Adds a number to a list of ranges.
pub(super) fn extend(ranges: &mut Vec<Range<usize>>, number: usize) {
    match ranges.last_mut() {
        Some(last) if last.end == number => last.end += 1,
        Some(_) | None => ranges.push(number..number + 1),
    }
}

fn row(pair: &Pair<'_>, at: Location) -> Row {
    let name = shown(pair.after().display_location(at));
    let about = match pair.after().cell(at) {
        Some(cell) => format!("bytes {} to {} of a stack slot", cell.offset, cell.end()),
        None => "a value or register that is read at the end of the path".to_owned(),
    };
    Row { name, about, bars: Vec::new(), roots: Vec::new(), clashes: Vec::new() }
}

fn bar(
    pair: &Pair<'_>,
    values: &mut Vec<Value>,
    content: Option<&PathContents>,
    column: usize,
) -> Bar {
    let (look, text, about) = match content {
        Some(content) => describe(pair, values, content),
        None => (Look::Mixed, "?".to_owned(), "not looked at".to_owned()),
    };
    Bar { columns: column..column + 1, look, text, about }
}
