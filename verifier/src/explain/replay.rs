//! Execution of one path.
//!
//! This follows the definition of an execution literally: a definition makes a new instance, a
//! parameter receives the instance of its argument, moves copy, and the collector updates the
//! roots and leaves every other copy of a reference stale. Claims are not consulted. A failure
//! is reported only if it is reproduced here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::content::{Content, Instance, Instances, Moment, Nature};
use super::path::Path;
use crate::Collector;
use crate::model::{Location, Value};
use crate::prove::contents::Failure;
use crate::prove::pair::{Pair, PairEdge, Point, Step};

/// An event of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transition {
    /// The function was entered.
    Start,
    /// A step, in the block this many hops into the path.
    Step { point: Point, step: Step, hop: usize },
    /// The edge out of the block this many hops into the path.
    Edge { hop: usize },
}

/// A content, and when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) content: Content,
    pub(super) since: Moment,
    /// When it became this: later than `since` if it became stale.
    as_of: Moment,
}

const NEVER_WRITTEN: Written =
    Written { content: Content::Uninitialized, since: Moment(0), as_of: Moment(0) };

/// The instance that a before value names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    pub(super) instance: Instance,
    pub(super) since: Moment,
    /// The argument it was bound to, if it is a parameter bound by an edge.
    pub(super) argument: Option<Value>,
}

/// A safepoint gone through, and what was in each root before the collector ran.
pub(super) type Visited = (Moment, Vec<(Location, Content)>);

/// A run along one path up to a failure.
#[derive(Debug)]
pub(super) struct Replay {
    events: Vec<Transition>,
    pub(super) instances: Instances,
    /// Every meaning each value had, in order.
    names: HashMap<Value, Vec<Binding>, FxBuildHasher>,
    /// Every content each location had, in order.
    history: BTreeMap<Location, Vec<Written>>,
    /// The locations that hold a fresh reference.
    fresh: BTreeSet<Location>,
    safepoints: Vec<Visited>,
}

impl Replay {
    /// Runs `path`, as far as the failing point. `None` if the failure does not
    /// show on it.
    pub(super) fn run(
        pair: &Pair<'_>,
        collector: Collector,
        path: &Path,
        failure: Failure,
    ) -> Option<Replay> {
        let mut replay = Replay {
            events: vec![Transition::Start],
            instances: Instances::default(),
            names: HashMap::default(),
            history: BTreeMap::new(),
            fresh: BTreeSet::new(),
            safepoints: Vec::new(),
        };
        for (value, at) in pair.entry_definitions() {
            replay.define(pair, value, at);
        }
        for (hop, block) in path.blocks().enumerate() {
            for (point, step) in pair.steps(block) {
                replay.events.push(Transition::Step { point, step, hop });
                if hop == path.hops.len() && point == failure.point() {
                    return replay.fails(failure).then_some(replay);
                }
                replay.step(pair, collector, step);
            }
            let &(_, edge) = path.hops.get(hop)?;
            replay.events.push(Transition::Edge { hop });
            replay.edge(pair, &pair.edge(block, edge)?);
        }
        None
    }

    fn fails(&self, failure: Failure) -> bool {
        match failure {
            Failure::Observation { value, at, .. } => self
                .meaning(value)
                .is_some_and(|meant| !self.instances.is_fresh(self.content(at), meant.instance)),
            Failure::Root { at, .. } => {
                let content = self.content(at);
                content != Content::Null && !self.instances.is_fresh_reference(content)
            }
        }
    }

    fn step(&mut self, pair: &Pair<'_>, collector: Collector, step: Step) {
        match step {
            Step::Observe { .. } => {}
            Step::Define { value, at } => self.define(pair, value, at),
            Step::Move { from, to } => {
                let content = self.renamed(self.content(from));
                self.write(pair, to, content);
            }
            Step::Null { value, at } => {
                if let Some(value) = value {
                    self.bind_new(value, Nature::Null);
                }
                self.write(pair, at, Content::Null);
            }
            Step::Clobber { at } => self.write(pair, at, Content::Unknown),
            Step::Safepoint { roots } => self.safepoint(pair.after().roots(roots), collector),
        }
    }

