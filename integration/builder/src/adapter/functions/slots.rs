//! The stack slots of a function.

use super::codegen::ir::{Function, StackSlotData, StackSlotKind};
use super::support::clif::view::Slot;

/// Returns the stack slots of fixed size.
pub(super) fn all(function: &Function) -> impl Iterator<Item = Slot> {
    function.sized_stack_slots.iter().map(|(slot, data)| Slot {
        index: slot.as_u32(),
        is_explicit: data.kind == StackSlotKind::ExplicitSlot,
        size: data.size,
        align: 1u32.checked_shl(data.align_shift.into()).unwrap_or(u32::MAX),
        key: key(data),
    })
}

/// Returns the key of a slot, which only some versions have. What else a version says of a slot is
/// taken for a key: two slots have the same if they say the same.
fn key(data: &StackSlotData) -> Option<u64> {
    let plain = StackSlotData::new(data.kind, data.size, data.align_shift);
    if plain == *data {
        return None;
    }
    let (text, plain) = (data.to_string(), plain.to_string());
    let more = text.strip_prefix(&plain).unwrap_or(&text);
    let number = more.strip_prefix(", key = ").and_then(|number| number.parse().ok());
    let hash = |text: &str| {
        text.bytes().fold(u64::MAX, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()))
    };
    Some(number.unwrap_or_else(|| hash(more)))
}
