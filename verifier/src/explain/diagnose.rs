//! The cause of a failing run, and so the code of the finding.
//!
//! The run shows the contents of the failing location and the moment they were written. From
//! there, the last moment at which the contents were right is found, and the step that changed
//! them. That step is the **cause**, a point in the program, and failures with the same cause
//! are one defect.

use super::content::{Content, Instance, Moment};
use super::replay::Transition;
use super::sm001::SharedSlot;
use super::sm002::MissingRoot;
use super::sm003::StaleReference;
use super::sm004::{Found, WrongValue};
use super::sm005::UninitializedRoot;
use super::sm006::StaleRoot;
use super::sm007::NonReferenceRoot;
use super::sm009::UndeclaredReference;
use super::sm012::UndeclaredByType;
use super::story::Story;
use super::uses;
use crate::findings::Finding;
use crate::model::{Location, Value};
use crate::prove::contents::Failure;
use crate::prove::pair::{Point, Step};

/// The cause of a failure. Failures with the same cause make one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// The write that gave this location its content, or the absence of one.
    Content { cell: Location, written: Option<Point> },
    /// This safepoint, which did not keep this value's instance.
    Safepoint { at: Point, value: Value },
    /// This observation itself.
    Observation(Point),
}

/// Returns the cause of a story's failure, as a finding.
pub(super) fn diagnose(story: &Story<'_>) -> (Cause, Finding) {
    match story.failure {
        Failure::Observation { value, at, .. } => observation(story, value, at),
        Failure::Root { at, .. } => root(story, at),
    }
}

fn root(story: &Story<'_>, root: Location) -> (Cause, Finding) {
    let written = story.replay.written(root);
    let content = Cause::Content { cell: root, written: story.point(written.since) };
    let reference = story.replay.instances.reference(written.content);
    match (written.content, reference) {
        (Content::Uninitialized, _) => {
            let cause = Cause::Content { cell: root, written: None };
            (cause, UninitializedRoot { root }.finding(story))
        }
        (Content::Copy { name, stale: Some(since), .. }, Some(instance)) => {
            let finding = StaleRoot { root, value: name, instance, since }.finding(story);
            (safepoint_cause(story, since, instance), finding)
        }
        (held @ (Content::Copy { .. } | Content::Null | Content::Unknown), _) => {
            let finding = NonReferenceRoot { root, content: held, since: written.since };
            (content, finding.finding(story))
        }
    }
}

fn safepoint_cause(story: &Story<'_>, moment: Moment, instance: Instance) -> Cause {
    let (value, _) = story.replay.maker(instance);
    match story.point(moment) {
        Some(at) => Cause::Safepoint { at, value },
        None => Cause::Observation(story.failure.point()),
    }
}

fn observation(story: &Story<'_>, value: Value, at: Location) -> (Cause, Finding) {
    let content = story.replay.content(at);
    let meant = story.replay.meaning(value);
    match (content, meant) {
        (Content::Copy { stale: Some(safepoint), .. }, Some(meant))
            if story.replay.instances.is_copy(content, meant.instance) =>
        {
            let cause = safepoint_cause(story, safepoint, meant.instance);
            (cause, stale(story, value, at, meant.instance, safepoint))
        }
        (_, Some(meant)) => wrong(story, value, at, meant.instance, content),
        // `Pair` checked that every use is dominated by its definition, so the
        // value means something; were it otherwise, the value is still wrong.
        (_, None) => wrong(story, value, at, Instance::NONE, content),
    }
}

/// The right instance, but a copy that a safepoint did not update.
fn stale(
    story: &Story<'_>,
    value: Value,
    at: Location,
    instance: Instance,
    safepoint: Moment,
) -> Finding {
    let crossing = name_at(story, value, safepoint);
    let (maker, _) = story.replay.maker(instance);
    let is_declared = story.pair.is_declared(crossing);
    let source = story.pair.expectation(crossing);
    let source = source.or_else(|| story.pair.expectation(maker).filter(|_| !is_declared));
    if let Some(source) = source {
        return UndeclaredByType { source, value: crossing, instance, safepoint, at }
            .finding(story);
    }
    if !is_declared {
        return UndeclaredReference { value: crossing, instance, safepoint, at }.finding(story);
    }
    match story.root_of(safepoint, instance) {
        Some(_) => StaleReference { value, crossing, instance, at, safepoint }.finding(story),
        None => MissingRoot { value: crossing, instance, lost: safepoint }.finding(story),
    }
}

/// Returns the value that named, just before a moment, what `value` names now.
fn name_at(story: &Story<'_>, value: Value, moment: Moment) -> Value {
    let (mut name, mut until) = (value, story.end());
    while let Some(binding) = story.replay.meaning_before(name, until) {
        match binding.argument {
            Some(argument) if binding.since >= moment => {
                name = argument;
                until = binding.since;
            }
            Some(_) | None => break,
        }
    }
    name
}

