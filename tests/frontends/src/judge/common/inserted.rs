//! The instructions that a spiller may insert, recognized by form alone.

use std::collections::HashSet;

use super::codegen::ir::{Function, Inst, InstructionData, Opcode, Type, Value, ValueDef, types};
use super::particular;
use crate::judge::difference::Kind;

/// Cranelift aligns every slot to a machine word.
const WORD_SHIFT: u8 = 3;

/// Bytes of a slot of the spiller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cell {
    pub(super) slot: u32,
    pub(super) offset: i64,
    pub(super) size: u32,
}

/// An instruction of the spiller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inserted {
    /// The address of a slot.
    Address,
    /// A store of a whole value.
    Spill { value: Value, cell: Cell, r#type: Type },
    /// A load of a whole value.
    Reload { result: Value, cell: Cell, r#type: Type },
    /// A null constant.
    Null { result: Value },
}

/// Recognizes inserted instructions, given the functions.
pub(super) struct Forms<'f> {
    before: &'f Function,
    after: &'f Function,
    /// The values that blocks and instructions of *before* define.
    defined: HashSet<Value>,
}

impl<'f> Forms<'f> {
    pub(super) fn new(before: &'f Function, after: &'f Function) -> Forms<'f> {
        let mut defined = HashSet::new();
        for block in before.layout.blocks() {
            defined.extend(before.dfg.block_params(block));
            let insts = before.layout.block_insts(block);
            defined.extend(insts.flat_map(|inst| before.dfg.inst_results(inst)));
        }
        Forms { before, after, defined }
    }

    fn is_programs(&self, value: Value) -> bool {
        self.defined.contains(&value)
    }

    fn is_spillers_slot(&self, slot: u32) -> bool {
        slot as usize >= self.before.sized_stack_slots.len()
    }

    /// The slot and offset of an address that the spiller took.
    fn address(&self, value: Value) -> Option<(u32, i64)> {
        if self.is_programs(value) {
            return None;
        }
        let ValueDef::Result(inst, 0) = self.after.dfg.value_def(value) else { return None };
        let (stack_slot, offset) = particular::address(self.after, inst)?;
        let slot = stack_slot.as_u32();
        self.is_spillers_slot(slot).then_some((slot, i64::from(i32::from(offset))))
    }

    /// Returns the effect of the instruction, if a spiller may insert it.
    pub(super) fn of(&self, inst: Inst) -> Option<Inserted> {
        let dfg = &self.after.dfg;
        let results = dfg.inst_results(inst);
        if results.iter().any(|&result| self.is_programs(result)) || results.len() > 1 {
            return None;
        }
        let result = results.first().copied();
        let cell = |(slot, base): (u32, i64), offset: i32, r#type: Type| Cell {
            slot,
            offset: base + i64::from(offset),
            size: r#type.bytes(),
        };
        if let Some((slot, offset, stored)) = particular::direct(self.after, inst) {
            let value = stored.or(result)?;
            let r#type = dfg.value_type(value);
            let place = (slot.as_u32(), 0);
            let cell = cell(place, offset.into(), r#type);
            return self.is_spillers_slot(cell.slot).then_some(match stored {
                Some(value) => Inserted::Spill { value, cell, r#type },
                None => Inserted::Reload { result: value, cell, r#type },
            });
        }
        if let Some((slot, _)) = particular::address(self.after, inst) {
            return self.is_spillers_slot(slot.as_u32()).then_some(Inserted::Address);
        }
        let data = dfg.insts[inst];
        if let InstructionData::Load { opcode: Opcode::Load, arg, offset, .. } = data {
            let (result, place) = (result?, self.address(arg)?);
            let r#type = dfg.value_type(result);
            let cell = cell(place, offset.into(), r#type);
            return Some(Inserted::Reload { result, cell, r#type });
        }
        if let InstructionData::Store { opcode: Opcode::Store, args, offset, .. } = data {
            let [value, address] = args;
            let place = self.address(address)?;
            let r#type = dfg.value_type(value);
            return Some(Inserted::Spill {
                value,
                cell: cell(place, offset.into(), r#type),
                r#type,
            });
        }
        let result = result.filter(|_| is_null(self.after, inst))?;
        Some(Inserted::Null { result })
    }

    /// Returns the faults in the form of an inserted instruction.
    pub(super) fn faults(&self, inst: Inst, inserted: Inserted) -> Vec<Kind> {
        let dfg = &self.after.dfg;
        let mut faults = Vec::new();
        let cell = match inserted {
            Inserted::Address => {
                if dfg.value_type(dfg.first_result(inst)) != types::I64 {
                    faults.push(Kind::AddressType);
                }
                return faults;
            }
            Inserted::Null { .. } => return faults,
            Inserted::Spill { cell, .. } | Inserted::Reload { cell, .. } => cell,
        };
        let Some((_, slot)) =
            self.after.sized_stack_slots.iter().find(|(s, _)| s.as_u32() == cell.slot)
        else {
            return vec![Kind::OutsideSlot];
        };
        if cell.offset < 0 || cell.offset + i64::from(cell.size) > i64::from(slot.size) {
            faults.push(Kind::OutsideSlot);
        }
        let (InstructionData::Load { flags, .. } | InstructionData::Store { flags, .. }) =
            dfg.insts[inst]
        else {
            return faults;
        };
        let flags = particular::flags(self.after, flags);
        if !flags.notrap {
            faults.push(Kind::MayTrap);
        }
        let align = 1 << slot.align_shift.max(WORD_SHIFT);
        let fits = |n: i64| n % i64::from(cell.size.max(1)) == 0;
        if flags.aligned && !(fits(cell.offset) && fits(align)) {
            faults.push(Kind::SlotAlignment);
        }
        if flags.movable {
            faults.push(Kind::AccessFlags);
        }
        if flags.ordered {
            faults.push(Kind::ByteOrder);
        }
        faults
    }
}

/// Whether the instruction makes null: a zero, or a zero that it extends.
pub(super) fn is_null(function: &Function, inst: Inst) -> bool {
    let dfg = &function.dfg;
    let is_zero = |inst: Inst| {
        matches!(
            dfg.insts[inst],
            InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } if imm.bits() == 0
        )
    };
    let InstructionData::Unary { opcode: Opcode::Uextend, arg } = dfg.insts[inst] else {
        return is_zero(inst);
    };
    matches!(dfg.value_def(arg), ValueDef::Result(from, 0) if is_zero(from))
}
