//! The accesses of slots with references that the CLIF makes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{
    Block, Function, Inst, InstructionData, Opcode, StackSlot, Type, Value, ValueDef,
};

use crate::access::SlotAccess;
use crate::frame::Frame;
use crate::machine::Direction;
use crate::reachable::Reachable;
use crate::unchecked::Unchecked;

/// No access has more bytes.
pub(crate) const MOST: u32 = 64;

/// The slots with references, which are those that stack map entries are in, and the accesses of
/// them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    /// In the order of the layout.
    pub(crate) accesses: Vec<SlotAccess>,
    /// The number of the access that an instruction makes.
    numbers: BTreeMap<Inst, usize>,
    /// For each instruction, a number that is the same for another if they are in the same block and
    /// in between there is no call, and no store of such a slot. It is 0 if they do not run.
    epochs: SecondaryMap<Inst, u32>,
    bytes: Bytes,
    /// Those of all slots of the CLIF, whatever is in them.
    all: Bytes,
}

/// The end of each of some slots by its start, as offsets from the stack pointer.
#[derive(Clone, Debug, Default)]
struct Bytes(BTreeMap<u32, u32>);

impl Bytes {
    fn of(frame: Frame<'_>, slots: impl Iterator<Item = StackSlot>) -> Bytes {
        let ranges = slots.map(|slot| range(frame, slot)).filter(|range| !range.is_empty());
        Bytes(ranges.map(|range| (range.start, range.end)).collect())
    }

    /// Returns whether some of these bytes are in a slot.
    fn contain_any(&self, offset: i64, size: u32) -> bool {
        let end = offset.saturating_add(i64::from(size));
        let before = self.0.range(..u32::try_from(end.max(0)).unwrap_or(u32::MAX));
        before.last().is_some_and(|(_, &slot_end)| i64::from(slot_end) > offset)
    }
}

impl Slots {
    /// Collects the accesses that are in blocks that may run.
    ///
    /// Cost: linear in the function, but for a logarithmic factor.
    ///
    /// # Errors
    ///
    /// If the address of such a slot is used by anything but loads and stores of the slot.
    pub(crate) fn new(frame: Frame<'_>, reachable: &Reachable) -> Result<Slots, Unchecked> {
        let function = frame.function;
        let named = named(function);
        let bytes = Bytes::of(frame, named.iter().copied());
        let all = Bytes::of(frame, function.sized_stack_slots.keys());
        let mut slots = Slots { bytes, all, ..Slots::default() };
        let blocks = function.layout.blocks().filter(|&block| reachable.contains(block));
        let mut epoch = 0_u32;
        for block in blocks {
            epoch = epoch.saturating_add(1);
            for instruction in function.layout.block_insts(block) {
                slots.epochs[instruction] = epoch;
                if function.dfg.insts[instruction].opcode().is_safepoint() {
                    epoch = epoch.saturating_add(1);
                }
                let Some(slot) = used(function, instruction, &named) else { continue };
                let access = access(frame, block, instruction).filter(|access| {
                    let Range { start, end } = range(frame, slot);
                    access.offset >= start && access.offset.saturating_add(access.size) <= end
                });
                let access = access.ok_or_else(|| Unchecked::AddressUsed {
                    slot: slot.to_string(),
                    user: function.dfg.display_inst(instruction).to_string(),
                })?;
                slots.numbers.insert(instruction, slots.accesses.len());
                slots.accesses.push(access);
                if access.direction == Direction::Write {
                    epoch = epoch.saturating_add(1);
                }
            }
        }
        Ok(slots)
    }

