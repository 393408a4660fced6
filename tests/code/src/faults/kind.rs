//! The kinds of faults.

use cranelift_codegen::ir::{ExceptionTag, types};
use stackmap_code::{Emitted, Handler, Handlers, MapEntry, StackMap};
use stackmap_oracle::dice::Dice;

/// A kind of fault.
pub struct Kind {
    /// Its name, in words.
    pub name: &'static str,
    /// Changes the tables of some code; returns whether it could.
    pub inject: fn(&mut Emitted<'_>, &mut Dice<'_>) -> bool,
}

/// All kinds.
pub const KINDS: [Kind; 20] = [
    Kind { name: "drop a map", inject: drop_map },
    Kind { name: "move a map to another address", inject: move_map },
    Kind { name: "swap two maps", inject: swap_maps },
    Kind { name: "add a map", inject: add_map },
    Kind { name: "add a second map", inject: double_map },
    Kind { name: "state another frame size", inject: resize_frame },
    Kind { name: "drop an entry", inject: drop_entry },
    Kind { name: "shift an entry", inject: shift_entry },
    Kind { name: "retype an entry", inject: retype_entry },
    Kind { name: "add an entry", inject: add_entry },
    Kind { name: "list an entry twice", inject: double_entry },
    Kind { name: "list maps and entries backwards", inject: reverse },
    Kind { name: "add an empty map", inject: add_empty_map },
    Kind { name: "forget the types", inject: forget_types },
    Kind { name: "drop all handlers of a call", inject: drop_handlers },
    Kind { name: "drop a handler", inject: drop_handler },
    Kind { name: "move handlers to another address", inject: move_handlers },
    Kind { name: "handle another tag", inject: retag_handler },
    Kind { name: "handle at another address", inject: retarget_handler },
    Kind { name: "swap two handlers", inject: swap_handlers },
];

/// Returns a map that lists something.
fn pick_map<'m>(emitted: &'m mut Emitted<'_>, dice: &mut Dice<'_>) -> Option<&'m mut StackMap> {
    let count = emitted.maps.len();
    emitted.maps.get_mut(dice.below(count))
}

fn pick_entry<'m>(emitted: &'m mut Emitted<'_>, dice: &mut Dice<'_>) -> Option<&'m mut MapEntry> {
    let map = pick_map(emitted, dice)?;
    let count = map.entries.len();
    map.entries.get_mut(dice.below(count))
}

fn pick_handlers<'m>(
    emitted: &'m mut Emitted<'_>,
    dice: &mut Dice<'_>,
) -> Option<&'m mut Handlers> {
    let tables = emitted.handlers.as_mut()?;
    let count = tables.len();
    tables.get_mut(dice.below(count))
}

fn pick_handler<'m>(emitted: &'m mut Emitted<'_>, dice: &mut Dice<'_>) -> Option<&'m mut Handler> {
    let table = pick_handlers(emitted, dice)?;
    let count = table.handlers.len();
    table.handlers.get_mut(dice.below(count))
}

/// Returns an address inside the code, or just behind it.
fn address(emitted: &Emitted<'_>, dice: &mut Dice<'_>) -> u32 {
    let length = u32::try_from(emitted.code.len()).unwrap_or(u32::MAX);
    1 + u32::try_from(dice.below(length as usize)).unwrap_or(0)
}

fn drop_map(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let at = dice.below(emitted.maps.len());
    let can = at < emitted.maps.len();
    if can {
        emitted.maps.remove(at);
    }
    can
}

fn move_map(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let to = address(emitted, dice);
    pick_map(emitted, dice).is_some_and(|map| {
        map.return_address = to;
        true
    })
}

fn swap_maps(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let count = emitted.maps.len();
    let (a, b) = (dice.below(count), dice.below(count));
    if a == b || a >= count || b >= count {
        return false;
    }
    let (of_a, of_b) = (emitted.maps[a].return_address, emitted.maps[b].return_address);
    emitted.maps[a].return_address = of_b;
    emitted.maps[b].return_address = of_a;
    true
}

fn add_map(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let at = address(emitted, dice);
    if emitted.maps.iter().any(|map| map.return_address == at) {
        return false;
    }
    let entries = vec![MapEntry { offset: 0, r#type: Some(types::I64) }];
    emitted.maps.push(StackMap { return_address: at, frame_size: None, entries });
    true
}

fn double_map(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let Some(mut map) = pick_map(emitted, dice).cloned() else { return false };
    map.entries.push(MapEntry { offset: 4096, r#type: Some(types::I64) });
    emitted.maps.push(map);
    true
}

fn resize_frame(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let by = dice.pick(&[8, 16]).unwrap_or(8);
    pick_map(emitted, dice).is_some_and(|map| {
        map.frame_size = map.frame_size.map(|size| size + by);
        true
    })
}

fn drop_entry(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    pick_map(emitted, dice).is_some_and(|map| {
        map.entries.pop();
        true
    })
}

fn shift_entry(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let by = dice.pick(&[4_i32, 8, -4, -8, 16]).unwrap_or(4);
    pick_entry(emitted, dice).is_some_and(|entry| {
        entry.offset = entry.offset.wrapping_add_signed(by);
        true
    })
}

fn retype_entry(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    pick_entry(emitted, dice).is_some_and(|entry| {
        let narrow = entry.r#type != Some(types::I32);
        entry.r#type = Some(if narrow { types::I32 } else { types::I64 });
        true
    })
}

fn add_entry(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let offset = u32::try_from(4 * dice.below(16)).unwrap_or(0);
    pick_map(emitted, dice).is_some_and(|map| {
        map.entries.push(MapEntry { offset, r#type: Some(types::I64) });
        true
    })
}

fn double_entry(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    pick_map(emitted, dice).is_some_and(|map| {
        map.entries.extend_from_within(..1);
        true
    })
}

fn reverse(emitted: &mut Emitted<'_>, _: &mut Dice<'_>) -> bool {
    emitted.maps.reverse();
    emitted.maps.iter_mut().for_each(|map| map.entries.reverse());
    emitted.handlers.iter_mut().for_each(|tables| tables.reverse());
    !emitted.maps.is_empty()
}

fn add_empty_map(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let at = address(emitted, dice);
    emitted.maps.push(StackMap { return_address: at, frame_size: None, entries: Vec::new() });
    true
}

fn forget_types(emitted: &mut Emitted<'_>, _: &mut Dice<'_>) -> bool {
    let entries = emitted.maps.iter_mut().flat_map(|map| &mut map.entries);
    entries.for_each(|entry| entry.r#type = None);
    !emitted.maps.is_empty()
}

fn drop_handlers(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    pick_handlers(emitted, dice).is_some_and(|table| {
        table.handlers.clear();
        true
    })
}

fn drop_handler(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    pick_handlers(emitted, dice).is_some_and(|table| table.handlers.pop().is_some())
}

fn move_handlers(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let to = address(emitted, dice);
    pick_handlers(emitted, dice).is_some_and(|table| {
        table.return_address = to;
        true
    })
}

fn retag_handler(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    pick_handler(emitted, dice).is_some_and(|handler| {
        handler.tag = match handler.tag {
            Some(_) => None,
            None => Some(ExceptionTag::from_u32(9)),
        };
        true
    })
}

fn retarget_handler(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    let to = address(emitted, dice);
    pick_handler(emitted, dice).is_some_and(|handler| {
        handler.target = to;
        true
    })
}

fn swap_handlers(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>) -> bool {
    pick_handlers(emitted, dice).is_some_and(|table| {
        let is_pair = table.handlers.len() > 1;
        table.handlers.reverse();
        is_pair
    })
}
