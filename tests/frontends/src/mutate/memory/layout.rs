//! The layout, as data.
//!
//! In memory it is a list with links both ways. What is in it twice makes the list
//! endless, so no function may be made of such data: no code of Cranelift's comes to an
//! end on it.

use std::collections::BTreeSet;

use ciborium::Value;

/// Whether the layout is one: for each block its number, whether it is cold, how many
/// instructions it has, and these; each block and each instruction once.
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

/// A number of an entity. Larger ones would be room for as many.
fn number(value: &Value) -> Option<u32> {
    let number = u32::try_from(i128::from(value.as_integer()?)).ok()?;
    (number < 1 << 20).then_some(number)
}
