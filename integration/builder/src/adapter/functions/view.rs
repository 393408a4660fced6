//! The lowering's view of a Cranelift function.

use std::cell::OnceCell;

use super::codegen::ir::{
    self, Block, BlockArg, BlockCall, ExceptionTableItem, Inst, Type, Value, types,
};
use super::opcode::{Naming, Properties};
use super::printed::{self, Particular};
use super::same::{same_in_place, same_operation};
use super::support::clif::opcode::Effect;
use super::support::clif::types::TypeId;
use super::support::clif::view::{
    Access, Argument, Brief, Declaration, Entry, Function, MemoryFlags, Role, Slot,
};
use super::support::verifier::model::Origin;
use super::{access, declarations, facts, flags, slots};

/// A function in memory. Indices are entity numbers.
#[derive(Debug)]
pub(super) struct View<'f> {
    function: &'f ir::Function,
    particular: OnceCell<Particular>,
}

impl<'f> View<'f> {
    /// Returns the view of a function.
    pub(super) fn new(function: &'f ir::Function) -> Self {
        View { function, particular: OnceCell::new() }
    }

    /// Returns the view of a function of which it is known what is printed.
    pub(super) fn with(function: &'f ir::Function, particular: Particular) -> Self {
        View { function, particular: OnceCell::from(particular) }
    }

    /// Returns whether the value exists.
    pub(super) fn exists(&self, value: Value) -> bool {
        access::exists(self.function, value)
    }

    fn particular(&self) -> &Particular {
        self.particular.get_or_init(|| Particular::of(self.function))
    }

    fn properties(&self, instruction: Inst) -> &'static Properties {
        Properties::of(self.function.dfg.insts[instruction].opcode())
    }

    /// Returns the indices of those of these values that exist.
    pub(super) fn indices(
        &self,
        values: impl IntoIterator<Item = Value>,
    ) -> impl Iterator<Item = u32> {
        let exists = values.into_iter().filter(|&value| self.exists(value));
        exists.map(|value| value.as_u32())
    }

    /// Returns the debug tags of an instruction as printed; empty if it has none.
    fn tags(&self, instruction: Inst) -> String {
        match self.particular().has_tags {
            true => printed::tags(self.function, instruction),
            false => String::new(),
        }
    }

    /// Returns the branches of an instruction in the order in which CLIF prints them. An exception
    /// table stores the normal return last, but prints it first.
    fn branches(&self, instruction: Inst) -> impl Iterator<Item = BlockCall> + use<'f> {
        let dfg = &self.function.dfg;
        let data = &dfg.insts[instruction];
        let all = data.branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        let count = all.len();
        let first = if data.exception_table().is_some() { count.saturating_sub(1) } else { 0 };
        let nth = move |n: usize| if n + first < count { n + first } else { n + first - count };
        (0..count).map(move |n| all[nth(n)])
    }
}

