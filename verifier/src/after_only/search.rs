//! The search for a path on which an observation goes wrong.
//!
//! From the observation a state, "what must not be wrong with this location", is
//! read backwards, tick by tick and block by block. What a step does to a location
//! depends on that location alone, or on those that are copied to it, so a state
//! never has to speak of two. A breadth-first search over blocks then finds a path
//! with the fewest blocks between what went wrong and where it shows, or that there
//! is none: it is exact.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::program::{Making, Role};
use super::references::{Classes, References};
use super::timeline::{Event, Tick, Timeline};
use crate::model::{Block, EdgeIndex, InstructionId, Location, LocationKind};

/// What is asked of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Want {
    /// To be a root: initialised, one whole value, a reference, not stale.
    Root,
    /// To be what was moved to a root: a reference, not stale.
    Spilled,
    /// Not to be a stale copy.
    Fresh,
    /// Not to be a stale copy that is dereferenced.
    Address,
    /// Not to be one, nor an address that is made from one.
    Derived,
}

impl Want {
    /// What is asked of a location that a value in a register or SSA value came
    /// from. It may have become a reference only now: a declared parameter that
    /// receives something else is one.
    fn of_source(self) -> Want {
        match self {
            Want::Spilled => Want::Fresh,
            Want::Root | Want::Fresh | Want::Address | Want::Derived => self,
        }
    }

    fn is_dereference(self) -> bool {
        match self {
            Want::Address | Want::Derived => true,
            Want::Root | Want::Spilled | Want::Fresh => false,
        }
    }
}

/// What is known of the way from a location to the observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Moved {
    /// Nothing has moved.
    No,
    /// A safepoint has left this copy behind: it is stale, if it is a reference.
    Crossed,
    /// And it is claimed to be one, by this value's spill.
    Spilled(Location),
    /// And it is declared to be one, under this name.
    Declared(Location),
}

/// How an observation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wrong {
    /// It sees a copy of what `claim` says is a reference, from before a safepoint.
    Stale { claim: Location },
    /// It sees what was on the stack when the function started.
    Uninitialized,
    /// It sees bytes that are not of one value.
    Mixed,
    /// It sees an address of something that is no object.
    NoObject,
    /// It sees an SSA value on a path that does not define it: the program is
    /// malformed.
    Undefined,
}

/// A path on which an observation goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// What went wrong,
    pub(super) wrong: Wrong,
    /// with what,
    pub(super) at: Location,
    /// where it was made.
    pub(super) since: Tick,
    /// The edges taken from there to the observation.
    pub(super) hops: Vec<(Block, EdgeIndex)>,
    /// The safepoint that left the copy behind, and how many edges come before it.
    pub(super) crossed: Option<(usize, Tick)>,
    /// The moves and edges on the way, the one nearest to the observation last:
    /// how many edges come before it, and the location that got the copy.
    pub(super) copies: Vec<(usize, Tick, Location)>,
}

/// A state and how the search came to it.
struct Node {
    block: Block,
    before: Tick,
    at: Location,
    want: Want,
    moved: Moved,
    /// The node it was read back from, and the edge between, if there is one.
    from: Option<(usize, Option<(Block, EdgeIndex)>)>,
    crossed: Option<Tick>,
}

type Key = (Tick, Location, Want, Moved);

/// Searches for failures, one observation after the other.
pub(super) struct Search<'s, 'p> {
    timeline: &'s Timeline<'p>,
    references: &'s References,
    /// Under a collector that does not move objects: which copies a root keeps.
    kept: Option<Classes>,
    /// States that nothing is wrong with, found by earlier searches.
    clean: FxHashSet<Key>,
    nodes: Vec<Node>,
    queue: VecDeque<usize>,
    seen: Vec<Key>,
}

impl<'s, 'p> Search<'s, 'p> {
    pub(super) fn new(
        timeline: &'s Timeline<'p>,
        references: &'s References,
        kept: Option<Classes>,
    ) -> Self {
        Search {
            timeline,
            references,
            kept,
            clean: FxHashSet::default(),
            nodes: Vec::new(),
            queue: VecDeque::new(),
            seen: Vec::new(),
        }
    }

