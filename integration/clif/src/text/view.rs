//! The lowering's view of a function that was read from text.

use stackmap_verifier::model::Origin;

use super::canonical;
use super::compare::{same_text, words};
use super::global;
use super::memory;
use super::numbers::signed64;
use crate::ast::{self, Argument, Definition, Edge, Entry, Instruction, List};
use crate::compiler::Practice;
use crate::names::Names;
use crate::opcode::{Class, Effect};
use crate::types::{Type, TypeId};
use crate::view::{Access, Declaration, Function, MemoryFlags, Role, Slot};

/// A function read from text.
#[derive(Clone, Copy, Debug)]
pub struct TextView<'a, 't> {
    function: &'a ast::Function<'t>,
    names: &'a Names,
    prints_try_call_maps: bool,
    practice: Option<&'a Practice<'t>>,
}

impl<'a, 't> TextView<'a, 't> {
    /// Creates a view of `function`. `prints_try_call_maps` states that the function's printer
    /// shows the stack maps of `try_call`; otherwise these stack maps are unknown.
    pub fn new(
        function: &'a ast::Function<'t>,
        names: &'a Names,
        prints_try_call_maps: bool,
    ) -> Self {
        TextView { function, names, prints_try_call_maps, practice: None }
    }

    /// Returns the view with what is known of the function's compiler.
    pub(crate) fn with_practice(self, practice: &'a Practice<'t>) -> Self {
        TextView { practice: Some(practice), ..self }
    }

    fn list(&self, list: List) -> &'a [u32] {
        list.of(&self.function.value_pool)
    }
}

impl<'a, 't> Function for TextView<'a, 't> {
    fn header(&self) -> String {
        canonical::header(self.function.name, self.function.signature)
    }

    fn declarations(&self, _: &Self) -> Vec<Declaration> {
        let declarations = self.function.declarations.iter();
        let read = |&(name, text): &(&str, &str)| Declaration {
            name: name.to_owned(),
            text: canonical::declaration(name, text)
                .or_else(|| global::load(name, text))
                .unwrap_or_else(|| words(text)),
        };
        declarations.map(read).collect()
    }

