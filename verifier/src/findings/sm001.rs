//! SM001: two references needed at the same time have one slot.

use super::{Code, Finding, Label};
use crate::explain::{Instance, Moment, Story};
use crate::model::{Location, Value};

pub(super) const CODE: &str = "SM001";
pub(super) const NAME: &str = "shared-slot";
pub(super) const EXPLAIN: &str = "\
Two references that are needed at the same time were given one stack slot.

Spilling the second overwrites the first while the program still needs it. A
later reload of the first then reads the second: the program goes on with the
wrong object, and the collector keeps the wrong object alive.

    block0:
        v0 = call fn0()
        store v0, ss0           ; v0 lives in ss0
        jump block1
    block1:
        v2 = load ss0           ; 2nd iteration: this is v1
        call fn1(v2)
        v1 = call fn0()
        store v1, ss0           ; v1 is put in ss0 too, but the loop needs v0 again
        brif v1, block1, block2

This is the bug Cranelift shipped until 0.132 (wasmtime issue 13461, fixed by PR
13498): its spiller let a slot go at a definition inside a loop although a value
from outside the loop needed it on the next iteration. Neither value need be live
at a safepoint together with the other; the proof is about what slots hold.

The finding names both values, the slot, where each is spilled, the safepoint
whose map lists the slot, where each value is used next, and a path on which the
first is lost. If the path goes around a loop, the back edge is marked.

To mend it, give the two values slots of their own. In a spiller that frees slots
while it walks backwards, reserve the slots of all values that are live out of a
block before walking it.
";

/// `lost` was in `slot` when `keeper` was put there.
pub(crate) struct SharedSlot {
    pub(crate) slot: Location,
    pub(crate) lost: Value,
    pub(crate) instance: Instance,
    pub(crate) keeper: Value,
    pub(crate) overwritten: Moment,
    /// The place at which `lost` is observed, and the location through which.
    pub(crate) at: Location,
}

impl SharedSlot {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let (lost, keeper) = (story.value(self.lost), story.value(self.keeper));
        let slot = story.location(self.slot);
        let observed = story.failure.point();
        let mut secondary = Vec::new();
        let mut events = vec![story.defined(self.instance)];
        if let Some((moment, label)) = story.spilled(self.instance, self.slot) {
            secondary.push(label.clone());
            events.push((moment, label));
        }
        let overwritten = story.label_at(
            self.overwritten,
            format!("{keeper} is spilled to {slot} too, while {lost} is still needed"),
        );
        secondary.push(overwritten.clone());
        events.push((self.overwritten, overwritten));
        let listed = story.safepoint_after(self.overwritten, self.slot);
        if let Some((moment, point)) = listed {
            let label = story.label(
                point,
                format!("the collector reads {slot} here: it keeps {keeper} alive, not {lost}"),
            );
            secondary.push(label.clone());
            events.extend(moment.map(|moment| (moment, label)));
        }
        let primary = story.label(
            observed,
            format!(
                "the program means {lost} here, but {} holds {keeper}",
                story.location(self.at)
            ),
        );
        events.push((story.end(), primary.clone()));
        let mut notes: Vec<Label> = Vec::new();
        if let Some(point) = story.point(self.overwritten) {
            notes.extend(story.next_use(point, self.lost));
            notes.extend(story.next_use(point, self.keeper));
        }
        Finding {
            code: Code::SharedSlot,
            message: format!("{lost} and {keeper} share {slot} while both are needed"),
            slot: Some(story.bare_location(self.slot)),
            values: vec![story.bare_value(self.lost), story.bare_value(self.keeper)],
            safepoint: listed.map(|(_, point)| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes,
            help: "give the two values different slots: a slot is free only where no path ahead needs what it holds, back edges included",
        }
    }
}
