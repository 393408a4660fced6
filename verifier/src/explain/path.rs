//! A path on which a claim fails.
//!
//! From the failing point the claim is read backwards, block by block, until a step breaks it.
//! The path begins with a shortest path from the entry to the break. Any such path will do,
//! since nothing before the break can make the claim true, with these exceptions: if a copy of a
//! *sometime* reference becomes stale at the break, the path must be one on which the value is
//! a reference, or if a root is updated there, one on which it is none; and if there is null in
//! place of a value that *sometimes* means null, one on which the value does not.
//!
//! The search over (block, claim) is best-first by the length of the whole path, for which the
//! distance from the entry is a lower bound. So where a claim describes a failure completely,
//! no shorter path shows it: every trip around a loop that a witness makes is needed. Under a
//! moving collector, a claim does so unless it admits several values one of which is
//! *sometimes* a reference: then the path on which that value is a reference need not be one on
//! which the location holds it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};

use rustc_hash::FxBuildHasher;

use super::prefix::{Condition, prefix_with};
use crate::Collector;
use crate::certificate::Otherwise;
use crate::model::{Block, EdgeIndex, Location};
use crate::prove::contents::{Fact, Failure, Precondition, Substitution, left_good, precondition};
use crate::prove::pair::{Pair, Point, Step};

/// A path: the blocks it runs through and the edges it takes between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// Each block but the last, with the edge by which the path leaves it.
    pub(super) hops: Vec<(Block, EdgeIndex)>,
    /// The block it ends in.
    pub(super) last: Block,
}

impl Path {
    pub(super) fn blocks(&self) -> impl Iterator<Item = Block> + '_ {
        self.hops.iter().map(|&(block, _)| block).chain([self.last])
    }
}

/// A claim by value; facts made up on the way need not be in any table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Wanted {
    at: Location,
    fact: Fact,
}

/// The result of reading a claim back through a block.
enum Read {
    /// A step in the block makes it true.
    Met,
    /// A step in the block breaks it, on paths on which this holds there.
    Broken(Option<Condition>),
    /// It is as true as this claim about the block's start.
    Start(Wanted),
}

/// A claim at a block's start, and the path from there to the failure.
struct Node {
    block: Block,
    wanted: Wanted,
    next: Next,
    /// The number of edges from there to the failure.
    depth: usize,
}

/// The node behind an edge; none in the block that fails.
type Next = Option<(usize, EdgeIndex)>;

/// A point at which a claim breaks.
struct Break {
    /// The path to the block, unless any path will do.
    prefix: Option<Vec<(Block, EdgeIndex)>>,
    block: Block,
    next: Next,
}

/// Searches for paths on which a failure shows.
pub(super) struct Search<'p> {
    pair: &'p Pair<'p>,
    collector: Collector,
    substitution: &'p mut Substitution,
    /// By block, how many edges it is from the entry.
    distances: &'p [Option<u32>],
    nodes: Vec<Node>,
    /// Nodes to go on from, by the least length of a path through them.
    queue: BinaryHeap<Reverse<(usize, usize)>>,
    seen: HashSet<(Block, Wanted), FxBuildHasher>,
    /// Breaks, by the length of the path and in order of the search.
    found: BTreeMap<(usize, usize), Break>,
    breaks: usize,
    last: Block,
}

impl<'p> Search<'p> {
    /// Begins a search for the paths on which `failure` occurs. One `substitution` and the
    /// `distances` of all blocks from the entry are used for all searches of a pair, one after
    /// the other.
    pub(super) fn new(
        pair: &'p Pair<'p>,
        collector: Collector,
        substitution: &'p mut Substitution,
        distances: &'p [Option<u32>],
        failure: Failure,
    ) -> Self {
        let point = failure.point();
        let wanted = match failure {
            Failure::Observation { value, at, .. } => Wanted { at, fact: Fact::holds(value) },
            Failure::Root { at, .. } => Wanted { at, fact: Fact::reference() },
        };
        let mut search = Search {
            pair,
            collector,
            substitution,
            distances,
            nodes: Vec::new(),
            queue: BinaryHeap::new(),
            seen: HashSet::default(),
            found: BTreeMap::new(),
            breaks: 0,
            last: point.block,
        };
        let reads = search.read(point.block, Some(point), wanted);
        for read in reads {
            search.reached(point.block, read, None);
        }
        search
    }

