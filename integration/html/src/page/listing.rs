//! The lines of a function before and after spilling, side by side, with the stack map of each
//! safepoint.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stackmap_report::{Listing, Part};

use super::map;
use super::margin::{Margin, Split};
use super::source::MOST_TEXT;
use crate::drawing::{Safepoint, View};

/// The width of the widest column for the lines of the function before, in characters.
const MOST_WIDTH: usize = 60;

/// The length of the part of a line that is shown, in characters.
const MOST_OF_LINE: usize = 400;

/// A line of both functions, or of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    before: Option<usize>,
    after: Option<usize>,
}

/// The lines of a function.
pub(super) struct Lines<'l> {
    listing: &'l Listing,
    rows: Vec<Row>,
    /// The safepoints by the line of the function after, with their numbers.
    safepoints: BTreeMap<usize, (usize, &'l Safepoint)>,
    /// Whether only the lines of safepoints are shown.
    is_cut: bool,
}

impl<'l> Lines<'l> {
    pub(super) fn new(listing: &'l Listing, view: Option<&'l View>) -> Self {
        let size: usize = listing.parts().map(|part| part.text.len()).sum();
        let numbered = view.into_iter().flat_map(|view| (1..).zip(&view.safepoints));
        let after = Indices::of(&listing.after);
        let place = |(number, safepoint): (usize, &'l Safepoint)| {
            Some((after.get(safepoint.line?)?, (number, safepoint)))
        };
        let safepoints: BTreeMap<_, _> = numbered.filter_map(place).collect();
        let pairs = view.map_or(&[][..], |view| &view.lines);
        let before = listing.before.as_ref().filter(|_| !pairs.is_empty());
        let is_cut = size > MOST_TEXT;
        let mut rows = match before {
            Some(before) => {
                let [lines, others] =
                    [&listing.after, before].map(|part| part.text.lines().collect::<Vec<_>>());
                let is_same =
                    |before: usize, after: usize| !is_cut && others.get(before) == lines.get(after);
                side_by_side(&after, &Indices::of(before), pairs, is_same)
            }
            None => (0..after.count).map(|line| Row { before: None, after: Some(line) }).collect(),
        };
        if is_cut {
            rows.retain(|row| row.after.is_some_and(|line| safepoints.contains_key(&line)));
        }
        Lines { listing, rows, safepoints, is_cut }
    }

    /// Returns the numbers of the safepoints that are shown.
    pub(super) fn safepoints(&self) -> BTreeSet<usize> {
        self.safepoints.values().map(|&(number, _)| number).collect()
    }

    /// Returns the lines; `id` is unique in the page.
    pub(super) fn show(&self, id: &str) -> Markup {
        let Listing { after, before } = self.listing;
        let has_before = self.rows.iter().any(|row| row.before.is_some());
        let before = before.as_ref().filter(|_| has_before);
        let [after_lines, before_lines] = [Some(after), before]
            .map(|part| part.map(|part| part.text.lines().collect::<Vec<_>>()).unwrap_or_default());
        let [margin, before_margin] = [&after_lines, &before_lines].map(|lines| Margin::of(lines));
        let length = |line: &&str| before_margin.split(line).text.chars().count();
        let width = before_lines.iter().map(length).max().unwrap_or(0).clamp(20, MOST_WIDTH);
        let width = width + 7 + if before_margin.has_places() { 8 } else { 0 };
        html! {
            @if self.is_cut {
                p.note {
                    "The function has " (after.text.lines().count()) " lines: only those of its safepoints are shown."
                }
            }
            div.listing.scroll tabindex="0" role="group" aria-label="The lines of the function" {
                div.heads {
                    @if let Some(before) = before {
                        span.before style={ "width:" (width) "ch" } { "before: " (before.title()) }
                    }
                    span.after { @if before.is_some() { "after: " } (after.title()) }
                }
                @for row in &self.rows {
                    @let map = row.after.and_then(|line| self.safepoints.get(&line));
                    div.row.safepoint[map.is_some()].inserted[before.is_some() && row.before.is_none()]
                        id=[map.map(|(number, _)| format!("{id}-s{number}"))]
                        tabindex=[map.map(|_| "0")] role=[map.map(|_| "group")]
                        aria-label=[map.map(|(_, safepoint)| format!("safepoint: {}", safepoint.in_words()))] {
                        @if let Some(part) = before {
                            span.before style={ "width:" (width) "ch" } {
                                (line(part, row.before, &before_lines, before_margin))
                            }
                        }
                        span.after {
                            (line(after, row.after, &after_lines, margin))
                            @if let Some((_, safepoint)) = map { (map::chips(safepoint)) }
                        }
                        @if let Some((_, safepoint)) = map { (map::map(safepoint)) }
                    }
                }
            }
        }
    }
}