    fn define(&mut self, pair: &Pair<'_>, value: Value, at: Location) {
        let nature = match pair.references().must_be(value) {
            true => Nature::Reference,
            false => Nature::Number,
        };
        let instance = self.bind_new(value, nature);
        self.write(pair, at, Content::Copy { instance, name: value, stale: None, updated: None });
    }

    fn bind_new(&mut self, value: Value, nature: Nature) -> Instance {
        let since = self.now();
        let instance = self.instances.define(value, since, nature);
        self.names.entry(value).or_default().push(Binding { instance, since, argument: None });
        instance
    }

    fn write(&mut self, pair: &Pair<'_>, at: Location, content: Content) {
        for &other in pair.overlapping(at) {
            self.record(other, Content::Unknown, self.now());
        }
        self.record(at, content, self.now());
    }

    fn record(&mut self, at: Location, content: Content, since: Moment) {
        let as_of = self.now();
        self.history.entry(at).or_default().push(Written { content, since, as_of });
        match self.instances.is_fresh_reference(content) {
            true => self.fresh.insert(at),
            false => self.fresh.remove(&at),
        };
    }

    /// The content under the name the program has for it now: the latest bound.
    fn renamed(&self, content: Content) -> Content {
        let Content::Copy { instance, name, .. } = content else { return content };
        let mut names = self.instances.names(instance);
        let current = names.find(|&value| {
            self.meaning(value).is_some_and(|b| self.instances.is_copy(content, b.instance))
        });
        content.named(current.unwrap_or(name))
    }

    fn edge(&mut self, pair: &Pair<'_>, edge: &PairEdge<'_>) {
        let passed: Vec<Content> = edge.after_args.iter().map(|&at| self.content(at)).collect();
        let since = self.now();
        let mut bound = Vec::new();
        let mut converted = Vec::new();
        for (&param, &argument) in edge.before_params.iter().zip(edge.before_args) {
            let Some(meant) = self.meaning(argument) else { continue };
            let is_number = self.instances.is(meant.instance, Nature::Number);
            let instance = match pair.is_declared(param) && is_number {
                true => {
                    converted.push(meant.instance);
                    self.instances.convert(meant.instance, param, since)
                }
                false => {
                    self.instances.bind(param, meant.instance);
                    meant.instance
                }
            };
            bound.push((param, Binding { instance, since, argument: Some(argument) }));
        }
        for (param, binding) in bound {
            self.names.entry(param).or_default().push(binding);
        }
        for (&param, content) in edge.after_params.iter().zip(passed) {
            let content = self.renamed(content);
            self.write(pair, param, content);
        }
        for instance in converted {
            // Every copy is a copy of the new instance too, and a fresh one.
            let Replay { history, fresh, instances, .. } = self;
            fresh.extend(history.iter().filter_map(|(&at, versions)| {
                instances.is_copy(versions.last()?.content, instance).then_some(at)
            }));
        }
    }

    fn safepoint(&mut self, roots: &[Location], collector: Collector) {
        let now = self.now();
        let held: Vec<_> = roots.iter().map(|&root| (root, self.content(root))).collect();
        let kept: HashSet<Instance, FxBuildHasher> = match collector {
            Collector::Moving => HashSet::default(),
            Collector::NonMoving => {
                let fresh = held.iter().filter(|(_, c)| self.instances.is_fresh_reference(*c));
                fresh.filter_map(|(_, content)| self.instances.reference(*content)).collect()
            }
        };
        let updated: BTreeSet<Location> = roots.iter().copied().collect();
        let others: Vec<Location> = self.fresh.difference(&updated).copied().collect();
        for at in others {
            let Written { content, since, .. } = self.written(at);
            let is_kept = self.instances.reference(content).is_some_and(|i| kept.contains(&i));
            if let Content::Copy { instance, name, updated, .. } = content
                && !is_kept
            {
                // Nothing was written, so `since` is unchanged.
                let content = Content::Copy { instance, name, updated, stale: Some(now) };
                self.record(at, content, since);
            }
        }
        if collector == Collector::Moving {
            roots.iter().for_each(|&root| self.update(root));
        }
        self.safepoints.push((now, held));
    }