    fn reached(&mut self, block: Block, read: Read, next: Next) {
        let depth = next.map_or(0, |(node, _)| self.nodes[node].depth + 1);
        match read {
            Read::Met => {}
            Read::Broken(Some(condition)) => {
                if let Some(prefix) = prefix_with(self.pair, self.distances, block, condition) {
                    self.broken(prefix.len() + depth, Some(prefix), block, next);
                }
            }
            Read::Broken(None) => {
                if let Some(distance) = self.distance(block) {
                    self.broken(distance + depth, None, block, next);
                }
            }
            Read::Start(wanted) => {
                if let Some(distance) = self.distance(block) {
                    self.queue.push(Reverse((distance + depth, self.nodes.len())));
                    self.nodes.push(Node { block, wanted, next, depth });
                }
            }
        }
    }

    fn distance(&self, block: Block) -> Option<usize> {
        self.distances[block.index()].map(|distance| distance as usize)
    }

    fn broken(
        &mut self,
        length: usize,
        prefix: Option<Vec<(Block, EdgeIndex)>>,
        block: Block,
        next: Next,
    ) {
        self.found.insert((length, self.breaks), Break { prefix, block, next });
        self.breaks += 1;
    }

    /// Combines the path to a break with the path from there to the failure.
    fn path(&self, found: Break) -> Option<Path> {
        let Break { prefix: hops, block, mut next } = found;
        let mut hops = hops.or_else(|| self.pair.cfg().shortest_path(self.distances, block))?;
        let mut at = block;
        while let Some((node, edge)) = next {
            hops.push((at, edge));
            at = self.nodes[node].block;
            next = self.nodes[node].next;
        }
        Some(Path { hops, last: self.last })
    }

    /// Reads a claim back through a block, from before `until` or from its end.
    fn read(&self, block: Block, until: Option<Point>, wanted: Wanted) -> Vec<Read> {
        let mut claims = vec![wanted];
        let mut reads = Vec::new();
        for (point, step) in self.pair.steps(block).rev() {
            if until.is_some_and(|until| point >= until) {
                continue;
            }
            claims = claims.into_iter().flat_map(|c| self.step(step, c, &mut reads)).collect();
            if claims.is_empty() {
                break;
            }
        }
        reads.extend(claims.into_iter().map(Read::Start));
        reads
    }

    /// The claims before a step; what the step decides goes to `reads`.
    fn step(&self, step: Step, wanted: Wanted, reads: &mut Vec<Read>) -> Vec<Wanted> {
        let at = wanted.at;
        match precondition(self.pair, step, at, wanted.fact) {
            Precondition::True => reads.push(Read::Met),
            Precondition::False => reads.push(Read::Broken(None)),
            Precondition::MeansNull(fact) => reads.push(self.null_for(&fact)),
            Precondition::Holds(at, fact) => return vec![Wanted { at, fact }],
            Precondition::Updated(fact) => {
                return match self.collector {
                    Collector::Moving => self.cross_updated(at, &fact, reads),
                    Collector::NonMoving => vec![Wanted { at, fact }],
                };
            }
            Precondition::Crosses(fact) => {
                let Step::Safepoint { roots } = step else { return vec![] };
                let roots = self.pair.after().roots(roots);
                return match self.collector {
                    Collector::Moving => self.cross_moving(at, &fact, reads),
                    Collector::NonMoving => self.cross_kept(at, fact, roots, reads),
                };
            }
        }
        vec![]
    }

    /// Reads a claim about a root back over a safepoint that moves every object. A value that is a
    /// number on some paths breaks the claim on those; on the others, the claim is unchanged.
    fn cross_updated(&self, at: Location, fact: &Fact, reads: &mut Vec<Read>) -> Vec<Wanted> {
        let numbers = fact.values().iter().copied().filter(|&v| !self.pair.moves_with_root(v));
        let conditions = numbers.map(Condition::Number);
        reads.extend(conditions.map(|condition| Read::Broken(Some(condition))));
        let is_number = |v| Condition::Number(v).holds(self.pair);
        let kept = fact.filtered(|v| !is_number(v), Otherwise::Reference);
        kept.map(|fact| Wanted { at, fact }).into_iter().collect()
    }

