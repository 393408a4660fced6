//! The layout, as data.
//!
//! In memory, the layout is a doubly linked list. An entry that occurs twice makes the list
//! endless, and Cranelift's code does not terminate on it, so no function may be made from such
//! data.

use std::collections::BTreeSet;

use ciborium::Value;

/// Whether the layout is valid: for each block its number, whether it is cold, the number of
/// its instructions, and these; each block and each instruction occurs once.
pub(super) fn is_one(function: &Value) -> bool {
    let layout = field(function, "stencil").and_then(|stencil| field(stencil, "layout"));
    let Some(Value::Array(layout)) = layout else { return false };
    let (mut blocks, mut insts) = (BTreeSet::new(), BTreeSet::new());
    let mut items = layout.iter();
    while let Some(block) = items.next() {
        let (Some(block), Some(Value::Bool(_))) = (number(block), items.next()) else {
            return false;
        };
        let Some(count) = items.next().and_then(number) else { return false };
        let is_new = blocks.insert(block);
        let mut body = (0..count).map(|_| items.next().and_then(number));
        if !is_new || !body.all(|inst| inst.is_some_and(|inst| insts.insert(inst))) {
            return false;
        }
    }
    true
}

fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let Value::Map(entries) = value else { return None };
    let entry = entries.iter().find(|(key, _)| key.as_text() == Some(name));
    entry.map(|(_, value)| value)
}

/// Returns the number of an entity. Larger numbers are rejected, since memory would be
/// allocated for as many entities.
fn number(value: &Value) -> Option<u32> {
    let number = u32::try_from(i128::from(value.as_integer()?)).ok()?;
    (number < 1 << 20).then_some(number)
}
