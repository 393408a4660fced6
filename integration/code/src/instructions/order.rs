//! On which side of calls accesses are.

use std::collections::BTreeMap;

use cranelift_codegen::ir::{Block, Function, Inst};

use super::matched::Matched;
use super::slots::Slots;
use crate::access::SlotAccess;
use crate::calls::Calls;
use crate::checked::Linked;

/// An access or a call in the code of a block.
struct Event<'e> {
    at: u32,
    /// Where the instruction in whose code it is stands in the block.
    position: usize,
    what: What<'e>,
}

enum What<'e> {
    Access(&'e SlotAccess),
    Call(Linked),
}

/// Returns the accesses that are on another side of a call of their block than in the CLIF: where
/// they are in the code, and the call.
///
/// Cost: linear in the blocks with accesses, and a logarithmic factor.
pub(crate) fn misplaced<'s>(
    function: &Function,
    slots: &'s Slots,
    matched: &Matched,
    calls: &Calls,
) -> Vec<(u32, &'s SlotAccess, Linked)> {
    let mut blocks: BTreeMap<Block, Vec<(u32, Inst, What<'s>)>> = BTreeMap::new();
    for &(at, number, owner) in &matched.places {
        let access = &slots.accesses[number];
        blocks.entry(access.block).or_default().push((at, owner, What::Access(access)));
    }
    for call in calls.list.iter() {
        if let Some(events) = blocks.get_mut(&call.block) {
            let called = |call: Linked| {
                // The call is the instruction in front of the address to which it returns.
                (call.return_address.saturating_sub(1), call.instruction, What::Call(call))
            };
            events.extend(Linked::of(call).map(called));
        }
    }
    blocks.into_iter().flat_map(|(block, events)| of_block(function, block, events)).collect()
}

fn of_block<'s>(
    function: &Function,
    block: Block,
    events: Vec<(u32, Inst, What<'s>)>,
) -> Vec<(u32, &'s SlotAccess, Linked)> {
    let instructions = function.layout.block_insts(block).enumerate();
    let positions: BTreeMap<Inst, usize> =
        instructions.map(|(position, instruction)| (instruction, position)).collect();
    let event = |(at, owner, what)| {
        let position = *positions.get(&owner)?;
        Some(Event { at, position, what })
    };
    let mut events: Vec<Event<'s>> = events.into_iter().filter_map(event).collect();
    events.sort_by_key(|event| event.at);
    // A call that is in front of the access in the code and behind it in the CLIF, and the reverse.
    let mut found = passed(events.iter(), |call, other| call > other);
    found.extend(passed(events.iter().rev(), |call, other| call < other));
    found
}

/// Returns the accesses that come after a call whose position `is_beyond` theirs, and of these calls
/// the one that is farthest.
fn passed<'e, 's: 'e>(
    events: impl Iterator<Item = &'e Event<'s>>,
    is_beyond: impl Fn(usize, usize) -> bool,
) -> Vec<(u32, &'s SlotAccess, Linked)> {
    let mut found = Vec::new();
    let mut farthest: Option<(usize, Linked)> = None;
    for event in events {
        match event.what {
            What::Call(call) => {
                if farthest.is_none_or(|(position, _)| is_beyond(event.position, position)) {
                    farthest = Some((event.position, call));
                }
            }
            What::Access(access) => {
                let passed = farthest.filter(|&(position, _)| is_beyond(position, event.position));
                found.extend(passed.map(|(_, call)| (event.at, access, call)));
            }
        }
    }
    found
}