    /// A collector that moves objects has updated a root: of a number and of a reference that was
    /// made from it, it holds the reference.
    fn update(&mut self, root: Location) {
        let Written { content, since, .. } = self.written(root);
        if let Content::Copy { instance, name, stale, updated: None } = content
            && self.instances.is(instance, Nature::Number)
            && self.instances.is_fresh_reference(content)
        {
            let updated = Some(self.now());
            let content = self.renamed(Content::Copy { instance, name, stale, updated });
            self.record(root, content, since);
        }
    }

    fn now(&self) -> Moment {
        Moment(u32::try_from(self.events.len() - 1).unwrap_or(u32::MAX))
    }

    /// Returns the content of a location at the failure.
    pub(super) fn content(&self, at: Location) -> Content {
        self.written(at).content
    }

    /// Returns the content of a location at the failure, and since when it is there.
    pub(super) fn written(&self, at: Location) -> Written {
        let last = self.history.get(&at).and_then(|versions| versions.last());
        last.copied().unwrap_or(NEVER_WRITTEN)
    }

    /// Returns the content of a location just before a moment, and since when it is there.
    pub(super) fn written_before(&self, at: Location, moment: Moment) -> Written {
        let versions = self.history.get(&at).map_or(&[][..], Vec::as_slice);
        let earlier = versions.iter().rev().find(|written| written.as_of < moment);
        earlier.copied().unwrap_or(NEVER_WRITTEN)
    }

    /// Every content a location had, in order.
    pub(super) fn history(&self, at: Location) -> &[Written] {
        self.history.get(&at).map_or(&[], Vec::as_slice)
    }

    /// The locations that hold a fresh copy of an instance at the failure.
    pub(super) fn fresh_copies(&self, instance: Instance) -> impl Iterator<Item = Location> {
        let held = self.history.iter().filter_map(|(&at, v)| Some((at, v.last()?.content)));
        held.filter(move |(_, content)| self.instances.is_fresh(*content, instance))
            .map(|(at, _)| at)
    }

    /// The locations that ever held a copy of an instance.
    pub(super) fn holders(&self, instance: Instance) -> impl Iterator<Item = Location> {
        let is_copy = move |written: &Written| self.instances.is_copy(written.content, instance);
        let histories = self.history.iter();
        histories.filter(move |(_, versions)| versions.iter().any(is_copy)).map(|(&at, _)| at)
    }

    /// Returns the instance that a value names at the failure.
    pub(super) fn meaning(&self, value: Value) -> Option<Binding> {
        self.names.get(&value).and_then(|bindings| bindings.last()).copied()
    }

    /// Returns the instance that a value named just before a moment.
    pub(super) fn meaning_before(&self, value: Value, moment: Moment) -> Option<Binding> {
        let bindings = self.names.get(&value)?;
        bindings.iter().rev().find(|binding| binding.since < moment).copied()
    }

    /// The moment of the failure.
    pub(super) fn end(&self) -> Moment {
        self.now()
    }

    /// The value whose definition made an instance, and when.
    pub(super) fn maker(&self, instance: Instance) -> (Value, Moment) {
        let made = self.instances.made(instance);
        made.map_or((Value::new(0), Moment(0)), |made| (made.value, made.moment))
    }

    /// The safepoints gone through, with what their roots held.
    pub(super) fn safepoints(&self) -> &[Visited] {
        &self.safepoints
    }

    pub(super) fn event(&self, moment: Moment) -> Transition {
        self.events.get(moment.0 as usize).copied().unwrap_or(Transition::Start)
    }
}
