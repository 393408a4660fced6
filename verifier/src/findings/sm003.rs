//! SM003: a copy taken before a safepoint is observed after it.

use super::{Code, Finding};
use crate::after_only::Tale;
use crate::explain::{Instance, Moment, Places, Story};
use crate::model::{Location, Value};

pub(super) const CODE: &str = "SM003";
pub(super) const NAME: &str = "stale-reference";
pub(super) const EXPLAIN: &str = "\
A copy of a reference that was taken before a safepoint is used after it.

A moving collector updates the roots and nothing else. The object is kept alive
through its root, but every other copy, in an SSA value, a register or a slot the
map does not list, still points to where the object was.

    store v0, ss0
    call fn1(), stack_map=[i32 @ ss0+0]
    call fn2(v0)                ; should be a reload of ss0

Cranelift had this for uses through an alias until 0.132 (wasmtime PR 13228), and
for values that a `try_call` passes along its edges, which were reloaded before
the call instead of after it (wasmtime PR 14452).

With `--collector non-moving` such a copy is good as long as a root of the safepoint
holds the same reference: that keeps the object where it is.

Without the function before spilling (after-only evidence), it is reported of a
value that is declared, or that is spilled to a root somewhere, and only where a
stale copy is stored, passed, returned or dereferenced. An optimizer may compute
with a stale copy, to test it for null, say. An address that is made from one and
dereferenced is SM105; but with `--collector non-moving` it is this, since then no
root keeps the object.

To mend it, reload the value from its root after the safepoint.
";

/// `at` holds a copy of `value` that went stale at `safepoint`, where the program
/// called it `crossing`.
pub(crate) struct StaleReference {
    pub(crate) value: Value,
    pub(crate) crossing: Value,
    pub(crate) instance: Instance,
    pub(crate) at: Location,
    pub(crate) safepoint: Moment,
}

impl StaleReference {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let value = story.value(self.value);
        let at = story.location(self.at);
        let root = story.root_of(self.safepoint, self.instance);
        let kept = root.map_or_else(String::new, |root| {
            format!("; it updates {}, not this copy", story.location(root))
        });
        let primary = story.label(
            story.failure.point(),
            format!("{value} is read from {at}, a copy from before the safepoint"),
        );
        let moved = story.label_at(
            self.safepoint,
            format!("the collector may move {} here{kept}", story.value(self.crossing)),
        );
        let copied = story.copied(self.instance, self.at);
        let mut secondary = vec![moved.clone()];
        let mut events = vec![
            story.defined(self.instance),
            (self.safepoint, moved),
            (story.end(), primary.clone()),
        ];
        if let Some((moment, label)) = copied {
            secondary.insert(0, label.clone());
            events.push((moment, label));
        }
        Finding {
            code: Code::StaleReference,
            message: format!("a copy of {value} from before a safepoint is used after it"),
            slot: root.map(|root| story.bare_location(root)),
            values: vec![story.bare_value(self.value)],
            safepoint: story.point(self.safepoint).map(|point| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes: Vec::new(),
            help: "reload the value from its root after the safepoint",
        }
    }
}

/// What a stale copy is used as.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    /// It is stored, passed or returned.
    Value,
    /// It is dereferenced.
    Address,
    /// An address that is made from it is dereferenced.
    Base,
}

/// `used`, which is read at the failing point, is a copy of `claim` from before a
/// safepoint, or made from one.
pub(crate) struct StaleCopy {
    pub(crate) used: Location,
    pub(crate) claim: Location,
    pub(crate) used_as: Use,
}

impl StaleCopy {
    pub(crate) fn finding(self, tale: &Tale<'_>) -> Finding {
        let (places, claim) = (&tale.places, tale.places.location(self.claim));
        let primary = places.label(tale.point, self.how(places));
        let moved = tale.left_behind(self.claim);
        let events = tale.events(&moved, &primary);
        let safepoint = moved.as_ref().map(|(_, label)| label.site.clone());
        let spill = tale.spill(self.claim);
        Finding {
            code: Code::StaleReference,
            message: format!("a copy of {claim} from before a safepoint is used after it"),
            slot: tale.root_of(self.claim).map(|root| places.bare_location(root)),
            values: vec![places.bare_location(self.claim)],
            safepoint,
            primary,
            secondary: spill.into_iter().chain(moved.map(|(_, label)| label)).collect(),
            witness: tale.trail.witness(events),
            notes: Vec::new(),
            help: tale.help(),
        }
    }

    fn how(&self, places: &Places<'_>) -> String {
        let (used, claim) = (places.location(self.used), places.location(self.claim));
        let done = match self.used_as {
            Use::Value => "passed on",
            Use::Address | Use::Base => "dereferenced",
        };
        match self.used_as {
            Use::Base => {
                format!("{used} is {done} here, which is made from a stale copy of {claim}")
            }
            Use::Value | Use::Address if self.used == self.claim => {
                format!("{used} is {done} here, a copy from before the safepoint")
            }
            Use::Value | Use::Address => format!("{used} is {done} here, a stale copy of {claim}"),
        }
    }
}