/// Returns a line with its number.
fn line(part: &Part, index: Option<usize>, lines: &[&str], margin: Margin) -> Markup {
    let Some(index) = index else { return Markup::default() };
    let Split { place, text } = margin.split(lines.get(index).copied().unwrap_or_default());
    let cut = text.char_indices().nth(MOST_OF_LINE).map_or(text.len(), |(cut, _)| cut);
    html! {
        span.line-number { (format!("{:>5} ", part.first_line as usize + index)) }
        @if margin.has_places() { span.source-place { (format!("{place:<7} ")) } }
        (text.get(..cut).unwrap_or(text))
        @if cut < text.len() { span.gap { " … " (text.len() - cut) " more bytes" } }
    }
}

/// The line numbers of a text.
struct Indices {
    first: u32,
    count: usize,
}

impl Indices {
    fn of(part: &Part) -> Self {
        Indices { first: part.first_line, count: part.text.lines().count() }
    }

    /// Returns the index of the line with this number.
    fn get(&self, line: u32) -> Option<usize> {
        let index = line.checked_sub(self.first)? as usize;
        (index < self.count).then_some(index)
    }
}

/// Puts lines that do the same beside each other, in the order of the function after. Lines of the
/// function before that nothing performs stand where they are in it.
fn side_by_side(
    after: &Indices,
    before: &Indices,
    pairs: &[(u32, u32)],
    is_same: impl Fn(usize, usize) -> bool,
) -> Vec<Row> {
    let number = |&(line, other): &(u32, u32)| Some((after.get(line)?, before.get(other)?));
    let counterpart: BTreeMap<usize, usize> = pairs.iter().filter_map(number).collect();
    let performed: BTreeSet<usize> = counterpart.values().copied().collect();
    let mut rows = Vec::new();
    let (mut next, mut alone) = (0, Vec::new());
    for line in 0..after.count {
        match counterpart.get(&line) {
            None => alone.push(line),
            Some(&other) => {
                let skipped = (next..other).filter(|line| !performed.contains(line)).collect();
                zip(&mut rows, skipped, std::mem::take(&mut alone), &is_same);
                rows.push(Row { before: Some(other), after: Some(line) });
                next = next.max(other + 1);
            }
        }
    }
    let rest = (next..before.count).filter(|line| !performed.contains(line)).collect();
    zip(&mut rows, rest, alone, &is_same);
    rows
}

/// Adds lines of which it is not known which belong together: those of both functions that are the
/// same are beside each other.
fn zip(
    rows: &mut Vec<Row>,
    before: Vec<usize>,
    after: Vec<usize>,
    is_same: &impl Fn(usize, usize) -> bool,
) {
    let mut rest = before.as_slice();
    let alone = |line: &usize| Row { before: Some(*line), after: None };
    for line in after {
        let same = rest.iter().position(|&other| is_same(other, line));
        let (skipped, behind) = rest.split_at(same.unwrap_or(0));
        rows.extend(skipped.iter().map(alone));
        let before = same.and_then(|_| behind.first().copied());
        rest = behind.get(usize::from(same.is_some())..).unwrap_or_default();
        rows.push(Row { before, after: Some(line) });
    }
    rows.extend(rest.iter().map(alone));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(first: u32, count: usize) -> Indices {
        Indices { first, count }
    }

    #[test]
    fn each_line_of_both_comes_once_and_what_does_the_same_is_side_by_side() {
        // Before: header, call, return, brace. After: header, slot, store, call, reload, return, brace.
        let pairs = [(13, 31), (15, 32)];
        let rows = side_by_side(&indices(10, 7), &indices(30, 4), &pairs, |a, b| b == 2 * a);
        let rows: Vec<_> = rows.iter().map(|row| (row.before, row.after)).collect();
        let expected = [
            (Some(0), Some(0)),
            (None, Some(1)),
            (None, Some(2)),
            (Some(1), Some(3)),
            (None, Some(4)),
            (Some(2), Some(5)),
            (Some(3), Some(6)),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn blocks_in_another_order_lose_no_line() {
        let pairs = [(1, 13), (2, 14), (3, 11), (4, 12)];
        let rows = side_by_side(&indices(1, 5), &indices(11, 5), &pairs, |_, _| false);
        let mut before: Vec<_> = rows.iter().filter_map(|row| row.before).collect();
        before.sort_unstable();
        assert_eq!(before, [0, 1, 2, 3, 4]);
        assert_eq!(rows.iter().filter_map(|row| row.after).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }
}
