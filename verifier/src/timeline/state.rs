//! The effect of each step on the contents of locations.

use fixedbitset::FixedBitSet;
use smallvec::{SmallVec, smallvec};

use super::content::{Contents, Held, PathContents};
use super::tracked::Tracked;
use crate::Collector;
use crate::model::{Block, EdgeIndex, Location, RootList, Value};
use crate::prove::pair::Step;

/// The contents of the locations of a [`Timeline`](super::Timeline) at a point: on one path, or
/// as far as they are known for all.
#[derive(Clone, Debug)]
pub struct State<'t> {
    tracked: &'t Tracked<'t>,
    contents: Contents,
}

impl<'t> State<'t> {
    pub(super) fn new(tracked: &'t Tracked<'t>, contents: Contents) -> Self {
        State { tracked, contents }
    }

    /// The state in which the function is entered.
    pub(super) fn entry(tracked: &'t Tracked<'t>) -> Self {
        let mut state = State::new(tracked, Contents::nothing(tracked.locations.len()));
        for (value, at) in tracked.pair.entry_definitions() {
            state.step(Step::Define { value, at });
        }
        state
    }

    pub(super) fn into_contents(self) -> Contents {
        self.contents
    }

    /// Returns the content of a location, or `None` if the location is not tracked.
    pub fn content(&self, at: Location) -> Option<&PathContents> {
        self.contents.0.get(self.tracked.position(at)?)
    }

    /// Applies a step.
    pub fn step(&mut self, step: Step) {
        match step {
            Step::Observe { .. } => {}
            Step::Define { value, at } => {
                self.age(value);
                self.write(at, PathContents::only(Held::Fresh(value)));
            }
            Step::Move { from, to } => {
                let moved = self.content(from).cloned();
                self.write(to, moved.unwrap_or_else(|| PathContents::only(Held::Other)));
            }
            Step::Null { value, at } => {
                if let Some(value) = value {
                    self.make_null(value);
                }
                self.write(at, self.contents.null());
            }
            Step::Clobber { at } => self.write(at, PathContents::only(Held::Other)),
            Step::Safepoint { roots } => self.safepoint(roots),
        }
    }

    /// Takes an edge out of a block. Nothing happens if there is no such edge.
    pub fn edge(&mut self, block: Block, edge: EdgeIndex) {
        let tracked = self.tracked;
        let Some(edge) = tracked.pair.edge(block, edge) else { return };
        let passed: SmallVec<[(Location, Option<PathContents>); 8]> = edge
            .after_params
            .iter()
            .zip(edge.after_args)
            .filter(|(param, _)| tracked.position(**param).is_some())
            .map(|(&param, &argument)| (param, self.content(argument).cloned()))
            .collect();
        for (param, content) in passed {
            self.write(param, content.unwrap_or_else(|| PathContents::only(Held::Other)));
        }
        if edge.before_params.is_empty() {
            return;
        }
        // What held an argument also holds its parameter; what a parameter named
        // before is old now, unless it is passed on.
        let pairs = || edge.before_params.iter().copied().zip(edge.before_args.iter().copied());
        let rename = |value: Value, as_held: fn(Value) -> Held| {
            let is_param = edge.before_params.contains(&value);
            let names = pairs().filter(|&(_, argument)| argument == value).map(|(param, _)| param);
            let kept = (!is_param).then_some(value);
            let new: SmallVec<[Held; 2]> = kept.into_iter().chain(names).map(as_held).collect();
            match new.is_empty() {
                true => smallvec![Held::Old(value)],
                false => new,
            }
        };
        for content in &mut self.contents.0 {
            content.replace(|held| match held {
                Held::Fresh(value) => rename(value, Held::Fresh),
                Held::Stale(value) => rename(value, Held::Stale),
                Held::Nothing | Held::Old(_) | Held::Null | Held::Other => smallvec![held],
            });
        }
    }

    /// The value is redefined: its former instance no longer has this name.
    fn age(&mut self, value: Value) {
        let names = |held: &Held| matches!(held, Held::Fresh(v) | Held::Stale(v) if *v == value);
        for content in &mut self.contents.0 {
            if content.on_some_path().iter().chain(content.on_every_path()).any(names) {
                content.replace(|held| match names(&held) {
                    true => smallvec![Held::Old(value)],
                    false => smallvec![held],
                });
            }
        }
    }

    /// The value is null from here on.
    fn make_null(&mut self, value: Value) {
        self.age(value);
        for content in &mut self.contents.0 {
            content.replace(|held| match held {
                Held::Null => smallvec![held, Held::Fresh(value)],
                Held::Nothing | Held::Fresh(_) | Held::Stale(_) | Held::Old(_) | Held::Other => {
                    smallvec![held]
                }
            });
        }
    }

    fn write(&mut self, at: Location, content: PathContents) {
        for &other in self.tracked.pair.overlapping(at) {
            self.set(other, PathContents::only(Held::Other));
        }
        self.set(at, content);
    }

    fn set(&mut self, at: Location, content: PathContents) {
        let position = self.tracked.position(at);
        if let Some(known) = position.and_then(|position| self.contents.0.get_mut(position)) {
            *known = content;
        }
    }

    /// Every object moves, copies outside the roots become stale, and what the roots hold is no
    /// number any more. Under a non-moving collector, only those become stale whose instance no
    /// root holds, and numbers stay.
    fn safepoint(&mut self, list: RootList) {
        let tracked = self.tracked;
        let roots = tracked.pair.after().roots(list);
        let mut kept: Vec<Value> = Vec::new();
        if tracked.collector == Collector::NonMoving {
            let held = roots.iter().filter_map(|&root| self.content(root));
            kept.extend(held.flat_map(|content| content.on_every_path()).filter_map(|held| {
                match held {
                    Held::Fresh(value) => Some(*value),
                    Held::Nothing | Held::Stale(_) | Held::Old(_) | Held::Null | Held::Other => {
                        None
                    }
                }
            }));
        }
        let goes_stale = |held: Held| match held {
            Held::Fresh(value) => tracked.pair.is_movable(value) && !kept.contains(&value),
            Held::Nothing | Held::Stale(_) | Held::Old(_) | Held::Null | Held::Other => false,
        };
        let mut updated = FixedBitSet::with_capacity(tracked.locations.len());
        updated.extend(roots.iter().filter_map(|&root| tracked.position(root)));
        for (position, content) in self.contents.0.iter_mut().enumerate() {
            if updated.contains(position) {
                let pair = tracked.pair;
                let is_reference = |held: &Held| match *held {
                    Held::Fresh(value) => pair.references().must_be(value),
                    Held::Nothing | Held::Stale(_) | Held::Old(_) | Held::Null | Held::Other => {
                        false
                    }
                };
                let is_updated = content.on_every_path().iter().any(is_reference);
                if is_updated && tracked.collector == Collector::Moving {
                    let sometimes = |v| pair.references().may_be(v) || pair.nulls().may_be(v);
                    content.keep(|v| pair.moves_with_root(v), sometimes);
                }
                continue;
            }
            if content.is(Held::Null) {
                continue;
            }
            content.replace(|held| match held {
                Held::Fresh(value) if goes_stale(held) => smallvec![Held::Stale(value)],
                Held::Fresh(_)
                | Held::Nothing
                | Held::Stale(_)
                | Held::Old(_)
                | Held::Null
                | Held::Other => smallvec![held],
            });
        }
    }
}
