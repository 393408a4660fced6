//! SM103: two different spills reach one reload.

use super::{Code, Finding, Label};
use crate::after_only::Trail;
use crate::explain::Places;
use crate::model::Location;
use crate::pair::Point;

pub(super) const CODE: &str = "SM103";
pub(super) const NAME: &str = "ambiguous-reload";
pub(super) const EXPLAIN: &str = "\
A reload reads what one value's spill wrote on one path, and another's on another.

Without the function before spilling nobody can say which of the two the program
means, so this is no proof of anything. A spiller that gives each value a slot of
its own while it is needed never does it; one that lets two live values share a slot
does, and then the reload reads the wrong one (SM001, which needs the function
before).

        store v0, ss0
        jump block1
    block1:
        v2 = load.i32 ss0           ; v0 the first time, then v1
        v1 = call fn1(v2), stack_map=[i32 @ ss0+0]
        store v1, ss0
        brif v9, block1, block2

A compiler that keeps a variable in one slot and stores to it on every assignment
does this on purpose.

It is said of reloads from slots that some stack map lists, and only where there is
no function before to compare with (after-only evidence).

To mend it, find out first: verify the pair, by giving the function before with a
`;! declare` line, or the log of the spiller.
";

/// The reload of `root` to `to` at `reload` may read either of two spills.
pub(crate) struct AmbiguousReload {
    pub(crate) root: Location,
    pub(crate) reload: Point,
    /// The spills, and what is spilled. A path is shown from the last of them.
    pub(crate) spills: Vec<(Point, Location)>,
    /// The number of further reloads of `root` like this one.
    pub(crate) more: usize,
}

impl AmbiguousReload {
    /// `spilled_behind` edges of the trail lead to the last spill.
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