    /// Reads a claim back over a safepoint that moves every object. A value that is a reference
    /// on some paths breaks the claim on those; on the others, the claim is unchanged.
    fn cross_moving(&self, at: Location, fact: &Fact, reads: &mut Vec<Read>) -> Vec<Wanted> {
        let is_always = |v| Condition::Reference(v).holds(self.pair);
        let values = fact.values().iter().copied();
        let sometimes = values.filter(|&v| self.pair.is_movable(v) && !is_always(v));
        let conditions = sometimes.map(Condition::Reference);
        reads.extend(conditions.map(|condition| Read::Broken(Some(condition))));
        let kept = fact.filtered(|v| !is_always(v), left_good(self.pair));
        if kept.is_none() {
            reads.push(Read::Broken(None));
        }
        kept.map(|fact| Wanted { at, fact }).into_iter().collect()
    }

    /// Reads a claim back over a safepoint that does not move objects. A copy stays valid while
    /// some root holds the same instance, so the claim fails with the copy, or perhaps with one
    /// of the roots.
    fn cross_kept(
        &self,
        at: Location,
        fact: Fact,
        roots: &[Location],
        reads: &mut Vec<Read>,
    ) -> Vec<Wanted> {
        if fact.admits_references() {
            // Regardless of which reference it is, no root need hold it.
            reads.push(Read::Broken(None));
        }
        let stale = fact.values().iter().copied().find(|&v| self.pair.is_movable(v));
        let Some(value) = stale else { return vec![Wanted { at, fact }] };
        let held = Fact::holds(value);
        let kept = roots.iter().map(|&at| Wanted { at, fact: held.clone() });
        let kept = kept.chain([Wanted { at, fact }]).collect();
        reads.push(Read::Broken(Some(Condition::Reference(value))));
        kept
    }
}

impl Iterator for Search<'_> {
    type Item = Path;

    /// The next path to try, shortest first.
    fn next(&mut self) -> Option<Path> {
        loop {
            let least = self.queue.peek().map(|&Reverse((length, _))| length);
            if let Some(found) = self.found.first_entry()
                && least.is_none_or(|least| found.key().0 <= least)
            {
                let found = found.remove();
                match self.path(found) {
                    Some(path) => return Some(path),
                    None => continue,
                }
            }
            let Reverse((_, node)) = self.queue.pop()?;
            let block = self.nodes[node].block;
            let wanted = self.nodes[node].wanted.clone();
            if !self.seen.insert((block, wanted.clone())) {
                continue;
            }
            if block.index() == 0 && !self.met_at_start(&wanted) {
                let Node { next, depth, .. } = self.nodes[node];
                self.broken(depth, Some(Vec::new()), block, next);
            }
            for &(source, edge) in self.pair.cfg().predecessors(block) {
                if !self.pair.reachable().contains(source.index()) {
                    continue;
                }
                let Some(taken) = self.pair.edge(source, edge) else { continue };
                self.substitution.load(self.pair, &taken);
                let (at, fact) = self.substitution.read_back(wanted.at, &wanted.fact);
                self.substitution.unload(&taken);
                let wanted = Wanted { at, fact };
                for read in self.read(source, None, wanted) {
                    self.reached(source, read, Some((node, edge)));
                }
            }
        }
    }
}

impl Search<'_> {
    /// Reads back a claim about a location to which null is written.
    fn null_for(&self, fact: &Fact) -> Read {
        let (nulls, values) = (self.pair.nulls(), fact.values());
        if fact.admits_null() || values.iter().any(|&value| nulls.is_always(value)) {
            return Read::Met;
        }
        let sometimes = values.iter().copied().find(|&value| nulls.may_be(value));
        Read::Broken(sometimes.map(Condition::NotNull))
    }

    fn met_at_start(&self, wanted: &Wanted) -> bool {
        let references = self.pair.references();
        self.pair
            .entry_definitions()
            .any(|(value, at)| at == wanted.at && wanted.fact.admits(value, references))
    }
}
