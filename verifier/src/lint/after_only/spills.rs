//! The spills that reach each reload of a root.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::accesses::{Access, Tick};
use super::timeline::Timeline;
use crate::lint::facts::{Direction, Facts, Word};
use crate::model::{Block, EdgeIndex, Location};

/// A reload that two different spills reach.
pub(super) struct Ambiguous {
    pub(super) root: Location,
    /// The first such reload of this root, and the number of further ones.
    pub(super) reload: Tick,
    pub(super) more: usize,
    /// Two of the spills. The last is the one from which a path is shown.
    pub(super) spills: [Tick; 2],
    /// The edges from the last of them to the reload.
    pub(super) hops: Vec<Hop>,
}

/// A block, and the edge by which a path leaves it.
type Hop = (Block, EdgeIndex);

/// Visits, for each root, the first reload that two spills of different values reach.
///
/// The values that are spilled to a root are numbered. For each digit of these numbers, in
/// binary, there are two facts: that a spill of a value with that digit 0 reaches a point, and
/// that one with the digit 1 does. Two values reach it if and only if both facts hold of some
/// digit.
///
/// Cost: linear in the accesses of the roots, plus that of [`Facts`] for each 64 facts; for each
/// visited root, linear in the blocks.
pub(super) fn ambiguous(timeline: &Timeline<'_>, mut visit: impl FnMut(Ambiguous)) {
    let roots = timeline.after().locations().filter(|&at| timeline.is_root(at));
    let roots: Vec<Spilled> = roots.filter_map(|root| Spilled::new(timeline, root)).collect();
    let mut facts = Facts::new(&timeline.cfg, &timeline.blocks, Direction::Forward);
    let mut rest = &roots[..];
    while let Some(chunk) = fitting(rest) {
        rest = &rest[chunk.len()..];
        reloads(timeline, &mut facts, chunk, |root, reload, more| {
            let found = reaching_spills(timeline, root, reload);
            let found = found.map(|(spills, hops)| Ambiguous { root, reload, more, spills, hops });
            found.into_iter().for_each(&mut visit);
        });
    }
}

/// Returns the first of these roots, as many as have no more facts together than fit into one
/// word; `None` if there are no roots.
fn fitting(roots: &[Spilled]) -> Option<&[Spilled]> {
    let mut facts = 0;
    let rest = roots.iter().position(|root| {
        facts += 2 * root.digits;
        facts > Word::BITS
    });
    roots.get(..rest.unwrap_or(roots.len())).filter(|roots| !roots.is_empty())
}

/// Visits each of these roots that has reloads which spills of different values reach, with the
/// first of these reloads and the number of the others.
fn reloads<'p>(
    timeline: &Timeline<'p>,
    facts: &mut Facts<'_>,
    roots: &[Spilled],
    mut visit: impl FnMut(Location, Tick, usize),
) {
    facts.clear();
    let shifts = roots.iter().scan(0, |next, root| {
        let shift = *next;
        *next += 2 * root.digits;
        Some(shift)
    });
    let roots: Vec<(&Spilled, u32)> = roots.iter().zip(shifts).collect();
    for &(spilled, shift) in &roots {
        for (block, accesses) in timeline.by_block(spilled.root) {
            let last = accesses.iter().rev().find_map(|&(_, access)| spilled.behind(access, shift));
            if let Some(left) = last {
                facts.decide(block, spilled.all(shift), false);
                facts.decide(block, left, true);
            }
        }
    }
    facts.spread();
    for (spilled, shift) in roots {
        let mut found = Vec::new();
        for (block, accesses) in timeline.by_block(spilled.root) {
            let mut reaching = facts.entered(block) & spilled.all(shift);
            for &(tick, access) in accesses {
                if access == Access::Read && reaching & (reaching >> 1) & ZEROS != 0 {
                    found.push(tick);
                }
                reaching = spilled.behind(access, shift).unwrap_or(reaching);
            }
        }
        if let Some((&reload, others)) = found.split_first() {
            visit(spilled.root, reload, others.len());
        }
    }
}

/// The facts about a digit that is 0, of every digit.
const ZEROS: Word = Word::MAX / 3;

/// A root to which different values are spilled.
struct Spilled {
    root: Location,
    /// The values, each with its number.
    numbers: FxHashMap<Location, u32>,
    /// The number of binary digits of these numbers.
    digits: u32,
}

impl Spilled {
    /// Returns `None` if at most one value is spilled to the root.
    fn new(timeline: &Timeline<'_>, root: Location) -> Option<Spilled> {
        let mut numbers = FxHashMap::default();
        for from in timeline.accesses(root).iter().filter_map(|&(_, access)| access.source()) {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            numbers.entry(from).or_insert(next);
        }
        let last = u32::try_from(numbers.len().checked_sub(1)?).unwrap_or(u32::MAX);
        let digits = last.checked_ilog2()? + 1;
        Some(Spilled { root, numbers, digits })
    }

    /// Returns all facts of the root, of which the lowest is at `shift`.
    fn all(&self, shift: u32) -> Word {
        (Word::MAX >> (Word::BITS - 2 * self.digits)) << shift
    }

    /// Returns the facts that hold behind a write, or `None` if the access is not a write.
    fn behind(&self, access: Access, shift: u32) -> Option<Word> {
        let number = access.source().and_then(|from| self.numbers.get(&from));
        let facts = number.map_or(0, |number| {
            (0..self.digits)
                .fold(0, |facts, digit| facts | 1 << (2 * digit + (number >> digit & 1)))
        });
        access.is_write().then_some(facts << shift)
    }
}

/// Returns the spills of two values that reach a reload, nearest first, and the path from the
/// second to the reload.
fn reaching_spills(
    timeline: &Timeline<'_>,
    root: Location,
    reload: Tick,
) -> Option<([Tick; 2], Vec<Hop>)> {
    // For each block, the edge by which the path to the reload leaves it, and the block to
    // which that edge leads.
    let mut way: Vec<Option<(Hop, Block)>> = vec![None; timeline.after().block_count()];
    let last = timeline.block(reload);
    let mut queue = VecDeque::from([(last, reload)]);
    let mut first: Option<(Tick, Location)> = None;
    while let Some((block, before)) = queue.pop_front() {
        let row = timeline.accesses_in(root, block);
        let row = &row[..row.partition_point(|&(tick, _)| tick < before)];
        let write = row.iter().rev().find(|(_, access)| access.is_write());
        match write.map(|&(tick, access)| (tick, access.source())) {
            Some((tick, Some(from))) => match first {
                None => first = Some((tick, from)),
                Some((_, other)) if other == from => {}
                Some((other, _)) => {
                    let mut hops = Vec::new();
                    let mut at = block;
                    // An edge leaves the reload's own block only if the path passes through it
                    // a second time.
                    while let Some((edge, next)) = way[at.index()] {
                        hops.push(edge);
                        at = next;
                        if at == last {
                            break;
                        }
                    }
                    return Some(([other, tick], hops));
                }
            },
            Some((_, None)) => {}
            None => {
                for (source, edge) in timeline.predecessors(block) {
                    if way[source.index()].is_none() {
                        way[source.index()] = Some(((source, edge), block));
                        queue.push_back((source, timeline.end(source)));
                    }
                }
            }
        }
    }
    None
}
