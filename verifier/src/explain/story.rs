//! A failing run, in the terms that findings are written in.

use std::cell::OnceCell;
use std::ops::Deref;

use super::content::{Content, Instance, Moment};
use super::liveness::Liveness;
use super::path::Path;
use super::replay::{Replay, Transition};
use super::sites::Sites;
use super::uses;
use crate::findings::{Label, WitnessBlock};
use crate::model::{Block, EdgeIndex, Location, Value};
use crate::prove::cfg::Loops;
use crate::prove::contents::Failure;
use crate::prove::pair::{Point, Step};

/// A failing run, with methods that describe it in words.
pub(crate) struct Story<'s> {
    pub(super) sites: Sites<'s>,
    pub(super) loops: &'s Loops,
    pub(super) liveness: &'s OnceCell<Liveness<'s>>,
    pub(super) path: Path,
    pub(super) replay: Replay,
    pub(crate) failure: Failure,
}

impl<'s> Deref for Story<'s> {
    type Target = Sites<'s>;

    fn deref(&self) -> &Sites<'s> {
        &self.sites
    }
}

impl Story<'_> {
    /// Describes a content: `` `v1` ``, or the kind of content.
    pub(crate) fn content(&self, content: Content) -> String {
        match content {
            Content::Uninitialized => "nothing that was written".to_owned(),
            Content::Unknown => "something that is no value of the program".to_owned(),
            Content::Null => "null".to_owned(),
            Content::Copy { name, .. } => {
                let instances = &self.replay.instances;
                let is_stale = instances.reference(content).is_some()
                    && !instances.is_fresh_reference(content);
                let of = if is_stale { "a stale copy of " } else { "" };
                format!("{of}{}", self.value(name))
            }
        }
    }

    /// Returns the name of the value whose copy the content is, if it is one.
    pub(crate) fn content_name(&self, content: Content) -> Option<String> {
        match content {
            Content::Copy { name, .. } => Some(self.bare_value(name)),
            Content::Uninitialized | Content::Unknown | Content::Null => None,
        }
    }

    /// The moment of the failure.
    pub(crate) fn end(&self) -> Moment {
        self.replay.end()
    }

    /// The point of the step at a moment.
    pub(crate) fn point(&self, moment: Moment) -> Option<Point> {
        match self.replay.event(moment) {
            Transition::Step { point, .. } => Some(point),
            Transition::Start | Transition::Edge { .. } => None,
        }
    }

    /// A label on a moment, or on the block an edge enters.
    pub(crate) fn label_at(&self, moment: Moment, text: impl Into<String>) -> Label {
        let block = match self.replay.event(moment) {
            Transition::Step { point, .. } => return self.label(point, text),
            Transition::Start => Block::new(0),
            Transition::Edge { hop } => self.path.blocks().nth(hop + 1).unwrap_or(self.path.last),
        };
        Label { site: self.block(block), text: text.into() }
    }

    /// The failure, which is that a location holds a copy of a value from before a safepoint.
    pub(crate) fn stale_read(&self, value: Value, at: Location) -> Label {
        let (value, at) = (self.value(value), self.location(at));
        self.label(
            self.failure.point(),
            format!("{value} is read from {at}, a copy from before the safepoint"),
        )
    }

    /// Returns the event at which the instance was made.
    pub(crate) fn defined(&self, instance: Instance) -> (Moment, Label) {
        let (value, moment) = self.replay.maker(instance);
        (moment, self.label_at(moment, format!("{} is defined here", self.value(value))))
    }

    /// Returns the failing observation, in words.
    pub(crate) fn observed_text(&self) -> String {
        match self.failure {
            Failure::Observation { value, .. } => format!("{} is used here", self.value(value)),
            Failure::Root { at, .. } => format!("{} is read here", self.location(at)),
        }
    }

    /// Returns the next use of a value after a point, if there is one.
    pub(crate) fn next_use(&self, point: Point, value: Value) -> Option<Label> {
        let used = uses::next_use(self.pair, point, value)?;
        Some(self.label(used, format!("next use of {}", self.value(value))))
    }

    /// The references live across a safepoint, by the before program.
    pub(crate) fn live_across(&self, point: Point) -> Option<Label> {
        let operation = self.pair.performed(point.instruction)?;
        let block = self.pair.after().counterpart(point.block)?;
        let liveness = self.liveness.get_or_init(|| Liveness::new(self.pair));
        let live = liveness.across(block, operation);
        let names: Vec<String> = live.into_iter().map(|value| self.value(value)).collect();
        Some(self.label(point, format!("live across this safepoint: {}", names.join(", "))))
    }

    /// A safepoint behind a moment that lists `root`: the first on this path, with
    /// its moment, or else the nearest ahead.
    pub(crate) fn safepoint_after(
        &self,
        moment: Moment,
        root: Location,
    ) -> Option<(Option<Moment>, Point)> {
        let mut on_path =
            self.replay.safepoints().iter().filter(|(at, roots)| {
                *at > moment && roots.iter().any(|(listed, _)| *listed == root)
            });
        match on_path.next() {
            Some(&(at, _)) => Some((Some(at), self.point(at)?)),
            None => Some((None, uses::next_safepoint(self.pair, self.point(moment)?, root)?)),
        }
    }

    fn roots(&self, moment: Moment) -> &[(Location, Content)] {
        let found = self.replay.safepoints().iter().find(|(at, _)| *at == moment);
        found.map_or(&[], |(_, roots)| roots)
    }

    /// The roots of the safepoint at a moment and what each held.
    pub(crate) fn roots_at(&self, moment: Moment) -> String {
        let roots = self.roots(moment);
        let named: Vec<String> = roots
            .iter()
            .map(|&(root, content)| {
                format!("{}, which holds {}", self.location(root), self.content(content))
            })
            .collect();
        match named.is_empty() {
            true => "its stack map lists nothing".to_owned(),
            false => format!("its stack map lists {}", named.join(", and ")),
        }
    }

    /// The root that kept an instance fresh at a safepoint.
    pub(crate) fn root_of(&self, moment: Moment, instance: Instance) -> Option<Location> {
        let mut roots = self.roots(moment).iter();
        roots
            .find(|(_, content)| self.replay.instances.is_fresh(*content, instance))
            .map(|&(root, _)| root)
    }

    /// The locations that still hold an instance, fresh.
    pub(crate) fn fresh_copies(&self, instance: Instance) -> Vec<Location> {
        self.replay.fresh_copies(instance).collect()
    }

    /// Returns the point at which the spiller first wrote an instance to a location, with a
    /// label that has its name at that point.
    pub(crate) fn spilled(&self, instance: Instance, at: Location) -> Option<(Moment, Label)> {
        let mut history = self.replay.history(at).iter();
        let copy = history.find(|w| self.replay.instances.is_copy(w.content, instance))?;
        let what = match copy.content {
            Content::Copy { name, .. } => self.value(name),
            Content::Null => "null".to_owned(),
            Content::Uninitialized | Content::Unknown => return None,
        };
        let since = copy.since;
        match self.replay.event(since) {
            Transition::Step {
                step: Step::Move { .. } | Step::Null { value: None, .. }, ..
            } => {
                let text = format!("{what} is spilled to {} here", self.location(at));
                Some((since, self.label_at(since, text)))
            }
            Transition::Step { .. } | Transition::Start | Transition::Edge { .. } => None,
        }
    }

    /// Returns the point at which the copy that a location holds was taken, if a move took it.
    pub(crate) fn copied(&self, instance: Instance, at: Location) -> Option<(Moment, Label)> {
        let since = self.replay.written(at).since;
        match self.replay.event(since) {
            Transition::Step { step: Step::Move { from, .. }, .. } => {
                let (value, _) = self.replay.maker(instance);
                let text = format!(
                    "{} is copied from {} to {} here",
                    self.value(value),
                    self.location(from),
                    self.location(at)
                );
                Some((since, self.label_at(since, text)))
            }
            Transition::Step { .. } | Transition::Start | Transition::Edge { .. } => None,
        }
    }

    /// Returns the event at which a value received the instance that it had at a moment.
    pub(crate) fn received(&self, value: Value, moment: Moment) -> (Moment, Label) {
        let meaning = self.replay.meaning_before(value, moment);
        let since = meaning.map_or(moment, |binding| binding.since);
        let source = meaning.and_then(|binding| binding.argument);
        let text = match source {
            Some(argument) => format!("{} receives {}", self.value(value), self.value(argument)),
            None => format!("{} is made from a reference", self.value(value)),
        };
        (since, self.label_at(since, text))
    }

    /// The path, with these events on it.
    pub(crate) fn witness(&self, mut events: Vec<(Moment, Label)>) -> Vec<WitnessBlock> {
        events.sort_by_key(|(moment, _)| *moment);
        let mut previous: Option<(Block, EdgeIndex)> = None;
        let mut blocks: Vec<WitnessBlock> = Vec::new();
        for (hop, block) in self.path.blocks().enumerate() {
            blocks.push(WitnessBlock {
                block,
                entered_by: previous.map(|(_, edge)| edge),
                site: self.block(block),
                by_back_edge: previous
                    .is_some_and(|(from, _)| self.loops.is_back_edge(from, block)),
                events: Vec::new(),
            });
            previous = self.path.hops.get(hop).copied();
        }
        for (moment, label) in events {
            let hop = match self.replay.event(moment) {
                Transition::Start => 0,
                Transition::Step { hop, .. } => hop,
                Transition::Edge { hop } => hop + 1,
            };
            if let Some(block) = blocks.get_mut(hop) {
                block.events.push(label);
            }
        }
        blocks
    }
}
