//! The spills that reach each reload of a root.

use std::collections::VecDeque;

use super::cells::Cells;
use super::events::{Event, Tick};
use super::timeline::Timeline;
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

/// Finds, for each root, the first reload that two spills of different values reach.
///
/// Cost: linear in the live ranges of the roots that two values are spilled to.
pub(super) fn ambiguous(timeline: &Timeline<'_>, mut found: impl FnMut(Ambiguous)) {
    let mut cells = Cells::new(timeline);
    for root in timeline.after().locations() {
        let events = timeline.events(root);
        let listed = events.iter().any(|&(_, event)| event == Event::Listed);
        let mut sources = events.iter().filter_map(|&(_, event)| source(event));
        let first = sources.next();
        if listed && sources.any(|source| Some(source) != first) {
            of_root(timeline, &mut cells, root).into_iter().for_each(&mut found);
        }
    }
}

fn source(event: Event) -> Option<Location> {
    match event {
        Event::Copied(from) => Some(from),
        Event::Passed(_)
        | Event::Made(_)
        | Event::Null
        | Event::Unknown
        | Event::Clobbered
        | Event::Listed
        | Event::Read => None,
    }
}

/// The spills that reach a point: none, those of one value, or those of several.
#[derive(Clone, Copy, PartialEq)]
enum Reaching {
    None,
    One(Location),
    Many,
}

impl Reaching {
    fn join(self, other: Reaching) -> Reaching {
        match (self, other) {
            (Reaching::None, known) | (known, Reaching::None) => known,
            (Reaching::One(a), Reaching::One(b)) if a == b => self,
            (Reaching::One(_) | Reaching::Many, Reaching::One(_) | Reaching::Many) => {
                Reaching::Many
            }
        }
    }

    fn after(self, event: Event) -> Reaching {
        match (source(event), event.is_write()) {
            (Some(from), _) => Reaching::One(from),
            (None, true) => Reaching::None,
            (None, false) => self,
        }
    }
}

fn of_root(
    timeline: &Timeline<'_>,
    cells: &mut Cells<'_, '_>,
    root: Location,
) -> Option<Ambiguous> {
    let live = cells.live(root, Event::Read);
    // The spills that reach the start of each block in which the root is live.
    let mut at_start = rustc_hash::FxHashMap::default();
    let mut work: VecDeque<Block> = VecDeque::new();
    let events = timeline.events(root);
    let mut written: Vec<Block> = events
        .iter()
        .filter(|(_, event)| event.is_write())
        .map(|&(tick, _)| timeline.block(tick))
        .collect();
    written.dedup();
    work.extend(written);
    while let Some(block) = work.pop_front() {
        let start = at_start.get(&block).copied().unwrap_or(Reaching::None);
        let row = timeline.events_in(root, block);
        let end = row.iter().fold(start, |reaching, &(_, event)| reaching.after(event));
        for &next in timeline.cfg.successors(block) {
            if live.at_start(next) {
                let known = at_start.entry(next).or_insert(Reaching::None);
                let joined = known.join(end);
                if *known != joined {
                    *known = joined;
                    work.push_back(next);
                }
            }
        }
    }
    let mut reloads = Vec::new();
    let mut blocks: Vec<Block> = events.iter().map(|&(tick, _)| timeline.block(tick)).collect();
    blocks.dedup();
    for block in blocks {
        let mut reaching = at_start.get(&block).copied().unwrap_or(Reaching::None);
        for &(tick, event) in timeline.events_in(root, block) {
            if event == Event::Read && reaching == Reaching::Many {
                reloads.push(tick);
            }
            reaching = reaching.after(event);
        }
    }
    let (&reload, more) = reloads.split_first()?;
    let (spills, hops) = reaching_spills(timeline, root, reload)?;
    Some(Ambiguous { root, reload, more: more.len(), spills, hops })
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
        let row = timeline.events_in(root, block);
        let row = &row[..row.partition_point(|&(tick, _)| tick < before)];
        let write = row.iter().rev().find(|(_, event)| event.is_write());
        match write.map(|&(tick, event)| (tick, source(event))) {
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