    fn must_declare_same(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.function, other.function);
        mine.signature == theirs.signature && mine.declarations == theirs.declarations
    }

    type Instruction = &'a Instruction<'t>;
    type Edge = &'a Edge;

    fn value_bound(&self) -> usize {
        self.names.values.len()
    }

    fn value_number(&self, value: u32) -> u32 {
        self.names.values.number(value)
    }

    fn defines(&self, value: u32) -> bool {
        self.function.value(value).definition != Definition::Missing
    }

    fn resolve(&self, value: u32) -> u32 {
        self.function.resolve(value)
    }

    fn type_of(&self, value: u32) -> Option<TypeId> {
        self.function.value(value).r#type.map(Type::id)
    }

    fn is_float(&self, value: u32) -> bool {
        self.function.value(value).r#type.is_some_and(Type::is_float)
    }

    fn may_be_address(&self, value: u32) -> bool {
        let addresses = [Some(Type::I32), Some(Type::I64)];
        addresses.contains(&self.function.value(value).r#type)
    }

    fn facts(&self) -> Vec<(u32, String)> {
        self.function.facts.clone()
    }

    fn instruction_bound(&self) -> usize {
        self.function.instructions.len()
    }

    fn block_bound(&self) -> usize {
        self.names.blocks.len()
    }

    fn block_number(&self, block: u32) -> u32 {
        self.names.blocks.number(block)
    }

    fn blocks(&self) -> impl Iterator<Item = u32> {
        self.function.blocks.iter().map(|block| block.index)
    }

    fn params(&self, block: u32) -> impl Iterator<Item = u32> {
        let block = self.function.block(block);
        block.into_iter().flat_map(|block| self.list(block.params)).copied()
    }

    fn instructions(&self, block: u32) -> impl Iterator<Item = Self::Instruction> {
        let block = self.function.block(block);
        block.into_iter().flat_map(|block| block.instructions.of(&self.function.instructions))
    }

    fn terminator(&self, block: u32) -> Option<Self::Instruction> {
        self.function.terminator(self.function.block(block)?)
    }

    fn is_terminator(&self, instruction: Self::Instruction) -> bool {
        instruction.opcode.class.is_terminator()
    }

    fn is_cold(&self, block: u32) -> bool {
        self.function.block(block).is_some_and(|block| block.is_cold)
    }

    fn block_origin(&self, block: u32) -> Origin {
        self.function.block(block).map(|block| block.origin).unwrap_or_default()
    }

    fn slot_bound(&self) -> usize {
        self.names.slots.len()
    }

    fn slot_number(&self, slot: u32) -> u32 {
        self.names.slots.number(slot)
    }

    fn slots(&self) -> impl Iterator<Item = Slot> {
        self.function.slots.iter().map(|&ast::Slot { index, sort, size, align, key, .. }| {
            let is_explicit = sort == "explicit_slot";
            Slot { index, is_explicit, size, align, key }
        })
    }

    fn role(&self, instruction: Self::Instruction) -> Role {
        match instruction.entries {
            // An unknown opcode with a stack map can only be a safepoint.
            Some(_) if instruction.opcode.class == Class::Unknown => Role::Safepoint,
            Some(_) | None => instruction.opcode.class.role(),
        }
    }

    fn never_collects(&self, instruction: Self::Instruction) -> bool {
        let is_quiet = |callee| self.practice.is_some_and(|known| known.quiet.contains(&callee));
        instruction.opcode.class == Class::Call && instruction.callee().is_some_and(is_quiet)
    }

    fn effect(&self, instruction: Self::Instruction) -> Option<Effect> {
        let is_load = matches!(instruction.opcode.class, Class::Load(_));
        match is_load && self.practice.is_some_and(|known| known.keeps_loads) {
            true => Some(Effect::kept_load()),
            false => Effect::of(instruction.opcode),
        }
    }

    fn is_movable_load(&self, instruction: Self::Instruction) -> bool {
        let says = |flag| instruction.operand_text.split_whitespace().any(|word| word == flag);
        matches!(instruction.opcode.class, Class::Load(_)) && says("readonly") && says("can_move")
    }

    fn named_slot(&self, instruction: Self::Instruction) -> Option<u32> {
        instruction.slot
    }

    fn access(&self, instruction: Self::Instruction) -> Option<Access> {
        self.function.memory_access(instruction)
    }

    fn memory_flags(&self, instruction: Self::Instruction) -> MemoryFlags {
        memory::flags(instruction)
    }

    fn address_operand(&self, instruction: Self::Instruction) -> Option<usize> {
        memory::address_operand(instruction.opcode.class)
    }

    fn slot_of_address(&self, value: u32) -> Option<u32> {
        self.function.address(Some(value)).map(|(slot, _)| slot)
    }

    fn is_zero(&self, value: u32) -> bool {
        // A zero is extended at most once: this is how wide zeros are made.
        let mut value = self.function.resolve(value);
        for _ in 0..2 {
            let Definition::Result(index) = self.function.value(value).definition else {
                return false;
            };
            let Some(definition) = self.function.instructions.get(index as usize) else {
                return false;
            };
            match (definition.name, self.list(definition.operands)) {
                ("iconst", []) => return signed64(definition.operand_text.trim()) == Some(0),
                ("uextend" | "sextend", &[extended]) => value = self.function.resolve(extended),
                (_, _) => return false,
            }
        }
        false
    }

    fn results(&self, instruction: Self::Instruction) -> impl Iterator<Item = u32> {
        self.list(instruction.results).iter().copied()
    }

    fn operands(&self, instruction: Self::Instruction) -> impl Iterator<Item = u32> {
        self.list(instruction.operands).iter().copied()
    }

    fn edges(&self, instruction: Self::Instruction) -> impl Iterator<Item = Self::Edge> {
        instruction.edges.of(&self.function.edge_pool).iter()
    }

    fn target(&self, edge: Self::Edge) -> u32 {
        edge.target
    }

    fn arguments(&self, edge: Self::Edge) -> impl Iterator<Item = Argument> {
        edge.arguments.of(&self.function.argument_pool).iter().copied()
    }

    fn stack_map_is_known(&self, instruction: Self::Instruction) -> bool {
        // Without a stack slot, a stack map has nothing to list.
        if instruction.entries.is_some() || self.function.slots.is_empty() {
            return true;
        }
        match instruction.opcode.class {
            Class::TryCall | Class::TryCallIndirect => self.prints_try_call_maps,
            Class::Switch => false,
            Class::Call
            | Class::CallIndirect
            | Class::Compute
            | Class::Bitcast
            | Class::Select
            | Class::Other
            | Class::Unknown
            | Class::StackAddr
            | Class::StackLoad
            | Class::StackStore
            | Class::Load(_)
            | Class::Store(_)
            | Class::NamesBlock
            | Class::ReturnCall
            | Class::ReturnCallIndirect
            | Class::Jump
            | Class::Branch
            | Class::BranchTable
            | Class::Exit => true,
        }
    }

    fn stack_map(&self, instruction: Self::Instruction) -> impl Iterator<Item = Entry> {
        let entries = instruction.entries.unwrap_or_default();
        entries.of(&self.function.entry_pool).iter().copied()
    }

    fn same_annotation(
        &self,
        mine: Self::Instruction,
        other: &Self,
        instruction: Self::Instruction,
    ) -> bool {
        mine.annotation == instruction.annotation
            || self.annotation(mine) == other.annotation(instruction)
    }

    fn has_tags(&self, instruction: Self::Instruction) -> bool {
        instruction.annotation.contains('<')
    }

    fn annotation(&self, instruction: Self::Instruction) -> String {
        words(instruction.annotation)
    }

    fn same_operation(
        &self,
        mine: Self::Instruction,
        other: &Self,
        instruction: Self::Instruction,
    ) -> bool {
        // Otherwise a suffix adds no information to the types of the results: it is printed if the
        // operand from which it could be inferred is defined in another block, and a reload moves
        // that definition into this one.
        let has_own_type = mine.opcode.prints_type() || mine.opcode.class == Class::Unknown;
        let suffixes_agree = !has_own_type || mine.suffix == instruction.suffix;
        let mut results = self.results(mine).zip(other.results(instruction));
        let types_agree = results.all(|(mine, theirs)| {
            let (mine, theirs) =
                (self.function.value(mine).r#type, other.function.value(theirs).r#type);
            mine.is_none() || theirs.is_none() || mine == theirs
        });
        mine.name == instruction.name
            && suffixes_agree
            && types_agree
            && same_text(mine, instruction)
    }

    fn origin(&self, instruction: Self::Instruction) -> Origin {
        instruction.origin
    }

    fn describe(&self, instruction: Self::Instruction) -> String {
        instruction.text.to_owned()
    }
}
