//! One path, run.
//!
//! This is the definition of an execution, word for word: a definition makes a
//! new instance, a parameter takes its argument's, moves copy, the collector
//! updates the roots and leaves every other copy of a reference stale. It knows
//! nothing of claims. A failure is reported only if it shows here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::path::Path;
use crate::contents::Failure;
use crate::model::{Location, Value};
use crate::options::Collector;
use crate::pair::{Pair, PairEdge, Point, Step};

/// A moment of the run: counts the steps and edges gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u32);

/// What happened at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The function was entered.
    Start,
    /// A step, in the block this many hops into the path.
    Step { point: Point, step: Step, hop: usize },
    /// The edge out of the block this many hops into the path.
    Edge { hop: usize },
}

/// Names an instance: what one execution of one definition made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instance(u32);

impl Instance {
    /// No instance of any run.
    pub(super) const NONE: Instance = Instance(u32::MAX);
}

/// What a location holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing was written yet.
    Uninitialized,
    /// No instance: an address, bytes of two values, a clobbered register.
    Unknown,
    /// A copy of an instance.
    Copy {
        instance: Instance,
        /// What the program called it when the copy was made.
        name: Value,
        reference: bool,
        /// The safepoint at which it became stale.
        stale: Option<Moment>,
    },
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

/// What a before value means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    pub(super) instance: Instance,
    pub(super) reference: bool,
    pub(super) since: Moment,
    /// The argument it was bound to, if it is a parameter bound by an edge.
    pub(super) argument: Option<Value>,
}

