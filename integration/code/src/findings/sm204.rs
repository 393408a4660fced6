//! SM204: a load or store of a slot with references that is not in the code, or in another place.

use stackmap_verifier::findings::{Code, Finding};

use super::{finding, kind};
use crate::access::SlotAccess;
use crate::checked::{Checked, Linked};

const HELP: &str = "emit each load and store of a slot with references where the CLIF has it, at the \
                    offset of the slot in the final frame";

/// Returns the finding that an access is not in the code of its instruction, or only in part.
pub(crate) fn missing_access(
    checked: &Checked<'_>,
    access: &SlotAccess,
    is_partial: bool,
) -> Finding {
    let (kind, place) = (kind(access.direction), checked.frame.describe(access.offset));
    let part = if is_partial { " in full" } else { "" };
    let message = format!("the code does not {kind} {place}{part}");
    let text = format!("this should {kind} {} bytes there", access.size);
    at_access(checked, access, message, text)
}

/// Returns the finding that an access is at another side of a call than in the CLIF. `at` is where
/// it is in the code.
pub(crate) fn misplaced_access(
    checked: &Checked<'_>,
    access: &SlotAccess,
    at: u32,
    call: Linked,
) -> Finding {
    let (kind, place) = (kind(access.direction), checked.frame.describe(access.offset));
    let return_address = call.return_address;
    let (is, should) = match at < return_address {
        true => ("before", "behind"),
        false => ("behind", "before"),
    };
    let message = format!(
        "the {kind} of {place} at {at:#x} is {is} the call that returns to {return_address:#x}"
    );
    let mut found = at_access(checked, access, message, format!("it should be {should} the call"));
    found.notes.push(checked.label(call, "the collector may run here".to_owned()));
    found
}

fn at_access(checked: &Checked<'_>, access: &SlotAccess, message: String, text: String) -> Finding {
    let label = checked.label_at(access.block, access.instruction, text);
    let mut found = finding(Code::MissingAccess, message, label, HELP);
    found.slot = checked.frame.name(access.offset);
    found.safepoint = None;
    found
}
