//! SM208: the stack pointer at a safepoint is not that of the function's body.

use stackmap_verifier::findings::{Code, Finding};

use super::finding;
use crate::checked::{Checked, Linked};

/// Returns the finding that the stack pointer is at this distance from where the runtime computes it
/// to be, by the frame pointer, or that the frame pointer has moved that far.
pub(crate) fn moved_frame(
    checked: &Checked<'_>,
    call: Linked,
    distance: i64,
    moved: i64,
) -> Finding {
    let address = call.return_address;
    let (pointer, by) = match distance {
        0 => ("frame pointer", moved),
        distance => ("stack pointer", distance),
    };
    let side = if by < 0 { "below" } else { "above" };
    let bytes = by.unsigned_abs();
    let message = format!(
        "the {pointer} is {bytes} bytes {side} its place at the call that returns to {address:#x}"
    );
    let text = match checked.has_entries(call) {
        true => "the collector reads other places here than those of the slots",
        false => "the runtime takes the frame to be at another place here",
    };
    let help = "at each safepoint, leave the stack pointer where the slots are addressed from";
    finding(Code::MovedFrame, message, checked.label(call, text.to_owned()), help)
}