/// A run along one path up to a failure.
#[derive(Debug)]
pub(super) struct Replay {
    events: Vec<Event>,
    /// Every meaning each value had, in order.
    names: HashMap<Value, Vec<Binding>, FxBuildHasher>,
    /// Every content each location had, in order.
    history: BTreeMap<Location, Vec<Written>>,
    /// The locations that hold a fresh reference.
    fresh: BTreeSet<Location>,
    /// For each instance the value whose definition made it, and when.
    made: Vec<(Value, Moment)>,
    /// For each instance the values bound to it, in order.
    bound: Vec<Vec<Value>>,
    /// What was in each root at each safepoint, before the collector ran.
    safepoints: Vec<(Moment, Vec<(Location, Content)>)>,
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
            events: vec![Event::Start],
            names: HashMap::default(),
            history: BTreeMap::new(),
            fresh: BTreeSet::new(),
            made: Vec::new(),
            bound: Vec::new(),
            safepoints: Vec::new(),
        };
        for (value, at) in pair.entry_definitions() {
            replay.define(pair, value, at);
        }
        for (hop, block) in path.blocks().enumerate() {
            for (point, step) in pair.steps(block) {
                if hop == path.hops.len() && point == failure.point() {
                    replay.events.push(Event::Step { point, step, hop });
                    return replay.fails(failure).then_some(replay);
                }
                replay.events.push(Event::Step { point, step, hop });
                replay.step(pair, collector, step);
            }
            let &(_, edge) = path.hops.get(hop)?;
            replay.events.push(Event::Edge { hop });
            replay.edge(pair, &pair.edge(block, edge)?);
        }
        None
    }

    fn fails(&self, failure: Failure) -> bool {
        match failure {
            Failure::Observation { value, at, .. } => {
                let Some(meant) = self.meaning(value) else { return false };
                match self.content(at) {
                    Content::Copy { instance, stale, .. } => {
                        instance != meant.instance || (meant.reference && stale.is_some())
                    }
                    Content::Uninitialized | Content::Unknown => true,
                }
            }
            Failure::Root { at, .. } => match self.content(at) {
                Content::Copy { reference, stale, .. } => !reference || stale.is_some(),
                Content::Uninitialized | Content::Unknown => true,
            },
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
            Step::Clobber { at } => self.write(pair, at, Content::Unknown),
            Step::Safepoint { roots } => self.safepoint(pair.after().roots(roots), collector),
        }
    }

    fn define(&mut self, pair: &Pair<'_>, value: Value, at: Location) {
        let now = self.now();
        let instance = Instance(u32::try_from(self.made.len()).unwrap_or(u32::MAX));
        self.made.push((value, now));
        self.bound.push(vec![value]);
        let reference = pair.references().is_surely(value);
        let binding = Binding { instance, reference, since: now, argument: None };
        self.names.entry(value).or_default().push(binding);
        self.write(pair, at, Content::Copy { instance, name: value, reference, stale: None });
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
        match content {
            Content::Copy { reference: true, stale: None, .. } => self.fresh.insert(at),
            Content::Copy { .. } | Content::Uninitialized | Content::Unknown => {
                self.fresh.remove(&at)
            }
        };
    }

    /// The content under the name the program has for it now: the latest bound.
    fn renamed(&self, content: Content) -> Content {
        match content {
            Content::Copy { instance, name, reference, stale } => {
                let bound = self.bound[instance.0 as usize].iter().rev();
                let mut current =
                    bound.filter(|v| self.meaning(**v).is_some_and(|b| b.instance == instance));
                let name = current.next().copied().unwrap_or(name);
                Content::Copy { instance, name, reference, stale }
            }
            Content::Uninitialized | Content::Unknown => content,
        }
    }

    fn edge(&mut self, pair: &Pair<'_>, edge: &PairEdge<'_>) {
        let passed: Vec<Content> = edge.after_args.iter().map(|&at| self.content(at)).collect();
        let since = self.now();
        let mut bound = Vec::new();
        let mut converted = HashSet::<Instance, FxBuildHasher>::default();
        for (&param, &argument) in edge.before_params.iter().zip(edge.before_args) {
            let Some(meant) = self.meaning(argument) else { continue };
            let reference = meant.reference || pair.is_declared(param);
            if reference && !meant.reference {
                converted.insert(meant.instance);
            }
            let argument = Some(argument);
            bound.push((param, Binding { reference, since, argument, ..meant }));
            self.bound[meant.instance.0 as usize].push(param);
        }
        for (param, binding) in bound {
            self.names.entry(param).or_default().push(binding);
        }
        for (&param, content) in edge.after_params.iter().zip(passed) {
            let content = self.renamed(content);
            self.write(pair, param, content);
        }
        if !converted.is_empty() {
            self.convert(&converted);
        }
    }

    /// A declared parameter makes a reference of what it receives.
    fn convert(&mut self, converted: &HashSet<Instance, FxBuildHasher>) {
        let mut copies = Vec::new();
        for (&at, versions) in &self.history {
            if let Some(&Written {
                content: Content::Copy { instance, name, stale, .. },
                since,
                ..
            }) = versions.last()
                && converted.contains(&instance)
            {
                copies.push((at, Content::Copy { instance, name, reference: true, stale }, since));
            }
        }
        for (at, content, since) in copies {
            self.record(at, content, since);
        }
    }

    fn safepoint(&mut self, roots: &[Location], collector: Collector) {
        let now = self.now();
        let held: Vec<_> = roots.iter().map(|&root| (root, self.content(root))).collect();
        let kept: HashSet<Instance, FxBuildHasher> = match collector {
            Collector::Moving => HashSet::default(),
            Collector::NonMoving => held.iter().filter_map(|(_, c)| fresh_instance(*c)).collect(),
        };
        let updated: BTreeSet<Location> = roots.iter().copied().collect();
        let others: Vec<Location> = self.fresh.difference(&updated).copied().collect();
        for at in others {
            let Written { content, since, .. } = self.written(at);
            if let Content::Copy { instance, name, reference, stale: None } = content
                && !kept.contains(&instance)
            {
                // Nothing was written: `since` stays what it was.
                self.record(
                    at,
                    Content::Copy { instance, name, reference, stale: Some(now) },
                    since,
                );
            }
        }
        self.safepoints.push((now, held));
    }

    fn now(&self) -> Moment {
        Moment(u32::try_from(self.events.len() - 1).unwrap_or(u32::MAX))
    }

    /// What a location holds at the failure.
    pub(super) fn content(&self, at: Location) -> Content {
        self.written(at).content
    }

    /// What a location holds at the failure, and since when.
    pub(super) fn written(&self, at: Location) -> Written {
        let last = self.history.get(&at).and_then(|versions| versions.last());
        last.copied().unwrap_or(NEVER_WRITTEN)
    }

    /// What a location held just before a moment, and since when.
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
        held.filter(move |(_, c)| fresh_instance(*c) == Some(instance)).map(|(at, _)| at)
    }

    /// The locations that ever held a copy of an instance.
    pub(super) fn holders(&self, instance: Instance) -> impl Iterator<Item = Location> {
        let is_copy = move |written: &Written| match written.content {
            Content::Copy { instance: held, .. } => held == instance,
            Content::Uninitialized | Content::Unknown => false,
        };
        let histories = self.history.iter();
        histories.filter(move |(_, versions)| versions.iter().any(is_copy)).map(|(&at, _)| at)
    }

    /// What a value means at the failure.
    pub(super) fn meaning(&self, value: Value) -> Option<Binding> {
        self.names.get(&value).and_then(|bindings| bindings.last()).copied()
    }

    /// What a value meant just before a moment.
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
        let made = self.made.get(instance.0 as usize);
        made.copied().unwrap_or((Value::new(0), Moment(0)))
    }

    /// The safepoints gone through, with what their roots held.
    pub(super) fn safepoints(&self) -> &[(Moment, Vec<(Location, Content)>)] {
        &self.safepoints
    }

    pub(super) fn event(&self, moment: Moment) -> Event {
        self.events.get(moment.0 as usize).copied().unwrap_or(Event::Start)
    }
}

/// The instance a content is a fresh copy of.
pub(super) fn fresh_instance(content: Content) -> Option<Instance> {
    match content {
        Content::Copy { instance, stale: None, .. } => Some(instance),
        Content::Copy { .. } | Content::Uninitialized | Content::Unknown => None,
    }
}
