//! A path on which a claim fails.
//!
//! From the failing point the claim is read backwards, block by block, until a
//! step breaks it: a breadth-first search over (block, claim), so that the
//! stretch from the break to the failure has as few blocks as can be. In front
//! of it goes a shortest path from the entry to the break. Any will do, since
//! nothing before the break can mend it, with one exception: if the break is
//! that a copy of a *sometime* reference goes stale, the path must be one on
//! which the value is a reference.

use std::collections::{HashSet, VecDeque};

use rustc_hash::FxBuildHasher;

use super::prefix::{prefix, reference_prefix};
use crate::contents::{Fact, Failure, Substitution};
use crate::model::{Block, EdgeIndex, Location, Value};
use crate::options::Collector;
use crate::pair::{Pair, Point, Step};

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

/// Where reading a claim back through a block ends.
enum Read {
    /// A step in the block makes it true.
    Met,
    /// A step in the block breaks it; if that is a safepoint at which this value
    /// goes stale, the value must be a reference there.
    Broken(Option<Value>),
    /// It is as true as this claim about the block's start.
    Start(Wanted),
}

/// A claim at a block's start, and how to get from there to the failure.
struct Node {
    block: Block,
    wanted: Wanted,
    next: Option<(usize, EdgeIndex)>,
}

/// Searches for paths on which a failure shows.
pub(super) struct Search<'p> {
    pair: &'p Pair<'p>,
    collector: Collector,
    substitution: &'p mut Substitution,
    nodes: Vec<Node>,
    queue: VecDeque<usize>,
    seen: HashSet<(Block, Wanted), FxBuildHasher>,
    /// Complete paths, in order of the search.
    found: VecDeque<Path>,
    last: Block,
}

impl<'p> Search<'p> {
    /// Begins a search for the ways in which `failure` comes about. One
    /// `substitution` serves all searches of a pair, one after the other.
    pub(super) fn new(
        pair: &'p Pair<'p>,
        collector: Collector,
        substitution: &'p mut Substitution,
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
            nodes: Vec::new(),
            queue: VecDeque::new(),
            seen: HashSet::default(),
            found: VecDeque::new(),
            last: point.block,
        };
        let reads = search.read(point.block, Some(point), wanted);
        for read in reads {
            search.reached(point.block, read, None);
        }
        search
    }

    fn reached(&mut self, block: Block, read: Read, next: Option<(usize, EdgeIndex)>) {
        match read {
            Read::Met => {}
            Read::Broken(stale) => {
                let prefix = match stale {
                    Some(value) if !self.pair.references().is_surely(value) => {
                        reference_prefix(self.pair, block, value)
                    }
                    Some(_) | None => prefix(self.pair.cfg(), block),
                };
                if let Some(hops) = prefix {
                    self.complete(hops, block, next);
                }
            }
            Read::Start(wanted) => {
                if self.seen.insert((block, wanted.clone())) {
                    self.queue.push_back(self.nodes.len());
                    self.nodes.push(Node { block, wanted, next });
                }
            }
        }
    }

    /// Puts together the way to `block` and the way on from there.
    fn complete(
        &mut self,
        mut hops: Vec<(Block, EdgeIndex)>,
        block: Block,
        mut next: Option<(usize, EdgeIndex)>,
    ) {
        let mut at = block;
        while let Some((node, edge)) = next {
            hops.push((at, edge));
            at = self.nodes[node].block;
            next = self.nodes[node].next;
        }
        self.found.push_back(Path { hops, last: self.last });
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
        let references = self.pair.references();
        let at = wanted.at;
        let overwrites = |written| written == at || self.pair.overlapping(written).contains(&at);
        match step {
            Step::Observe { .. } => vec![wanted],
            Step::Define { value, at: written } if written == at => {
                let met = wanted.fact.admits(value, references);
                reads.push(if met { Read::Met } else { Read::Broken(None) });
                vec![]
            }
            Step::Define { at: written, .. } | Step::Clobber { at: written }
                if overwrites(written) =>
            {
                reads.push(Read::Broken(None));
                vec![]
            }
            Step::Define { value, .. } => {
                // The name now means another instance.
                self.less(wanted, reads, None, |v| v != value, true)
            }
            Step::Move { from, to } if to == at => {
                vec![Wanted { at: from, fact: wanted.fact }]
            }
            Step::Move { to, .. } if overwrites(to) => {
                reads.push(Read::Broken(None));
                vec![]
            }
            Step::Move { .. } | Step::Clobber { .. } => vec![wanted],
            Step::Safepoint { roots } => {
                let roots = self.pair.after().roots(roots);
                let stale = wanted.fact.values().iter().copied().find(|&v| references.may_be(v));
                if roots.contains(&at) {
                    if wanted.fact.admits_references() {
                        reads.push(Read::Met);
                        return vec![];
                    }
                    return vec![wanted];
                }
                match self.collector {
                    Collector::Moving => {
                        self.less(wanted, reads, stale, |v| !references.may_be(v), false)
                    }
                    Collector::NonMoving => {
                        // Good while some root holds the same instance: so it
                        // fails with the copy, or perhaps with one of the roots.
                        if wanted.fact.admits_references() {
                            // Whichever reference it is, no root need hold it.
                            reads.push(Read::Broken(None));
                        }
                        let Some(value) = stale else { return vec![wanted] };
                        let fact = Fact::holds(value);
                        let kept = roots.iter().map(|&at| Wanted { at, fact: fact.clone() });
                        let kept = kept.chain([wanted]).collect();
                        reads.push(Read::Broken(Some(value)));
                        kept
                    }
                }
            }
        }
    }

    fn less(
        &self,
        wanted: Wanted,
        reads: &mut Vec<Read>,
        stale: Option<Value>,
        keep: impl Fn(Value) -> bool,
        reference: bool,
    ) -> Vec<Wanted> {
        match wanted.fact.filtered(keep, reference) {
            Some(fact) => vec![Wanted { at: wanted.at, fact }],
            None => {
                reads.push(Read::Broken(stale));
                vec![]
            }
        }
    }
}

impl Iterator for Search<'_> {
    type Item = Path;

    /// The next path to try, shortest from break to failure first.
    fn next(&mut self) -> Option<Path> {
        loop {
            if let Some(path) = self.found.pop_front() {
                return Some(path);
            }
            let node = self.queue.pop_front()?;
            let block = self.nodes[node].block;
            let wanted = self.nodes[node].wanted.clone();
            if block.index() == 0 && !self.met_at_start(&wanted) {
                let next = self.nodes[node].next;
                self.complete(Vec::new(), block, next);
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
    fn met_at_start(&self, wanted: &Wanted) -> bool {
        let references = self.pair.references();
        self.pair
            .entry_definitions()
            .any(|(value, at)| at == wanted.at && wanted.fact.admits(value, references))
    }
}
