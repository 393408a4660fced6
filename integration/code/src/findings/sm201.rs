//! SM201: a call with entries has no stack map.

use stackmap_verifier::findings::{Code, Finding};

use super::{finding, list};
use crate::checked::{Checked, Linked};
use crate::frame::Place;

/// Returns the finding that there is no map at a call that should have one of these places.
/// `moved_to` is the address of a stray map that lists them.
pub(crate) fn missing_map(
    checked: &Checked<'_>,
    call: Linked,
    places: &[Place],
    moved_to: Option<u32>,
) -> Finding {
    let address = call.return_address;
    let names: Vec<String> = places.iter().map(Place::describe).collect();
    let message = format!("the call that returns to {address:#x} has no stack map");
    let text = format!("the collector should read {} here", list(&names));
    let help = "emit the call's stack map, at the offset at which the call returns";
    let mut found = finding(Code::MissingMap, message, checked.label(call, text), help);
    found.slot = places.first().map(|place| place.name.clone());
    found.notes.extend(moved_to.map(|other| {
        let text = format!("a map that lists this is at {other:#x}, where none should be");
        checked.label(call, text)
    }));
    found
}
