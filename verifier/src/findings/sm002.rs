//! SM002: a reference live across a safepoint is in none of its roots.

use super::{Code, Finding};
use crate::explain::{Instance, Moment, Story};
use crate::model::Value;

pub(super) const CODE: &str = "SM002";
pub(super) const NAME: &str = "missing-root";
pub(super) const EXPLAIN: &str = "\
A reference is needed after a safepoint whose stack map does not list it.

The collector finds live objects through the roots. An object that no root holds
is freed, or moved without the program hearing of it; what the program uses
afterwards is a dangling pointer.

    v0 = call fn0()
    call fn1()                  ; no stack_map entry holds v0
    call fn2(v0)                ; v0 may be freed or moved by now

The value may be missing because it was never spilled, because its slot was not
listed, or because the slot listed for it holds something else at that point; the
labels say what the roots hold. A declared value that is only an alias of another
counts: whatever shares an instance with a declared value is a reference.

To mend it, list the slot that holds the value in this safepoint's map, and spill
the value on every path that leads there.
";

/// No root of the safepoint at `lost` held what `value` means.
pub(crate) struct MissingRoot {
    pub(crate) value: Value,
    pub(crate) instance: Instance,
    pub(crate) lost: Moment,
}

impl MissingRoot {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let value = story.value(self.value);
        let primary = story.label_at(
            self.lost,
            format!("{value} is live across this safepoint; {}", story.roots_at(self.lost)),
        );
        let used = story.label_at(story.end(), story.observed_text());
        let defined = story.defined(self.instance);
        let secondary = vec![defined.1.clone(), used.clone()];
        let events = vec![defined, (self.lost, primary.clone()), (story.end(), used)];
        let safepoint = story.point(self.lost);
        Finding {
            code: Code::MissingRoot,
            message: format!("{value} is live across a safepoint but in none of its roots"),
            slot: None,
            values: vec![story.bare_value(self.value)],
            safepoint: safepoint.map(|point| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes: safepoint.into_iter().flat_map(|point| story.live_across(point)).collect(),
            help: "spill the value before this safepoint, list its slot in the stack map, and reload it after",
        }
    }
}