impl Function for View<'_> {
    fn header(&self) -> String {
        format!("{}{}", self.function.name, self.function.signature)
    }

    fn declarations(&self, other: &Self) -> Vec<Declaration> {
        let mut all = match declarations::must_be_same(self.function, other.function) {
            true => Vec::new(),
            false => declarations::common(self.function),
        };
        all.extend(declarations::particular(self.particular()));
        all
    }

    fn must_declare_same(&self, other: &Self) -> bool {
        declarations::must_be_same(self.function, other.function)
            && self.particular().text == other.particular().text
    }

    type Instruction = Inst;
    type Edge = BlockCall;

    fn value_bound(&self) -> usize {
        self.function.dfg.num_values()
    }

    fn value_number(&self, value: u32) -> u32 {
        value
    }

    fn defines(&self, value: u32) -> bool {
        self.exists(Value::from_u32(value))
    }

    fn resolve(&self, value: u32) -> u32 {
        match self.is_alias(value) {
            true => self.function.dfg.resolve_aliases(Value::from_u32(value)).as_u32(),
            false => value,
        }
    }

    fn is_alias(&self, value: u32) -> bool {
        let value = Value::from_u32(value);
        let dfg = &self.function.dfg;
        // Most values are no aliases.
        dfg.value_is_valid(value)
            && dfg.value_alias_dest_for_serialization(value).is_some()
            && self.exists(value)
    }

    fn type_of(&self, value: u32) -> Option<TypeId> {
        let (value, dfg) = (Value::from_u32(value), &self.function.dfg);
        let r#type = dfg.value_is_valid(value).then(|| dfg.value_type(value))?;
        // What does not exist is an alias of this type.
        (r#type != types::INVALID || self.exists(value)).then(|| type_id(r#type))
    }

    fn is_float(&self, value: u32) -> bool {
        let value = Value::from_u32(value);
        self.exists(value) && is_float(self.function.dfg.value_type(value))
    }

    fn may_be_address(&self, value: u32) -> bool {
        access::may_be_address(self.function, Value::from_u32(value))
    }

    fn facts(&self) -> Vec<(u32, String)> {
        facts::all(self.function)
    }

    fn instruction_bound(&self) -> usize {
        self.function.dfg.num_insts()
    }

    fn block_bound(&self) -> usize {
        self.function.dfg.num_blocks()
    }

    fn block_number(&self, block: u32) -> u32 {
        block
    }

    fn blocks(&self) -> impl Iterator<Item = u32> {
        self.function.layout.blocks().map(|block| block.as_u32())
    }

    fn params(&self, block: u32) -> impl Iterator<Item = u32> {
        let params = self.function.dfg.block_params(Block::from_u32(block));
        params.iter().map(|param| param.as_u32())
    }

    fn instructions(&self, block: u32) -> impl Iterator<Item = Inst> {
        self.function.layout.block_insts(Block::from_u32(block))
    }

    fn terminator(&self, block: u32) -> Option<Inst> {
        let last = self.function.layout.last_inst(Block::from_u32(block))?;
        self.is_terminator(last).then_some(last)
    }

    fn is_terminator(&self, instruction: Inst) -> bool {
        self.properties(instruction).is_terminator
    }

    fn brief(&self, instruction: Inst) -> Brief {
        let properties = self.properties(instruction);
        Brief {
            role: properties.role,
            is_terminator: properties.is_terminator,
            names_slot: properties.naming != Naming::Nothing,
        }
    }

    fn forwarding(&self) -> impl Iterator<Item = Inst> {
        // In any order, and in the order of their numbers it is fastest.
        let all = (0..).take(self.function.dfg.num_insts()).map(Inst::from_u32);
        all.filter(|&i| self.properties(i).is_forwarding)
    }

    fn is_cold(&self, block: u32) -> bool {
        self.function.layout.is_cold(Block::from_u32(block))
    }

    fn block_origin(&self, _: u32) -> Origin {
        Origin::default()
    }

    fn slot_bound(&self) -> usize {
        self.function.sized_stack_slots.len()
    }

    fn slot_number(&self, slot: u32) -> u32 {
        slot
    }

    fn slots(&self) -> impl Iterator<Item = Slot> {
        slots::all(self.function)
    }

    fn role(&self, instruction: Inst) -> Role {
        self.properties(instruction).role
    }

    fn effect(&self, instruction: Inst) -> Option<Effect> {
        self.properties(instruction).effect
    }

    fn is_movable_load(&self, instruction: Inst) -> bool {
        flags::is_movable_load(self.function, instruction)
    }

    fn named_slot(&self, instruction: Inst) -> Option<u32> {
        Some(self.function.dfg.insts[instruction].stack_slot()?.as_u32())
    }

    fn access(&self, instruction: Inst) -> Option<Access> {
        access::of_instruction(self.function, instruction)
    }

    fn memory_flags(&self, instruction: Inst) -> MemoryFlags {
        flags::of_access(self.function, instruction)
    }

    fn address_operand(&self, instruction: Inst) -> Option<usize> {
        access::address_operand(&self.function.dfg.insts[instruction])
    }

    fn slot_of_address(&self, value: u32) -> Option<u32> {
        access::address(self.function, Value::from_u32(value)).map(|(slot, _)| slot)
    }

    fn is_zero(&self, value: u32) -> bool {
        access::is_zero(self.function, Value::from_u32(value))
    }

    fn results(&self, instruction: Inst) -> impl Iterator<Item = u32> {
        self.function.dfg.inst_results(instruction).iter().map(|result| result.as_u32())
    }

    fn operands(&self, instruction: Inst) -> impl Iterator<Item = u32> {
        let dfg = &self.function.dfg;
        let data = &dfg.insts[instruction];
        let mut arguments = data.arguments(&dfg.value_lists).iter();
        let mut contexts = data.exception_table().map(|table| {
            dfg.exception_tables[table].items().filter_map(|item| match item {
                ExceptionTableItem::Context(context) => Some(context.as_u32()),
                ExceptionTableItem::Tag(..) | ExceptionTableItem::Default(_) => None,
            })
        });
        // Few instructions have a table, and a chain of iterators is slow.
        std::iter::from_fn(move || match arguments.next() {
            Some(argument) => Some(argument.as_u32()),
            None => contexts.as_mut()?.next(),
        })
    }

    fn edges(&self, instruction: Inst) -> impl Iterator<Item = BlockCall> {
        self.branches(instruction)
    }

    fn target(&self, edge: BlockCall) -> u32 {
        edge.block(&self.function.dfg.value_lists).as_u32()
    }

    fn arguments(&self, edge: BlockCall) -> impl Iterator<Item = Argument> {
        edge.args(&self.function.dfg.value_lists).map(|argument| match argument {
            BlockArg::Value(value) => Argument::Value(value.as_u32()),
            BlockArg::TryCallRet(n) => Argument::Return(n),
            BlockArg::TryCallExn(n) => Argument::Exception(n),
        })
    }

    fn stack_map_is_known(&self, _: Inst) -> bool {
        true
    }

    fn stack_map(&self, instruction: Inst) -> impl Iterator<Item = Entry> {
        let entries = self.function.dfg.user_stack_map_entries(instruction).unwrap_or_default();
        entries.iter().map(|entry| Entry {
            slot: entry.slot.as_u32(),
            offset: entry.offset,
            size: entry.ty.bytes(),
            r#type: type_id(entry.ty),
            is_float: is_float(entry.ty),
            origin: Origin::default(),
        })
    }

    fn same_annotation(&self, mine: Inst, other: &Self, instruction: Inst) -> bool {
        self.function.srcloc(mine) == other.function.srcloc(instruction)
            && self.tags(mine) == other.tags(instruction)
    }

    fn has_tags(&self, instruction: Inst) -> bool {
        !self.tags(instruction).is_empty()
    }

    fn annotation(&self, instruction: Inst) -> String {
        let location = self.function.srcloc(instruction);
        let location = if location.is_default() { String::new() } else { location.to_string() };
        format!("{} {location}", self.tags(instruction)).trim().to_owned()
    }

    fn is_same(&self, mine: Inst, other: &Self, instruction: Inst) -> bool {
        let (before, after) = (&self.function.dfg, &other.function.dfg);
        let stand_for_same = |(&a, &b): (&Value, &Value)| {
            a == b || self.resolve(a.as_u32()) == other.resolve(b.as_u32())
        };
        // The same operation has as many operands.
        let is_same = same_in_place(self.function, mine, other.function, instruction)
            || self.same_operation(mine, other, instruction) && {
                let (mine, other) = (before.inst_args(mine), after.inst_args(instruction));
                mine.iter().zip(other).all(stand_for_same)
            };
        is_same
            && before.inst_results(mine) == after.inst_results(instruction)
            && self.same_annotation(mine, other, instruction)
            && before.user_stack_map_entries(mine).is_none()
            && after.user_stack_map_entries(instruction).is_none()
    }

    fn same_operation(&self, mine: Inst, other: &Self, instruction: Inst) -> bool {
        same_operation(self.function, mine, other.function, instruction)
    }

    fn origin(&self, _: Inst) -> Origin {
        Origin::default()
    }

    fn describe(&self, instruction: Inst) -> String {
        let text = self.function.dfg.display_inst(instruction).to_string();
        // A stack map may be very long.
        let end = text.find(", stack_map=[").unwrap_or(text.len());
        text[..end].trim_end().to_owned()
    }
}

fn is_float(r#type: Type) -> bool {
    r#type.is_float() || r#type.is_vector() || r#type.is_dynamic_vector()
}

fn type_id(r#type: Type) -> TypeId {
    // The name is not in the prelude of every edition.
    TypeId(std::convert::TryFrom::try_from(r#type.index()).unwrap_or(u32::MAX))
}
