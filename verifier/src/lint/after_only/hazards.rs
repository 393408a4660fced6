//! Loads that an optimizer may move, although the memory they read does not stay in place.

use std::cell::OnceCell;
use std::collections::{BTreeMap, VecDeque};

use super::accesses::Access;
use super::flows::{Flow, Flows};
use super::program::Role;
use super::references::References;
use super::sm104::HazardousLoad;
use super::timeline::Timeline;
use crate::model::{Action, Location};
use crate::prove::pair::Point;

/// Returns the movable loads whose address is derived from a reference, or which yield a
/// reference, grouped by that reference.
///
/// Cost: linear in the program.
pub(super) fn hazards(
    timeline: &Timeline<'_>,
    references: &References,
) -> BTreeMap<HazardousLoad, Vec<Point>> {
    let mut hazards: BTreeMap<HazardousLoad, Vec<Point>> = BTreeMap::new();
    let bases = OnceCell::new();
    for (_, point, action) in timeline.actions() {
        if !timeline.program.nature(point.instruction).is_movable_load {
            continue;
        }
        let hazard = match action {
            Action::Use { operand, at }
                if timeline.program.role(point.instruction, operand)
                    == Some(Role::Dereferenced)
                    && references.may_be_derived(at) =>
            {
                let bases = bases.get_or_init(|| self::bases(timeline, references));
                bases[at.index()].map(HazardousLoad::ReadsObject)
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

/// For each location, the nearest claimed reference from which an address in it is derived. If
/// several are equally near, the one that is found first.
///
/// Cost: linear in the program.
fn bases(timeline: &Timeline<'_>, references: &References) -> Vec<Option<Location>> {
    let flows = Flows::new(timeline);
    let mut bases: Vec<Option<Location>> = vec![None; timeline.after().location_count()];
    let mut steps: Vec<Option<u32>> = vec![None; bases.len()];
    let mut queue: VecDeque<Location> = VecDeque::new();
    for at in timeline.after().locations().filter(|&at| references.is_claimed(at)) {
        steps[at.index()] = Some(0);
        queue.push_back(at);
    }
    // Breadth-first, so that the nearest reference comes first.
    while let Some(at) = queue.pop_front() {
        let Some(count) = steps[at.index()] else { continue };
        let nearer = |from: &Location| {
            let before = steps[from.index()];
            before.is_some_and(|before| before.checked_add(1) == Some(count))
        };
        bases[at.index()] = match count {
            0 => Some(at),
            _ => sources(timeline, at).find(nearer).and_then(|from| bases[from.index()]),
        };
        for (to, flow) in flows.of(at) {
            if flow != Flow::Loaded && steps[to.index()].is_none() {
                steps[to.index()] = count.checked_add(1);
                queue.push_back(to);
            }
        }
    }
    bases
}

/// Returns the locations that `at` receives copies of, or addresses derived from.
fn sources<'t>(timeline: &'t Timeline<'_>, at: Location) -> impl Iterator<Item = Location> + 't {
    timeline.accesses(at).iter().flat_map(move |&(tick, access)| {
        let mut sources = Vec::new();
        match access {
            Access::Copied(from) => sources.push(from),
            Access::Made(by) => {
                for role in [Role::Copied, Role::Offset] {
                    sources.extend(timeline.operands(by, tick, role).map(|(_, from)| from));
                }
            }
            Access::Passed(position) => {
                let edges = timeline.predecessors(timeline.block(tick));
                sources.extend(edges.filter_map(|edge| timeline.argument(edge, position)));
            }
            Access::Null | Access::Unknown | Access::Clobbered | Access::Listed | Access::Read => {}
        }
        sources
    })
}
