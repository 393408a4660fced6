//! Defects of stack maps as such, whatever the path.

use std::collections::BTreeMap;

use super::reach::{Reach, Room};
use super::sites::{Anchor, Places, Sites};
use super::sm008::MalformedEntry;
use super::sm102::DuplicateEntry;
use crate::findings::Finding;
use crate::model::{After, Location};
use crate::prove::pair::{Overlaps, Pair, Point, Step};

/// Returns the defect of a root as a place, whatever it holds.
fn malformation(after: &After, root: Location) -> Option<MalformedEntry> {
    let cell = after.cell(root)?;
    match after.slot(cell.slot) {
        None => Some(MalformedEntry::NoSlot),
        Some(slot) if cell.end() > u64::from(slot.size) => {
            Some(MalformedEntry::OutsideSlot(slot.size))
        }
        Some(_) if cell.size == 0 => Some(MalformedEntry::Empty),
        Some(_) => None,
    }
}

/// Returns the defects of one stack map as a list, SM008 and SM102, by root.
pub(crate) fn map_entries(
    places: &Places<'_>,
    overlaps: &Overlaps,
    point: Point,
    roots: &[Location],
) -> Vec<(Location, Finding)> {
    let mut counts: BTreeMap<Location, usize> = BTreeMap::new();
    for &root in roots {
        *counts.entry(root).or_default() += 1;
    }
    let mut findings = Vec::new();
    for (&root, &count) in &counts {
        // Of two entries that overlap, the later one is reported, and neither if
        // one of them is malformed by itself.
        let overlapped = || {
            let mut others = overlaps.of(root).iter().copied();
            others.find(|other| {
                *other < root
                    && counts.contains_key(other)
                    && malformation(places.after, *other).is_none()
            })
        };
        let wrong =
            malformation(places.after, root).or_else(|| overlapped().map(MalformedEntry::Overlaps));
        let duplicate = (count > 1).then_some(DuplicateEntry { entry: root, count });
        let found = wrong
            .map(|wrong| wrong.finding(places, point, root))
            .into_iter()
            .chain(duplicate.map(|duplicate| duplicate.finding(places, point)));
        findings.extend(found.map(|finding| (root, finding)));
    }
    findings
}

/// Returns the defects of stack maps as lists: SM008 and SM102.
pub(super) fn entries(pair: &Pair<'_>) -> Vec<(Anchor, Finding)> {
    let sites = Sites::new(pair);
    let reach = Reach::new(*sites, pair.cfg());
    let mut room = Room::new();
    let mut findings = Vec::new();
    let mut blocks = pair.post_order().to_vec();
    blocks.sort_unstable();
    for block in blocks {
        for (point, step) in pair.steps(block) {
            let Step::Safepoint { roots } = step else { continue };
            let roots = pair.after().roots(roots);
            for (root, mut finding) in map_entries(&sites, pair.overlaps(), point, roots) {
                finding.witness = reach.witness(&room, block, finding.primary.clone());
                findings.push(((point, root), room.hold(finding)));
            }
        }
    }
    findings
}
