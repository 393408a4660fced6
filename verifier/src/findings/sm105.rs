//! SM105: an address made from a reference before a safepoint is used after it.

use super::{Code, Finding};
use crate::after_only::Tale;
use crate::model::Location;

pub(super) const CODE: &str = "SM105";
pub(super) const NAME: &str = "stale-address";
pub(super) const EXPLAIN: &str = "\
An address that is made from a stale copy of a reference is dereferenced.

The reference is kept up to date in its root, but the address points into the object
where it was before the safepoint.

    v1 = iadd v8, v0                      ; in the object that v0 refers to
    call fn1(), stack_map=[i32 @ ss0+0]   ; the collector may move it
    v2 = load.i32 v1+16                   ; reads where the object was

A compiler may know of a call that it does not run the collector, and keep an
address across it. The stack map does not say so: to Cranelift every call that comes
back is a safepoint. Wasmtime 48 does that with its calls for the base and length
of an element segment. So this is only a warning; if the call may collect, it is
memory corruption.

An optimizer can make such a function of a good one, by moving a load past a call
that is wrongly marked as movable (SM104).

It is said only where there is no function before to compare with (after-only
evidence): in a pair, an address is a number like any other.

To mend it, make the address anew after the call, from the reference in its root.
";

/// `used`, which is dereferenced at the failing point, is made from a copy of `claim`
/// from before a safepoint.
pub(crate) struct StaleAddress {
    pub(crate) used: Location,
    pub(crate) claim: Location,
}

impl StaleAddress {
    pub(crate) fn finding(self, tale: &Tale<'_>) -> Finding {
        let (places, claim) = (&tale.places, tale.places.location(self.claim));
        let used = places.location(self.used);
        let primary = places.label(
            tale.point,
            format!("{used} is dereferenced here, which is made from a stale copy of {claim}"),
        );
        let moved = tale.left_behind(self.claim);
        let events = tale.events(&moved, &primary);
        let safepoint = moved.as_ref().map(|(_, label)| label.site.clone());
        let spill = tale.spill(self.claim);
        Finding {
            code: Code::StaleAddress,
            message: format!(
                "an address in the object of {claim} from before a safepoint is used after it"
            ),
            slot: tale.root_of(self.claim).map(|root| places.bare_location(root)),
            values: vec![places.bare_location(self.claim)],
            safepoint,
            primary,
            secondary: spill.into_iter().chain(moved.map(|(_, label)| label)).collect(),
            witness: tale.trail.witness(events),
            notes: Vec::new(),
            help: "make the address anew after the call, unless the call cannot run the collector",
        }
    }
}
