//! Which accesses of the CLIF the accesses of machine code are.

use cranelift_codegen::ir::{Function, Inst};

use super::folded::folded;
use super::slots::{MOST, Slots};
use crate::access::{Bytes, SlotAccess};
use crate::facts::Facts;
use crate::machine::{Direction, Touch, Value};
use crate::replay::Owner;

/// The accesses of machine code, matched with those of the CLIF.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matched {
    /// For each access of the CLIF, the bytes of it that are accessed, one bit each.
    covered: Vec<u64>,
    /// Where a part of an access is: the number of the access, and the instruction in whose code it
    /// is.
    pub(crate) places: Vec<(u32, usize, Inst)>,
    /// Accesses that are no access of the CLIF, and in whose code they are.
    pub(crate) foreign: Vec<(Bytes, Owner)>,
    /// The first instruction of which it is not known which bytes it accesses, if they may be some of
    /// a slot with references. What is missing is not known then.
    pub(crate) unknown: Option<u32>,
}

/// Matches accesses of the frame, by their addresses in the code, with those of the CLIF. Each byte
/// of an access must be accessed once.
///
/// `base` is the stack pointer of the function's body.
///
/// Cost: linear in the touches, but for logarithmic factors, and for the search of loads that are
/// folded into other instructions, which is bounded by the number of their operands.
pub(crate) fn matched(
    function: &Function,
    slots: &Slots,
    facts: &Facts<'_>,
    touches: &[Touch],
    base: i64,
) -> Matched {
    let mut matched = Matched { covered: vec![0; slots.accesses.len()], ..Matched::default() };
    for touch in touches {
        let owner = facts.owner(touch.at);
        let address = match touch.address {
            Value::Frame(address) => address,
            Value::Other | Value::Constant(_) => continue,
            Value::Either(..) | Value::Derived => {
                if !is_elsewhere(function, slots, owner) {
                    matched.unknown.get_or_insert(touch.at);
                }
                continue;
            }
        };
        let offset = address.wrapping_sub(base);
        let is_probe = matches!(owner, Owner::Generator) && touch.stack != Value::Frame(base);
        if is_probe {
            // Of the stack, before the frame is allocated: nothing is in the slots yet.
            continue;
        }
        if slots.contain_any(offset, touch.size) {
            let Touch { at, direction, size, .. } = *touch;
            matched.assign(function, slots, Bytes { at, direction, offset, size }, owner);
        }
    }
    matched
}

/// Returns whether what an instruction accesses is not in a slot with references, by the CLIF: it is
/// a load or a store of something else, or a call, for which the address of no such slot is an
/// operand.
fn is_elsewhere(function: &Function, slots: &Slots, owner: Owner) -> bool {
    match owner {
        Owner::Instruction(instruction) => {
            let opcode = function.dfg.insts[instruction].opcode();
            let accesses = opcode.can_load() || opcode.can_store() || opcode.is_call();
            accesses && slots.number(instruction).is_none()
        }
        Owner::Generator | Owner::Unknown => false,
    }
}

impl Matched {
    fn assign(&mut self, function: &Function, slots: &Slots, bytes: Bytes, owner: Owner) {
        if let Owner::Instruction(instruction) = owner {
            let own = slots.number(instruction).into_iter();
            let folded = || match bytes.direction {
                Direction::Read => folded(function, slots, instruction),
                Direction::Write => Vec::new(),
            };
            let found = own.chain(std::iter::once_with(folded).flatten()).find_map(|number| {
                let mask = mask(&slots.accesses[number], &bytes)?;
                (self.covered[number] & mask == 0).then_some((number, mask))
            });
            if let Some((number, mask)) = found {
                self.covered[number] |= mask;
                self.places.push((bytes.at, number, instruction));
                return;
            }
        }
        self.foreign.push((bytes, owner));
    }

    /// Returns the accesses of the CLIF that are not in the code in full, with whether a part is.
    pub(crate) fn missing<'s>(
        &'s self,
        slots: &'s Slots,
    ) -> impl Iterator<Item = (&'s SlotAccess, bool)> {
        let accesses = slots.accesses.iter().zip(&self.covered);
        let missing = accesses.filter(|&(access, &covered)| covered != full(access.size));
        missing.map(|(access, &covered)| (access, covered != 0))
    }
}

/// Returns which bytes of an access these are; `None` if they are not all in it, or the directions
/// differ.
fn mask(access: &SlotAccess, bytes: &Bytes) -> Option<u64> {
    let first = u32::try_from(bytes.offset.checked_sub(i64::from(access.offset))?).ok()?;
    let is_inside = first.checked_add(bytes.size)? <= access.size;
    (is_inside && access.direction == bytes.direction).then(|| full(bytes.size) << first)
}

/// Returns a bit for each of so many bytes.
fn full(size: u32) -> u64 {
    u64::MAX.checked_shr(MOST.saturating_sub(size)).unwrap_or(0)
}
