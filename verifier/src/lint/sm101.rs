//! SM101: a root that nothing reads again.

use std::collections::{BTreeMap, BTreeSet};

use crate::explain::{Anchor, Places, Reach, Room, Sites};
use crate::findings::{Code, Finding};
use crate::model::Location;
use crate::prove::pair::{Pair, Point};

/// Nothing reads `root` behind these safepoints.
pub(crate) struct DeadRoot {
    pub(crate) root: Location,
    pub(crate) first: Point,
    pub(crate) safepoints: usize,
}

impl DeadRoot {
    pub(crate) fn finding(self, places: &Places<'_>) -> Finding {
        let root = places.location(self.root);
        let more = match self.safepoints {
            1 => String::new(),
            n => format!(", nor at {} more safepoints that list it", n - 1),
        };
        let primary =
            places.label(self.first, format!("nothing reads {root} behind this safepoint{more}"));
        Finding {
            code: Code::DeadRoot,
            message: format!("nothing reads the root {root} again"),
            slot: Some(places.bare_location(self.root)),
            location: Some(self.root),
            values: Vec::new(),
            safepoint: Some(primary.site.clone()),
            primary,
            secondary: Vec::new(),
            witness: Vec::new(),
            notes: Vec::new(),
            help: "leave the slot out of the map where no path ahead reads it",
        }
    }
}

/// Returns the findings of dead roots, one for each root, except of those that are
/// `implicated` in a violation.
pub(crate) fn findings(
    pair: &Pair<'_>,
    dead: &[(Point, Location)],
    implicated: &BTreeSet<Location>,
) -> Vec<(Anchor, Finding)> {
    let mut by_root: BTreeMap<Location, (Point, usize)> = BTreeMap::new();
    for &(point, root) in dead.iter().filter(|(_, root)| !implicated.contains(root)) {
        by_root.entry(root).or_insert((point, 0)).1 += 1;
    }
    let sites = Sites::new(pair);
    let reach = Reach::new(*sites, pair.cfg());
    let mut room = Room::new();
    let findings = by_root.into_iter().map(|(root, (first, safepoints))| {
        let mut finding = DeadRoot { root, first, safepoints }.finding(&sites);
        finding.witness = reach.witness(&room, first.block, finding.primary.clone());
        ((first, root), room.hold(finding))
    });
    findings.collect()
}
