//! The memory accesses of instructions that were read from text.

use super::compare::note_flag;
use super::lexer::{Kind, Lexer};
use crate::ast::{Definition, Function, Instruction};
use crate::opcode::Class;
use crate::view::{Access, MemoryFlags, SlotRange};

impl Function<'_> {
    /// Returns the slot and offset that an address stands for.
    pub(super) fn address(&self, operand: Option<u32>) -> Option<(u32, i64)> {
        let value = self.resolve(operand?);
        let Definition::Result(index) = self.value(value).definition else {
            return None;
        };
        let definition = self.instructions.get(index as usize)?;
        let slot = definition.slot.filter(|_| definition.opcode.class == Class::StackAddr)?;
        Some((slot, definition.offset))
    }

    fn size(&self, value: Option<u32>) -> Option<u32> {
        self.value(value?).r#type?.bytes()
    }

    /// Returns the access of an instruction to a stack slot, if it has one.
    pub(super) fn memory_access(&self, instruction: &Instruction<'_>) -> Option<Access> {
        let operand = |n: usize| instruction.operands.of(&self.value_pool).get(n).copied();
        let result = || self.size(instruction.results.of(&self.value_pool).first().copied());
        let place = |(slot, offset): (u32, i64), size| {
            let offset = instruction.offset.saturating_add(offset);
            SlotRange { slot, offset, size }
        };
        match instruction.opcode.class {
            Class::StackAddr => Some(Access::Address),
            Class::StackLoad => {
                let place = place((instruction.slot?, 0), result());
                Some(Access::Load { place, whole: true, address: None })
            }
            Class::StackStore => {
                let place = place((instruction.slot?, 0), self.size(operand(0)));
                Some(Access::Store { place, whole: true, address: None })
            }
            Class::Load(part) => {
                let place = place(self.address(operand(0))?, part.or_else(result));
                Some(Access::Load { place, whole: part.is_none(), address: Some(0) })
            }
            Class::Store(part) => {
                let size = part.or_else(|| self.size(operand(0)));
                let place = place(self.address(operand(1))?, size);
                Some(Access::Store { place, whole: part.is_none(), address: Some(1) })
            }
            Class::Compute
            | Class::Bitcast
            | Class::Select
            | Class::Other
            | Class::Unknown
            | Class::NamesBlock
            | Class::Call
            | Class::CallIndirect
            | Class::Switch
            | Class::TryCall
            | Class::TryCallIndirect
            | Class::ReturnCall
            | Class::ReturnCallIndirect
            | Class::Jump
            | Class::Branch
            | Class::BranchTable
            | Class::Exit => None,
        }
    }
}

/// Returns the memory flags of a load or store.
pub(super) fn flags(instruction: &Instruction<'_>) -> MemoryFlags {
    let mut flags = MemoryFlags::default();
    let mut lexer = Lexer::new(instruction.operand_text, 0, 1);
    while let Ok(Some(token)) = lexer.next() {
        match token.kind {
            Kind::Word => note_flag(&mut flags, token.text),
            // A comma, or an operand of the instruction.
            Kind::Value(_) | Kind::Slot(_) | Kind::Number | Kind::Punct(',') => {}
            Kind::Block(_)
            | Kind::Location
            | Kind::Name
            | Kind::Text
            | Kind::Arrow
            | Kind::Punct(_) => flags.has_unknown = true,
        }
    }
    flags
}

/// Returns the number of the operand that is an address.
pub(super) fn address_operand(class: Class) -> Option<usize> {
    match class {
        Class::Load(_)
        | Class::CallIndirect
        | Class::TryCallIndirect
        | Class::ReturnCallIndirect => Some(0),
        Class::Store(_) => Some(1),
        Class::Compute
        | Class::Bitcast
        | Class::Select
        | Class::Other
        | Class::Unknown
        | Class::StackAddr
        | Class::StackLoad
        | Class::StackStore
        | Class::NamesBlock
        | Class::Call
        | Class::Switch
        | Class::TryCall
        | Class::ReturnCall
        | Class::Jump
        | Class::Branch
        | Class::BranchTable
        | Class::Exit => None,
    }
}
