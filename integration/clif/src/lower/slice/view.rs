//! The slice of a function, as a function.

use stackmap_verifier::model::Origin;

use super::classes::Classes;
use super::kept::Kept;
use crate::opcode::{Effect, Role};
use crate::types::TypeId;
use crate::view::{Access, Argument, Declaration, Entry, Function, MemoryFlags, Slot};

/// A view of a function that shows only the instructions and values in a slice.
#[derive(Debug)]
pub(super) struct Sliced<'s, F: Function> {
    view: &'s F,
    kept: &'s Kept<F::Instruction>,
    classes: &'s Classes,
}

impl<'s, F: Function> Sliced<'s, F> {
    /// Returns the view of a slice.
    pub(super) fn new(view: &'s F, kept: &'s Kept<F::Instruction>, classes: &'s Classes) -> Self {
        Sliced { view, kept, classes }
    }

    /// Returns how many of the first `n` operands of an instruction are in the slice.
    fn operands_before(&self, instruction: F::Instruction, n: usize) -> usize {
        let first = self.view.operands(instruction).take(n);
        first.filter(|&operand| self.classes.is_kept(self.view, operand)).count()
    }

    /// Returns the number in the slice of operand `n`, if it is in the slice.
    fn operand(&self, instruction: F::Instruction, n: usize) -> Option<usize> {
        let mut before = 0;
        for (number, operand) in self.view.operands(instruction).enumerate() {
            let is_kept = self.classes.is_kept(self.view, operand);
            if number == n {
                return is_kept.then_some(before);
            }
            before += usize::from(is_kept);
        }
        None
    }
}

