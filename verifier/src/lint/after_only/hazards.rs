//! Loads that an optimizer may move, although what they read does not stay.

use std::collections::BTreeMap;

use super::events::{Event, Tick};
use super::program::Role;
use super::references::References;
use super::sm104::HazardousLoad;
use super::timeline::Timeline;
use crate::model::{Action, InstructionId, Location};
use crate::prove::pair::Point;

/// The movable loads whose address is made from a reference, or which yield one,
/// by that reference.
///
/// Cost: linear in the program, and for each reference that is found once more.
pub(super) fn hazards(
    timeline: &Timeline<'_>,
    references: &References,
) -> BTreeMap<HazardousLoad, Vec<Point>> {
    let mut hazards: BTreeMap<HazardousLoad, Vec<Point>> = BTreeMap::new();
    for (tick, point, action) in timeline.actions() {
        if !timeline.program.nature(point.instruction).is_movable_load {
            continue;
        }
        let hazard = match action {
            Action::Use { operand, at }
                if timeline.program.role(point.instruction, operand)
                    == Some(Role::Dereferenced)
                    && references.may_be_derived(at) =>
            {
                base(timeline, references, tick, at).map(HazardousLoad::ReadsObject)
            }
            Action::Define { at, .. } if references.is_claimed(at) => {
                Some(HazardousLoad::YieldsReference(at))
            }
            Action::Use { .. }
            | Action::Define { .. }
            | Action::Move { .. }
            | Action::Null { .. }
            | Action::Clobber { .. }
            | Action::Safepoint { .. } => None,
        };
        if let Some(hazard) = hazard {
            hazards.entry(hazard).or_default().push(point);
        }
    }
    hazards
}

/// The claimed reference that an address is made from; the nearest, if there are
/// several.
fn base(
    timeline: &Timeline<'_>,
    references: &References,
    tick: Tick,
    address: Location,
) -> Option<Location> {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut queue = std::collections::VecDeque::from([(tick, address)]);
    while let Some((tick, at)) = queue.pop_front() {
        if references.is_claimed(at) {
            return Some(at);
        }
        if !seen.insert(at) {
            continue;
        }
        for &(made, event) in timeline.events(at) {
            match event {
                Event::Copied(from) => queue.push_back((made, from)),
                Event::Made(by) => queue.extend(sources(timeline, by, made)),
                Event::Passed(position) => {
                    let block = timeline.block(made);
                    let arguments = timeline
                        .predecessors(block)
                        .filter_map(|edge| timeline.argument(edge, position));
                    queue.extend(arguments.map(|argument| (tick, argument)));
                }
                Event::Null | Event::Unknown | Event::Clobbered | Event::Listed | Event::Read => {}
            }
        }
    }
    None
}

fn sources(
    timeline: &Timeline<'_>,
    by: InstructionId,
    made: Tick,
) -> impl Iterator<Item = (Tick, Location)> {
    let roles = [Role::Copied, Role::Offset].into_iter();
    roles.flat_map(move |role| timeline.operands(by, made, role))
}