/// Not the right instance.
fn wrong(
    story: &Story<'_>,
    value: Value,
    at: Location,
    instance: Instance,
    content: Content,
) -> (Cause, Finding) {
    let origin = trace(story, at, instance);
    if let Some((cell, by)) = origin.overwritten {
        let cause = Cause::Content { cell, written: story.point(by) };
        let lost = name_at(story, value, by);
        let finding = match keeper(story, cell, by) {
            Some(keeper) => {
                let overwritten = by;
                SharedSlot { slot: cell, lost, instance, keeper, overwritten, at }.finding(story)
            }
            None => {
                let found = Found::Overwritten { cell, by };
                WrongValue { value, instance, at, content, found }.finding(story)
            }
        };
        return (cause, finding);
    }
    if let Some(Updated { root: cell, written, by }) = origin.updated {
        let cause = Cause::Content { cell, written: story.point(written) };
        let found = Found::Updated { cell, by };
        return (cause, WrongValue { value, instance, at, content, found }.finding(story));
    }
    let cause = match origin.cell {
        Some((cell, since)) => Cause::Content { cell, written: story.point(since) },
        None => Cause::Observation(story.failure.point()),
    };
    match lost_at(story, instance) {
        Some((lost, roots)) => {
            // If the place that is read was a root there, and had the same contents then as
            // now, the two are one defect.
            let same = origin.cell.filter(|&(cell, since)| since < lost && roots.contains(&cell));
            let cause = match same {
                Some(_) => cause,
                None => safepoint_cause(story, lost, instance),
            };
            let value = name_at(story, value, lost);
            (cause, MissingRoot { value, instance, lost }.finding(story))
        }
        None => {
            let found = Found::Elsewhere { cell: origin.cell };
            (cause, WrongValue { value, instance, at, content, found }.finding(story))
        }
    }
}

/// The reference that took a cell over, if the program needs it too.
fn keeper(story: &Story<'_>, cell: Location, by: Moment) -> Option<Value> {
    story.pair.after().cell(cell)?;
    let point = story.point(by)?;
    let Transition::Step { step: Step::Move { to, .. }, .. } = story.replay.event(by) else {
        return None;
    };
    // If another, overlapping cell was written, its content determines the reference.
    let took = story.replay.history(to).iter().find(|written| written.since == by)?;
    story.replay.instances.reference(took.content)?;
    let Content::Copy { name, .. } = took.content else { return None };
    uses::next_use(story.pair, point, name).map(|_| name)
}

/// The source of a wrong content.
struct Origin {
    /// The place at which the right instance was lost, and when that was overwritten.
    overwritten: Option<(Location, Moment)>,
    /// The first cell or register the content was copied from, and when it was
    /// written there.
    cell: Option<(Location, Moment)>,
    /// The root that held the right instance, which is a number, until the collector updated it.
    updated: Option<Updated>,
}

/// A root that the collector updated, when it was written before, and when it was updated.
struct Updated {
    root: Location,
    written: Moment,
    by: Moment,
}

/// An overwriting of the right instance at a place.
#[derive(Clone, Copy)]
struct Loss {
    place: Location,
    by: Moment,
    /// Whether what overwrote it is the wrong content itself, and nothing in between.
    is_direct: bool,
}

/// Follows the copies that brought a location its content, back to where the content was made,
/// and finds where the right instance was lost on the way.
///
/// Of the places that held it, a cell counts more than a register: registers are reused for
/// other values while the instance is kept in its cell. Among equals, it was lost where it was
/// overwritten last.
fn trace(story: &Story<'_>, at: Location, instance: Instance) -> Origin {
    let mut origin = Origin { overwritten: None, cell: None, updated: None };
    let mut losses: Vec<Loss> = Vec::new();
    let (mut at, mut until) = (at, story.end());
    loop {
        let written = story.replay.written_before(at, until);
        if let Content::Copy { instance: held, updated: Some(by), .. } = written.content
            && held == instance
            && by < until
        {
            origin.updated = Some(Updated { root: at, written: written.since, by });
        }
        if story.is_storage(at) {
            origin.cell.get_or_insert((at, written.since));
            losses.extend(loss(story, at, written.since, instance));
        }
        let source = match story.replay.event(written.since) {
            Transition::Step { step: Step::Move { from, to }, .. } if to == at => Some(from),
            Transition::Edge { hop } => story.passed(hop, at),
            Transition::Step { .. } | Transition::Start => None,
        };
        let Some(source) = source else { break };
        (at, until) = (source, written.since);
    }
    let is_cell = |loss: &Loss| story.pair.after().cell(loss.place).is_some();
    let is_kept = || story.replay.fresh_copies(instance).any(|place| story.is_storage(place));
    if !losses.iter().any(is_cell) && is_kept() {
        losses.retain(|loss| loss.is_direct);
    }
    let last = losses.iter().rev().max_by_key(|loss| (is_cell(loss), loss.by));
    origin.overwritten = last.map(|loss| (loss.place, loss.by));
    origin
}

/// Returns the last overwriting of the instance at a place, at `written` or before.
fn loss(story: &Story<'_>, place: Location, written: Moment, instance: Instance) -> Option<Loss> {
    let history = story.replay.history(place);
    let before = history.partition_point(|earlier| earlier.since < written);
    let held = history[..before]
        .iter()
        .rfind(|earlier| story.replay.instances.is_copy(earlier.content, instance))?;
    let by = history[..before]
        .iter()
        .map(|later| later.since)
        .find(|&since| since > held.since)
        .unwrap_or(written);
    Some(Loss { place, by, is_direct: by == written })
}

/// The first safepoint since the instance was made at which no root held it,
/// with that safepoint's roots.
fn lost_at(story: &Story<'_>, instance: Instance) -> Option<(Moment, Vec<Location>)> {
    if instance == Instance::NONE {
        return None;
    }
    let (maker, made) = story.replay.maker(instance);
    if !story.pair.references().may_be(maker) {
        return None;
    }
    let safepoints = story.replay.safepoints().iter();
    let (lost, roots) = safepoints.filter(|(moment, _)| *moment > made).find(|(_, roots)| {
        !roots.iter().any(|(_, content)| story.replay.instances.is_fresh(*content, instance))
    })?;
    Some((*lost, roots.iter().map(|(root, _)| *root).collect()))
}