    /// Returns whether there are no such slots.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.0.is_empty()
    }

    /// Returns the number of the access that an instruction makes.
    pub(crate) fn number(&self, instruction: Inst) -> Option<usize> {
        self.numbers.get(&instruction).copied()
    }

    /// Returns whether a load reads the same at the place of a later instruction.
    pub(crate) fn may_move(&self, load: Inst, to: Inst) -> bool {
        self.epochs[load] == self.epochs[to]
    }

    /// Returns whether some bytes, at an offset from the stack pointer, are in a slot.
    pub(crate) fn contain_any(&self, offset: i64, size: u32) -> bool {
        self.bytes.contain_any(offset, size)
    }

    /// Returns whether some bytes are in any slot of the CLIF. What is there is what the CLIF stored.
    pub(crate) fn is_stored_by_clif(&self, offset: i64, size: u32) -> bool {
        self.all.contain_any(offset, size)
    }
}

/// Returns the slots that stack map entries are in.
fn named(function: &Function) -> BTreeSet<StackSlot> {
    let instructions =
        function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
    let entries =
        instructions.filter_map(|instruction| function.dfg.user_stack_map_entries(instruction));
    entries.flatten().map(|entry| entry.slot).collect()
}

fn range(frame: Frame<'_>, slot: StackSlot) -> Range<u32> {
    let start = frame.layout.stackslots[slot].offset;
    start..start.saturating_add(frame.function.sized_stack_slots[slot].size)
}

/// Returns one of these slots whose address is an operand of an instruction.
fn used(function: &Function, instruction: Inst, slots: &BTreeSet<StackSlot>) -> Option<StackSlot> {
    let addresses =
        function.dfg.inst_values(instruction).filter_map(|value| address(function, value));
    addresses.map(|(slot, _)| slot).find(|slot| slots.contains(slot))
}

/// Returns the slot whose address a value is, and the offset in it.
fn address(function: &Function, value: Value) -> Option<(StackSlot, i32)> {
    let ValueDef::Result(definition, _) = function.dfg.value_def(value) else { return None };
    let InstructionData::StackAddr { stack_slot, offset, .. } = function.dfg.insts[definition]
    else {
        return None;
    };
    Some((stack_slot, offset.into()))
}

/// Returns the access that an instruction makes if all that it does with the address of a slot is
/// to load or store there.
fn access(frame: Frame<'_>, block: Block, instruction: Inst) -> Option<SlotAccess> {
    let dfg = &frame.function.dfg;
    let data = dfg.insts[instruction];
    let (pointer, inner, direction, value) = if let InstructionData::Load { arg, offset, .. } = data
    {
        (arg, offset, Direction::Read, dfg.first_result(instruction))
    } else if let InstructionData::Store { args: [value, arg], offset, .. } = data {
        (arg, offset, Direction::Write, value)
    } else {
        return None;
    };
    if direction == Direction::Write && address(frame.function, value).is_some() {
        return None;
    }
    let (slot, outer) = address(frame.function, pointer)?;
    let offset = i64::from(frame.layout.stackslots[slot].offset)
        .checked_add(i64::from(outer))?
        .checked_add(i64::from(i32::from(inner)))?;
    let offset = u32::try_from(offset).ok()?;
    let size = size(data.opcode(), dfg.value_type(value)).filter(|&size| size <= MOST)?;
    Some(SlotAccess { instruction, block, direction, offset, size })
}

/// Loads that extend what they read, and stores of a part, with the number of bytes.
const PARTIAL: [(Opcode, u32); 9] = [
    (Opcode::Uload8, 1),
    (Opcode::Sload8, 1),
    (Opcode::Istore8, 1),
    (Opcode::Uload16, 2),
    (Opcode::Sload16, 2),
    (Opcode::Istore16, 2),
    (Opcode::Uload32, 4),
    (Opcode::Sload32, 4),
    (Opcode::Istore32, 4),
];

/// Returns the number of bytes that a load or store of a value of this type accesses; `None` if that
/// is not known.
fn size(opcode: Opcode, r#type: Type) -> Option<u32> {
    if [Opcode::Load, Opcode::Store].contains(&opcode) {
        return (!r#type.is_dynamic_vector()).then(|| r#type.bytes());
    }
    let partial = PARTIAL.iter().find(|&&(partial, _)| partial == opcode);
    partial.map(|&(_, size)| size)
}
