//! The rows of references: where each is live, and in which slots it is there.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::liveness::Liveness;
use stackmap_verifier::model::{Block, Location, Value};
use stackmap_verifier::timeline::{Held, State};

use super::maps::Safepoint;
use super::sources::Sources;
use crate::drawing::chart::{Bar, Row, extend};
use crate::drawing::points::Point;
use crate::drawing::words::{Look, shown, value_look};

/// The number of references that have a row.
const MOST_ROWS: usize = 24;

/// The number of slots that a bar names.
const MOST_SLOTS: usize = 3;

/// Makes the rows of references.
pub(super) struct Lives<'l> {
    pub(super) sources: &'l Sources<'l>,
    pub(super) liveness: &'l Liveness<'l>,
    pub(super) columns: &'l [Point],
}

/// The points at which a value is live, by column, with the names of the slots that hold it.
type HeldAt = BTreeMap<usize, Vec<String>>;

impl Lives<'_> {
    /// Returns a row for each reference that is live at a column, and the number of those without one:
    /// if there are many, those that are live across a safepoint have one. `slots` are the locations that have rows.
    pub(super) fn rows(
        &self,
        slots: &[Location],
        safepoints: &[Safepoint],
        values: &mut Vec<Value>,
    ) -> (Vec<Row>, usize) {
        let chosen = self.chosen(safepoints);
        let mut live: Vec<HeldAt> = vec![HeldAt::new(); chosen.len()];
        let mut first = 0;
        for columns in self.columns.chunk_by(|(one, _), (other, _)| one == other) {
            self.block(columns, first, (&chosen, slots), &mut live);
            first += columns.len();
        }
        let of_safepoint = |(_, id): &Point| {
            safepoints.iter().find(|safepoint| Some(safepoint.instruction) == *id)
        };
        let maps: Vec<Option<&Safepoint>> = self.columns.iter().map(of_safepoint).collect();
        let rows = chosen.iter().zip(live).filter(|(_, live)| !live.is_empty());
        let rows = rows.map(|(&value, live)| self.row(value, &live, &maps, values));
        let rows: Vec<Row> = rows.collect();
        let left_out = self.liveness.references().len() - rows.len();
        (rows, left_out)
    }

    /// Returns the references that have a row, in id order.
    fn chosen(&self, safepoints: &[Safepoint]) -> Vec<Value> {
        let across = safepoints.iter().flat_map(|safepoint| &safepoint.live);
        let across: BTreeSet<Value> = across.map(|live| live.value).collect();
        let (mut chosen, others): (Vec<Value>, Vec<Value>) =
            self.liveness.references().iter().partition(|value| across.contains(value));
        chosen.extend(others);
        chosen.truncate(MOST_ROWS);
        chosen.sort_unstable();
        chosen
    }

    /// Notes what is live at these columns of one block, the first of which has this number.
    fn block(
        &self,
        columns: &[Point],
        first: usize,
        (chosen, slots): (&[Value], &[Location]),
        live: &mut [HeldAt],
    ) {
        let Some(&(block, _)) = columns.first() else { return };
        let number =
            |point: Point| columns.iter().position(|&column| column == point).map(|i| first + i);
        let mut note = |column: Option<usize>, is_live: &dyn Fn(Value) -> bool| {
            let Some(column) = column else { return };
            for (&value, live) in chosen.iter().zip(&mut *live) {
                if is_live(value) {
                    live.insert(column, Vec::new());
                } else {
                    live.remove(&column);
                }
            }
        };
        let header = number((block, None));
        self.liveness.visit(block, |at, points| {
            let is_live = |value| points.contains(value);
            if at.is_some() {
                note(number((block, at)), &is_live);
            }
            // What was seen last holds at the start of the block.
            note(header, &is_live);
        });
        self.slots(block, number, (chosen, slots), live);
    }

    /// Notes which slots hold the values that are live.
    fn slots(
        &self,
        block: Block,
        number: impl Fn(Point) -> Option<usize>,
        (chosen, slots): (&[Value], &[Location]),
        live: &mut [HeldAt],
    ) {
        let pair = self.sources.pair;
        let Some(mut state) = self.sources.timeline.at_start(block) else { return };
        let mut note = |point: Point, state: &State<'_>| {
            let Some(column) = number(point) else { return };
            for (&value, live) in chosen.iter().zip(&mut *live) {
                let Some(names) = live.get_mut(&column) else { continue };
                let holds = |at: &&Location| {
                    state.content(**at).is_some_and(|held| held.is(Held::Fresh(value)))
                };
                let held = slots.iter().filter(holds);
                names.extend(held.map(|&at| shown(pair.after().display_location(at))));
            }
        };
        note((block, None), &state);
        for id in pair.after().instructions(block) {
            note((block, Some(id)), &state);
            for (_, step) in pair.steps_of(block, id) {
                state.step(step);
            }
        }
    }

    fn row(
        &self,
        value: Value,
        live: &HeldAt,
        maps: &[Option<&Safepoint>],
        values: &mut Vec<Value>,
    ) -> Row {
        let pair = self.sources.pair;
        let name = shown(pair.before().value_name(value));
        let look = value_look(values, value);
        let mut row = Row {
            name: name.clone(),
            about: match pair.is_declared(value) {
                true => "a declared reference".to_owned(),
                false => "a reference, since one flows into it".to_owned(),
            },
            bars: Vec::new(),
            roots: Vec::new(),
            clashes: Vec::new(),
        };
        for (column, map) in maps.iter().enumerate() {
            let bar = match live.get(&column) {
                Some(slots) => told(&name, look, slots, column),
                None => Bar {
                    columns: column..column + 1,
                    look: Look::Nothing,
                    text: String::new(),
                    about: format!("`{name}` is not live"),
                },
            };
            match row.bars.last_mut() {
                Some(last) if (last.look, &last.about) == (bar.look, &bar.about) => {
                    last.columns.end = column + 1;
                }
                Some(_) | None => row.bars.push(bar),
            }
            let of_map = map.and_then(|map| map.live.iter().find(|live| live.value == value));
            match of_map.and_then(|live| live.slots.as_ref()) {
                Some(slots) if slots.is_empty() => extend(&mut row.clashes, column),
                Some(_) => row.roots.push(column),
                None => {}
            }
        }
        row
    }
}

/// Returns a bar for a value that is live at a column, and in these slots.
fn told(name: &str, look: Look, slots: &[String], column: usize) -> Bar {
    let few: Vec<&str> = slots.iter().take(MOST_SLOTS).map(String::as_str).collect();
    let more = if slots.len() > MOST_SLOTS { ", …" } else { "" };
    let slots = format!("{}{more}", few.join(", "));
    let about = match few.is_empty() {
        true => format!("`{name}` is live, and in no slot"),
        false => format!("`{name}` is live, and in {slots}"),
    };
    Bar { columns: column..column + 1, look, text: slots, about }
}
