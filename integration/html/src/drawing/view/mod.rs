//! A function as a whole: what its slots hold, which references are live, and the stack map of each
//! safepoint.

mod lives;
mod maps;
mod sources;

use std::collections::BTreeSet;

use stackmap_verifier::Options;
use stackmap_verifier::liveness::Liveness;
use stackmap_verifier::model::{After, Before, Block, InstructionId, Location, Value};
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::{Alone, Timeline};

use super::chart::{Chart, Maker, MapLink};
use super::path::{Clashes, Path};
use super::points::roots_of;
use super::{MOST_CONTENTS, points, rows};
pub(crate) use maps::{LiveValue, Root, Safepoint};
use sources::Sources;

/// The number of blocks times values up to which it is worked out which references are live.
const MOST_LIVE: usize = 1 << 28;

/// The clash of a value that is live across a safepoint, and in no root of it.
const LOST: &str = "live across this safepoint, and in no slot of its stack map";

/// A function as a whole.
#[derive(Clone, Debug)]
pub struct View {
    /// The contents of slots on all paths, and below them where references are live; `None` if the
    /// function is too large.
    pub(crate) chart: Option<Chart>,
    /// The number of live references without a row.
    pub(crate) values_left_out: usize,
    /// The safepoints that some path reaches, in the order of the text.
    pub(crate) safepoints: Vec<Safepoint>,
    /// The number of safepoints that are not listed.
    pub(crate) safepoints_left_out: usize,
    /// Lines of the function after with the lines of the function before that they perform.
    pub(crate) lines: Vec<(u32, u32)>,
    /// Whether it is known which references are live.
    pub(crate) has_lives: bool,
}

/// Returns the view of a pair; `None` if the two programs do not align.
///
/// Cost: linear in the pair, a bounded number of contents, and what [`Liveness`] costs.
pub fn view(before: &Before, declared: &[Value], after: &After, options: &Options) -> Option<View> {
    let pair = Pair::new(before, declared, after).ok()?;
    let sizes = before.block_count().saturating_mul(before.value_count());
    let liveness = (sizes <= MOST_LIVE).then(|| Liveness::new(&pair));
    let view = of_pair(&pair, options, liveness.as_ref());
    Some(View { lines: lines(&pair), ..view })
}

/// Returns the view of a function without its counterpart, of which these locations are declared to
/// be references; `None` if its slots cannot be followed.
///
/// Cost: that of [`view`].
pub fn view_alone(function: &After, declared: &[Location], options: &Options) -> Option<View> {
    let Alone { before, declared, after } = Alone::new(function, declared)?;
    let pair = Pair::new(&before, &declared, &after).ok()?;
    Some(of_pair(&pair, options, None))
}

fn of_pair(pair: &Pair<'_>, options: &Options, liveness: Option<&Liveness<'_>>) -> View {
    let path = Path::default();
    let rows = rows::choose(pair, None, &path, &[]);
    let mut followed = roots(pair);
    followed.extend(&rows.shown);
    let followed: Vec<Location> = followed.into_iter().collect();
    let mut timeline = Timeline::new(pair, options.collector, &followed);
    let mut solved = timeline.solve(MOST_CONTENTS);
    if !solved {
        timeline = Timeline::new(pair, options.collector, &rows.shown);
        solved = timeline.solve(MOST_CONTENTS);
    }
    let mut values = Vec::new();
    let chosen = points::layout(pair, &path, &rows);
    let (clashes, about) = (Clashes::new(), LOST.to_owned());
    let maker = Maker { pair, timeline: &timeline, path: &path, rows: &rows, clashes, about };
    let mut chart = solved.then(|| maker.layout(&chosen, &mut values));
    let sources = Sources { pair, timeline: &timeline, liveness };
    let (safepoints, safepoints_left_out) = maps::safepoints(&sources, &mut values);
    let mut values_left_out = 0;
    if let Some(chart) = &mut chart {
        let columns: Vec<_> = chosen.columns.iter().map(|&(point, _)| point).collect();
        for (column, (_, id)) in chart.columns.iter_mut().zip(&columns) {
            let at = safepoints.iter().position(|safepoint| Some(safepoint.instruction) == *id);
            column.map = at.map(|i| MapLink { number: i + 1, about: safepoints[i].in_words() });
        }
        if let Some(liveness) = liveness {
            let lives = lives::Lives { sources: &sources, liveness, columns: &columns };
            let (rows, left_out) = lives.rows(&rows.shown, &safepoints, &mut values);
            chart.rows.extend(rows);
            values_left_out = left_out;
        }
    }
    View {
        chart,
        values_left_out,
        safepoints,
        safepoints_left_out,
        lines: Vec::new(),
        has_lives: liveness.is_some(),
    }
}

/// Returns all locations that some stack map lists.
fn roots(pair: &Pair<'_>) -> BTreeSet<Location> {
    let blocks = pair.reachable().ones().map(Block::new);
    let steps = blocks.flat_map(|block| pair.steps(block));
    let lists = steps.filter_map(|(_, step)| roots_of(pair, step));
    lists.flatten().copied().collect()
}

/// Returns the lines of *after* with those of *before* that they perform, in the order of the text.
fn lines(pair: &Pair<'_>) -> Vec<(u32, u32)> {
    let (before, after) = (pair.before(), pair.after());
    let of_block = |block: Block| {
        let header = after.counterpart(block).map(|counterpart| before.block_origin(counterpart));
        let line = move |id: InstructionId| {
            let performed = pair.performed(id).map(|operation| before.operation_origin(operation));
            Some((after.instruction_origin(id).line()?, performed?.line()?))
        };
        let header = Some(after.block_origin(block).line()).flatten().zip(header?.line());
        Some(header.into_iter().chain(after.instructions(block).filter_map(line)))
    };
    let blocks = pair.reachable().ones().map(Block::new);
    blocks.filter_map(of_block).flatten().collect()
}