    /// How the observation at a tick goes wrong, if it does.
    pub(super) fn failure(&mut self, tick: Tick, at: Location, want: Want) -> Option<Failure> {
        self.nodes.clear();
        self.queue.clear();
        self.seen.clear();
        self.push(Node {
            block: self.timeline.block(tick),
            before: tick,
            at,
            want,
            moved: Moved::No,
            from: None,
            crossed: None,
        });
        while let Some(node) = self.queue.pop_front() {
            if let Some((wrong, since)) = self.read_back(node) {
                // What was seen on the way may not be clean.
                for key in &self.seen {
                    self.clean.remove(key);
                }
                return Some(self.failure_at(node, wrong, since));
            }
        }
        None
    }

    fn push(&mut self, node: Node) {
        let key = (node.before, node.at, node.want, node.moved);
        if self.clean.insert(key) {
            self.seen.push(key);
            // Within a block first: a path is as long as it has blocks.
            match node.from {
                Some((_, Some(_))) => self.queue.push_back(self.nodes.len()),
                Some((_, None)) | None => self.queue.push_front(self.nodes.len()),
            }
            self.nodes.push(node);
        }
    }

    /// Reads a state back through the last thing that happened to its location.
    fn read_back(&mut self, index: usize) -> Option<(Wrong, Tick)> {
        let Node { block, before, at, want, moved, .. } = self.nodes[index];
        let event = self.timeline.last_event(at, block, before);
        let since = event.map_or(self.timeline.start(block), |(tick, _)| tick);
        let moved = self.crossing(index, since, before, moved, at);
        let Some((_, event)) = event else {
            return self.enter(index, moved, None);
        };
        let moved = self.claimed(moved, at);
        match event {
            Event::Read => self.back(index, since, at, want, moved),
            Event::Listed => match moved {
                // The collector has just updated it, and what it was then is
                // asked there.
                Moved::No => {}
                Moved::Crossed | Moved::Spilled(_) | Moved::Declared(_) => {
                    self.back(index, since, at, want, moved);
                }
            },
            Event::Clobbered => return (want == Want::Root).then_some((Wrong::Mixed, since)),
            Event::Unknown => return stale(moved).map(|wrong| (wrong, since)),
            Event::Copied(from) => {
                let want = match want {
                    Want::Root => Want::Spilled,
                    Want::Spilled | Want::Fresh | Want::Address | Want::Derived => want.of_source(),
                };
                self.back(index, since, from, want, moved);
            }
            Event::Passed(position) => {
                // The function's own parameters come from its caller, too.
                if block == Block::new(0)
                    && let Some(wrong) = stale(moved)
                {
                    return Some((wrong, since));
                }
                return self.enter(index, moved, Some(position));
            }
            Event::Made(by) => {
                let nature = self.timeline.program.nature(by);
                let wrong = match nature.making {
                    Making::Constant => None,
                    Making::Address => (want == Want::Spilled && !self.references.is_declared(at))
                        .then_some(Wrong::NoObject),
                    // A tagged number may be in a root, but no address is made
                    // from it.
                    Making::Computed => match moved {
                        Moved::Declared(_) => stale(moved),
                        Moved::Spilled(_) if want.is_dereference() => stale(moved),
                        Moved::Spilled(_) | Moved::Crossed | Moved::No => None,
                    },
                    Making::Unknown if self.stays(by, since) => None,
                    Making::Unknown => stale(moved),
                };
                let roles: &[Role] = match want {
                    Want::Derived => &[Role::Copied, Role::Offset],
                    Want::Root | Want::Spilled | Want::Fresh | Want::Address => &[Role::Copied],
                };
                let mut copies = false;
                let timeline = self.timeline;
                for &role in roles {
                    for (tick, from) in timeline.operands(by, since, role) {
                        copies |= role == Role::Copied;
                        self.back(index, tick, from, want.of_source(), moved);
                    }
                }
                // A copy is what its source is.
                return wrong.filter(|_| !copies).map(|wrong| (wrong, since));
            }
        }
        None
    }

    /// Goes on in the same block, with a location before a tick.
    fn back(&mut self, index: usize, before: Tick, at: Location, want: Want, moved: Moved) {
        let Node { block, .. } = self.nodes[index];
        let from = Some((index, None));
        self.push(Node { block, before, at, want, moved, from, crossed: None });
    }

