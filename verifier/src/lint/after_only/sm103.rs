//! SM103: two different spills reach one reload.

use super::trail::Trail;
use crate::explain::Places;
use crate::findings::{Code, Finding, Label};
use crate::model::Location;
use crate::prove::pair::Point;

/// The reload of `root` to `to` at `reload` may read either of two spills.
pub(crate) struct AmbiguousReload {
    pub(crate) root: Location,
    pub(crate) reload: Point,
    /// The spills and the values they spill. The witness is a path from the last of them.
    pub(crate) spills: Vec<(Point, Location)>,
    /// The number of further reloads of `root` like this one.
    pub(crate) more: usize,
}

impl AmbiguousReload {
    /// The last spill is behind `spilled_behind` edges of the trail.
    pub(crate) fn finding(
        self,
        places: &Places<'_>,
        trail: &Trail<'_>,
        spilled_behind: usize,
    ) -> Finding {
        let root = places.location(self.root);
        let label = |&(point, value): &(Point, Location)| {
            let text = format!("{} is spilled to {root} here", places.location(value));
            places.label(point, text)
        };
        let secondary: Vec<Label> = self.spills.iter().map(label).collect();
        let names: Vec<String> =
            self.spills.iter().map(|&(_, value)| places.location(value)).collect();
        let primary = places.label(
            self.reload,
            format!("{root} is read here, and holds {}, by the path", names.join(" or ")),
        );
        let mut events: Vec<(usize, Label)> =
            secondary.last().map(|last| (spilled_behind, last.clone())).into_iter().collect();
        events.push((trail.end(), primary.clone()));
        let more = match self.more {
            0 => Vec::new(),
            n => vec![
                places.label(self.reload, format!("the same at {n} more places that read {root}")),
            ],
        };
        Finding {
            code: Code::AmbiguousReload,
            message: format!(
                "{} are both spilled to {root} and reach one reload",
                names.join(" and ")
            ),
            slot: Some(places.bare_location(self.root)),
            location: Some(self.root),
            values: self.spills.iter().map(|&(_, v)| places.bare_location(v)).collect(),
            safepoint: None,
            witness: trail.witness(events),
            primary,
            secondary,
            notes: more,
            help: "verify the function together with what it was before spilling",
        }
    }
}
