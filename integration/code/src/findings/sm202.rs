//! SM202: a stack map where there should be none.

use stackmap_verifier::findings::{Code, Finding};

use super::{finding, list};
use crate::checked::{Checked, Linked};
use crate::emitted::StackMap;

/// Where a stray map is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stray {
    /// At no return address.
    NoCall,
    /// At the return address of a call that the code generator added.
    OfGenerator,
    /// At the return address of an instruction without entries.
    WithoutEntries(Linked),
    /// At the return address of a call that has a map already.
    Second(Linked),
}

/// Returns the finding that there is a map at this place.
pub(crate) fn stray_map(checked: &Checked<'_>, map: &StackMap, at: Stray) -> Finding {
    let address = map.return_address;
    let places: Vec<String> =
        map.entries.iter().map(|entry| checked.frame.describe(entry.offset)).collect();
    let what = format!("the map at {address:#x} lists {}", list(&places));
    let (message, primary) = match at {
        Stray::NoCall => (
            format!("there is a stack map at {address:#x}, to which no call returns"),
            checked.label_of_function(what),
        ),
        Stray::OfGenerator => (
            format!("there is a stack map at {address:#x}, of a call that is no instruction's"),
            checked.label_of_function(what),
        ),
        Stray::WithoutEntries(call) => (
            format!("the call that returns to {address:#x} has a stack map, but no entries"),
            checked.label(call, what),
        ),
        Stray::Second(call) => (
            format!("the call that returns to {address:#x} has a second stack map"),
            checked.label(call, what),
        ),
    };
    let help = "emit stack maps for calls with entries only, one at the return address of each";
    let mut found = finding(Code::StrayMap, message, primary, help);
    found.slot = map.entries.iter().find_map(|entry| checked.frame.name(entry.offset));
    if matches!(at, Stray::NoCall | Stray::OfGenerator) {
        found.safepoint = None;
    }
    found
}