    /// Whether what an instruction gives stays good as long as objects stay where they
    /// are: it may be loaded again at any time, from memory that is in no object.
    fn stays(&self, by: InstructionId, since: Tick) -> bool {
        let mut addresses = self.timeline.operands(by, since, Role::Dereferenced);
        self.kept.is_some()
            && self.timeline.program.nature(by).is_movable_load
            && !addresses.any(|(_, from)| self.references.may_be_derived(from))
    }

    /// Goes on at the end of each block before this one: with the argument, if the
    /// location is a parameter.
    fn enter(
        &mut self,
        index: usize,
        moved: Moved,
        position: Option<usize>,
    ) -> Option<(Wrong, Tick)> {
        let Node { block, at, want, .. } = self.nodes[index];
        let timeline = self.timeline;
        if block == Block::new(0) && position.is_none() {
            let since = timeline.start(block);
            match timeline.after().location(at) {
                LocationKind::Value(_) => return Some((Wrong::Undefined, since)),
                LocationKind::Cell(_) | LocationKind::Register(_) if want == Want::Root => {
                    return Some((Wrong::Uninitialized, since));
                }
                LocationKind::Cell(_) | LocationKind::Register(_) => {}
            }
        }
        let want = if position.is_some() { want.of_source() } else { want };
        for (source, edge) in timeline.predecessors(block) {
            let at = position.map_or(Some(at), |at| timeline.argument((source, edge), at));
            let Some(at) = at else { continue };
            self.push(Node {
                block: source,
                before: timeline.end(source),
                at,
                want,
                moved,
                from: Some((index, Some((source, edge)))),
                crossed: None,
            });
        }
        None
    }

    /// Whether a safepoint between two ticks leaves a location behind.
    fn crossing(
        &mut self,
        index: usize,
        from: Tick,
        to: Tick,
        moved: Moved,
        at: Location,
    ) -> Moved {
        if moved != Moved::No {
            return moved;
        }
        let mut crossed = self.timeline.safepoints_between(from, to);
        let left = match &self.kept {
            None => crossed.next(),
            Some(classes) => crossed.find(|&safepoint| {
                let mut roots = self.timeline.roots(safepoint).iter();
                !roots.any(|&root| classes.are_one(root, at))
            }),
        };
        match left {
            Some(safepoint) => {
                self.nodes[index].crossed = Some(safepoint);
                Moved::Crossed
            }
            None => Moved::No,
        }
    }

    /// What was left behind is stale for sure if it is claimed to be a reference.
    fn claimed(&self, moved: Moved, at: Location) -> Moved {
        match moved {
            Moved::No | Moved::Declared(_) => moved,
            Moved::Crossed | Moved::Spilled(_) if self.references.is_declared(at) => {
                Moved::Declared(at)
            }
            Moved::Crossed if self.references.is_claimed(at) => Moved::Spilled(at),
            Moved::Crossed | Moved::Spilled(_) => moved,
        }
    }

    fn failure_at(&self, node: usize, wrong: Wrong, since: Tick) -> Failure {
        let at = self.nodes[node].at;
        let mut failure =
            Failure { wrong, at, since, hops: Vec::new(), crossed: None, copies: Vec::new() };
        let mut index = node;
        loop {
            let Node { block, before, at, from, crossed, .. } = self.nodes[index];
            if let Some(safepoint) = crossed {
                failure.crossed = Some((failure.hops.len(), safepoint));
            }
            match from {
                None => return failure,
                Some((next, None)) => {
                    let got = self.nodes[next].at;
                    if got != at {
                        failure.copies.push((failure.hops.len(), before, got));
                    }
                    index = next;
                }
                Some((next, Some(edge))) => {
                    debug_assert_eq!(block, edge.0, "an edge leaves its source");
                    failure.hops.push(edge);
                    index = next;
                }
            }
        }
    }
}

/// A copy that was left behind and is claimed to be a reference is stale.
fn stale(moved: Moved) -> Option<Wrong> {
    match moved {
        Moved::Spilled(claim) | Moved::Declared(claim) => Some(Wrong::Stale { claim }),
        Moved::No | Moved::Crossed => None,
    }
}
