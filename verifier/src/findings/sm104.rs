//! SM104: a load that an optimizer may move past a safepoint, although what it
//! reads does not stay.

use super::{Code, Finding};
use crate::after_only::Trail;
use crate::explain::Places;
use crate::model::Location;
use crate::pair::Point;

pub(super) const CODE: &str = "SM104";
pub(super) const NAME: &str = "hazardous-load";
pub(super) const EXPLAIN: &str = "\
A load is marked as one that may be done earlier or later, but it reads an object,
or reads a reference.

In Cranelift these are loads with both `readonly` and `can_move`. The flags say that
the memory never changes and that the address stays good, so the optimizer may merge
two such loads, and move one past a call. Under a moving collector neither is true:

* an address that is made from a reference is good up to the next safepoint only,

      v3 = iadd v8, v0                        ; in the object that v0 refers to
      v4 = load.i32 readonly can_move v3+16   ; may end up behind the next call

* and a reference in memory is changed by the collector when the object moves. A
  load that is merged with one from before a safepoint gives the stale reference.

      v5 = load.i32 readonly can_move v9+64   ; a reference, kept in the instance

Wasmtime had such loads until PR 13381. Nothing needs to be wrong with the function
at hand: if an optimizer has moved a load, that shows as a stale address (SM105). If
it has not, another version of it may.

It is said only where there is no function before to compare with (after-only
evidence), of functions with a safepoint, and not with `--collector non-moving`.

To mend it, leave `can_move` away from loads that depend on where an object is.
";

/// The hazard of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HazardousLoad {
    /// Its address is made from this reference.
    ReadsObject(Location),
    /// It yields this reference.
    YieldsReference(Location),
}

impl HazardousLoad {
    /// The reference it is about.
    pub(crate) fn reference(self) -> Location {
        match self {
            HazardousLoad::ReadsObject(value) | HazardousLoad::YieldsReference(value) => value,
        }
    }

    /// The finding for some loads, of which there is at least one.
    pub(crate) fn finding(
        self,
        places: &Places<'_>,
        trail: &Trail<'_>,
        load: Point,
        others: &[Point],
    ) -> Finding {
        let (value, message, text) = match self {
            HazardousLoad::ReadsObject(value) => {
                let name = places.location(value);
                (
                    value,
                    format!(
                        "a load from an object of `{}` may be moved past a safepoint",
                        places.bare_location(value)
                    ),
                    format!(
                        "this load may be moved, but its address is made from the reference {name}"
                    ),
                )
            }
            HazardousLoad::YieldsReference(value) => {
                let name = places.location(value);
                (
                    value,
                    format!("a load of the reference {name} may be moved past a safepoint"),
                    format!(
                        "this load may be moved and merged with others, but {name} is a reference, which the collector updates"
                    ),
                )
            }
        };
        let primary = places.label(load, text);
        let mut notes: Vec<_> = others
            .iter()
            .take(MOST_OTHERS)
            .map(|&other| places.label(other, "the same is true of this load"))
            .collect();
        if let Some(&next) = others.get(MOST_OTHERS) {
            let more = others.len() - MOST_OTHERS;
            notes.push(places.label(next, format!("and of {more} more, the first of them here")));
        }
        Finding {
            code: Code::HazardousLoad,
            message,
            slot: None,
            values: vec![places.bare_location(value)],
            safepoint: None,
            witness: trail.witness(vec![(trail.end(), primary.clone())]),
            primary,
            secondary: Vec::new(),
            notes,
            help: "leave `can_move` away from loads that depend on where an object is",
        }
    }
}

/// The number of further such loads that are named.
const MOST_OTHERS: usize = 4;
