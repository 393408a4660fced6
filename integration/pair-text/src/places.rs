//! Locations, as they are named.

use rustc_hash::FxHashMap;
use stackmap_verifier::model::{AfterBuilder, Cell, Location, LocationKind, Slot};

use crate::line::{Line, Wrong};
use crate::name::name;
use crate::tables::Table;

const EXPECTED: &str = "a location (`v1`, `%rax`, `[slot]`, `[slot+8:8]`)";

/// The locations that were named so far. A location is made when it is first named.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Locations of the same bytes have different numbers.
    known: FxHashMap<(LocationKind, u32), Location>,
}

impl Places {
    /// Reads locations as long as there are any.
    pub(crate) fn all(
        &mut self,
        line: &mut Line<'_>,
        slots: &Table,
        sizes: &[u32],
        builder: &mut AfterBuilder,
    ) -> Result<Vec<Location>, Wrong> {
        let mut all = Vec::new();
        while line.is_name() || line.is_mark('%') || line.is_mark('[') {
            all.push(self.one(line, slots, sizes, builder)?);
        }
        Ok(all)
    }

    /// Reads a location.
    pub(crate) fn one(
        &mut self,
        line: &mut Line<'_>,
        slots: &Table,
        sizes: &[u32],
        builder: &mut AfterBuilder,
    ) -> Result<Location, Wrong> {
        let place = if line.mark('%') {
            (LocationKind::Register(name(line.name("the name of a register")?.text)), 1)
        } else if line.mark('[') {
            cell(line, slots, sizes)?
        } else {
            (LocationKind::Value(name(line.name(EXPECTED)?.text)), 1)
        };
        if let Some(&location) = self.known.get(&place) {
            return Ok(location);
        }
        let location = builder.location(place.0.clone());
        self.known.insert(place, location);
        Ok(location)
    }
}

/// Reads a cell, behind its bracket, and its number among the locations of the same bytes.
fn cell(line: &mut Line<'_>, slots: &Table, sizes: &[u32]) -> Result<(LocationKind, u32), Wrong> {
    let slot = Slot::new(slots.read(line, "a slot")?);
    let offset = line.mark('+');
    let offset = if offset { line.number_up_to(u32::MAX, "an offset in bytes")? } else { 0 };
    let size = match line.mark(':') {
        true => line.number_up_to(u32::MAX, "a number of bytes")?,
        false if offset != 0 => return Err(line.unexpected("`:` and a number of bytes")),
        false => sizes.get(slot.index()).copied().unwrap_or(0),
    };
    let number = match line.mark('/') {
        true => line.number_up_to(u32::MAX, "a number that tells locations apart")?,
        false => 1,
    };
    match line.mark(']') {
        true => Ok((LocationKind::Cell(Cell { slot, offset, size }), number)),
        false => Err(line.unexpected("`]`")),
    }
}