impl<F: Function> Function for Sliced<'_, F> {
    type Instruction = F::Instruction;
    type Edge = F::Edge;

    fn header(&self) -> String {
        self.view.header()
    }

    fn declarations(&self, other: &Self) -> Vec<Declaration> {
        self.view.declarations(other.view)
    }

    fn must_declare_same(&self, other: &Self) -> bool {
        self.view.must_declare_same(other.view)
    }

    fn value_bound(&self) -> usize {
        self.view.value_bound()
    }

    fn value_number(&self, value: u32) -> u32 {
        self.view.value_number(value)
    }

    fn defines(&self, value: u32) -> bool {
        self.view.defines(value)
    }

    fn is_alias(&self, value: u32) -> bool {
        self.view.is_alias(value)
    }

    fn resolve(&self, value: u32) -> u32 {
        self.view.resolve(value)
    }

    fn type_of(&self, value: u32) -> Option<TypeId> {
        self.view.type_of(value)
    }

    fn is_float(&self, value: u32) -> bool {
        self.view.is_float(value)
    }

    fn may_be_address(&self, value: u32) -> bool {
        self.view.may_be_address(value)
    }

    fn facts(&self) -> Vec<(u32, String)> {
        self.view.facts()
    }

    fn instruction_bound(&self) -> usize {
        self.kept.len()
    }

    fn block_bound(&self) -> usize {
        self.view.block_bound()
    }

    fn block_number(&self, block: u32) -> u32 {
        self.view.block_number(block)
    }

    fn blocks(&self) -> impl Iterator<Item = u32> {
        self.view.blocks()
    }

    fn params(&self, block: u32) -> impl Iterator<Item = u32> {
        self.view.params(block).filter(|&param| self.classes.is_kept(self.view, param))
    }

    fn instructions(&self, block: u32) -> impl Iterator<Item = F::Instruction> {
        self.kept.of(block).iter().copied()
    }

    fn terminator(&self, block: u32) -> Option<F::Instruction> {
        self.view.terminator(block)
    }

    fn is_terminator(&self, instruction: F::Instruction) -> bool {
        self.view.is_terminator(instruction)
    }

    fn is_cold(&self, block: u32) -> bool {
        self.view.is_cold(block)
    }

    fn block_origin(&self, block: u32) -> Origin {
        self.view.block_origin(block)
    }

    fn slot_bound(&self) -> usize {
        self.view.slot_bound()
    }

    fn slot_number(&self, slot: u32) -> u32 {
        self.view.slot_number(slot)
    }

    fn slots(&self) -> impl Iterator<Item = Slot> {
        self.view.slots()
    }

    fn role(&self, instruction: F::Instruction) -> Role {
        match self.view.role(instruction) {
            Role::Forward { first } => {
                // No more than there are operands in front of the first that is copied.
                let before = self.operands_before(instruction, first.into());
                Role::Forward { first: u8::try_from(before).unwrap_or(first) }
            }
            role @ (Role::Compute | Role::Safepoint | Role::Jump | Role::Unknown | Role::Plain) => {
                role
            }
        }
    }

    fn effect(&self, _: F::Instruction) -> Option<Effect> {
        // The operands of a slice are numbered otherwise.
        None
    }

    fn is_movable_load(&self, instruction: F::Instruction) -> bool {
        self.view.is_movable_load(instruction)
    }

    fn named_slot(&self, instruction: F::Instruction) -> Option<u32> {
        self.view.named_slot(instruction)
    }

    fn access(&self, instruction: F::Instruction) -> Option<Access> {
        let number = |n| self.operand(instruction, n);
        Some(match self.view.access(instruction)? {
            Access::Address => Access::Address,
            Access::Load { place, whole, address } => {
                Access::Load { place, whole, address: address.and_then(number) }
            }
            Access::Store { place, whole, address } => {
                Access::Store { place, whole, address: address.and_then(number) }
            }
        })
    }

    fn memory_flags(&self, instruction: F::Instruction) -> MemoryFlags {
        self.view.memory_flags(instruction)
    }

    fn address_operand(&self, instruction: F::Instruction) -> Option<usize> {
        self.operand(instruction, self.view.address_operand(instruction)?)
    }

    fn slot_of_address(&self, value: u32) -> Option<u32> {
        self.view.slot_of_address(value)
    }

    fn is_zero(&self, value: u32) -> bool {
        self.view.is_zero(value)
    }

    fn results(&self, instruction: F::Instruction) -> impl Iterator<Item = u32> {
        self.view.results(instruction).filter(|&result| self.classes.is_kept(self.view, result))
    }

    fn operands(&self, instruction: F::Instruction) -> impl Iterator<Item = u32> {
        self.view.operands(instruction).filter(|&operand| self.classes.is_kept(self.view, operand))
    }

    fn edges(&self, instruction: F::Instruction) -> impl Iterator<Item = F::Edge> {
        self.view.edges(instruction)
    }

    fn target(&self, edge: F::Edge) -> u32 {
        self.view.target(edge)
    }

    fn arguments(&self, edge: F::Edge) -> impl Iterator<Item = Argument> {
        let params = self.view.params(self.view.target(edge));
        let passed = self.view.arguments(edge).zip(params);
        passed
            .filter(|&(_, param)| self.classes.is_kept(self.view, param))
            .map(|(argument, _)| argument)
    }

    fn stack_map_is_known(&self, instruction: F::Instruction) -> bool {
        self.view.stack_map_is_known(instruction)
    }

    fn stack_map(&self, instruction: F::Instruction) -> impl Iterator<Item = Entry> {
        self.view.stack_map(instruction)
    }

    fn same_annotation(
        &self,
        mine: F::Instruction,
        other: &Self,
        instruction: F::Instruction,
    ) -> bool {
        self.view.same_annotation(mine, other.view, instruction)
    }

    fn has_tags(&self, instruction: F::Instruction) -> bool {
        self.view.has_tags(instruction)
    }

    fn annotation(&self, instruction: F::Instruction) -> String {
        self.view.annotation(instruction)
    }

    fn same_operation(
        &self,
        mine: F::Instruction,
        other: &Self,
        instruction: F::Instruction,
    ) -> bool {
        self.view.same_operation(mine, other.view, instruction)
    }

    fn origin(&self, instruction: F::Instruction) -> Origin {
        self.view.origin(instruction)
    }

    fn describe(&self, instruction: F::Instruction) -> String {
        self.view.describe(instruction)
    }
}
