//! The lowering's view of a Cranelift function.

use cranelift_codegen::ir::{
    self, Block, BlockArg, BlockCall, Endianness, ExceptionTableItem, Inst, InstructionData,
    Opcode, StackSlotKind, Type, Value, ValueDef, types,
};
use stackmap_clif::opcode::Effect;
use stackmap_clif::types::TypeId;
use stackmap_clif::view::{
    Access, Argument, Declaration, Entry, Function, MemoryFlags, Role, Slot, SlotRange,
};
use stackmap_verifier::model::Origin;

use crate::declarations;
use crate::opcode::{effect, partial, role};
use crate::same::same_operation;

/// A function in memory. Indices are entity numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'f>(pub(crate) &'f ir::Function);

impl<'f> View<'f> {
    pub(crate) fn data(&self, instruction: Inst) -> InstructionData {
        self.0.dfg.insts[instruction]
    }

    /// Returns the slot and offset that an address stands for.
    fn address(&self, value: Value) -> Option<(u32, i64)> {
        if !self.exists(value) {
            return None;
        }
        let ValueDef::Result(definition, _) = self.0.dfg.value_def(value) else { return None };
        let InstructionData::StackAddr { stack_slot, offset, .. } = self.data(definition) else {
            return None;
        };
        Some((stack_slot.as_u32(), offset.into()))
    }

    /// Returns whether the value exists, and is or stands for a valid one: the text parser fills
    /// gaps between numbers with invalid values.
    pub(crate) fn exists(&self, value: Value) -> bool {
        self.0.dfg.value_is_valid(value) && self.0.dfg.value_is_valid_for_parser(value)
    }

    /// Returns the size of a value in bytes; `None` if only the running machine knows it.
    fn size(&self, value: Option<Value>) -> Option<u32> {
        let r#type = self.0.dfg.value_type(value?);
        (!r#type.is_dynamic_vector()).then(|| r#type.bytes())
    }

    /// Returns the branches of an instruction in the order in which CLIF prints them. An exception
    /// table stores the normal return last, but prints it first.
    fn branches(&self, instruction: Inst) -> impl Iterator<Item = BlockCall> + use<'f> {
        let dfg = &self.0.dfg;
        let data = &dfg.insts[instruction];
        let all = data.branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        let normal = if data.exception_table().is_some() { all.len().saturating_sub(1) } else { 0 };
        let (first, rest) = all.split_at(normal);
        rest.iter().chain(first).copied()
    }
}

impl<'f> Function for View<'f> {
    fn header(&self) -> String {
        format!("{}{}", self.0.name, self.0.signature)
    }

    fn declarations(&self) -> Vec<Declaration> {
        declarations::all(self.0)
    }

    fn surely_declares_same(&self, other: &Self) -> bool {
        declarations::are_surely_same(self.0, other.0)
    }

    type Instruction = Inst;
    type Edge = BlockCall;

    fn value_bound(&self) -> usize {
        self.0.dfg.num_values()
    }

    fn value_number(&self, value: u32) -> u32 {
        value
    }

    fn resolve(&self, value: u32) -> u32 {
        let value = Value::from_u32(value);
        match self.exists(value) {
            true => self.0.dfg.resolve_aliases(value).as_u32(),
            false => value.as_u32(),
        }
    }

    fn type_of(&self, value: u32) -> Option<TypeId> {
        let value = Value::from_u32(value);
        self.exists(value).then(|| type_id(self.0.dfg.value_type(value)))
    }

    fn is_float(&self, value: u32) -> bool {
        let value = Value::from_u32(value);
        self.exists(value) && is_float(self.0.dfg.value_type(value))
    }

    fn may_be_address(&self, value: u32) -> bool {
        let value = Value::from_u32(value);
        self.exists(value) && [types::I32, types::I64].contains(&self.0.dfg.value_type(value))
    }

    fn facts(&self) -> Vec<(u32, String)> {
        let labels = self.0.dfg.values_labels.iter().flatten();
        labels.map(|(value, labels)| (value.as_u32(), format!("{labels:?}"))).collect()
    }

    fn instruction_bound(&self) -> usize {
        self.0.dfg.num_insts()
    }

    fn block_bound(&self) -> usize {
        self.0.dfg.num_blocks()
    }

    fn block_number(&self, block: u32) -> u32 {
        block
    }

    fn blocks(&self) -> impl Iterator<Item = u32> {
        self.0.layout.blocks().map(|block| block.as_u32())
    }

    fn params(&self, block: u32) -> impl Iterator<Item = u32> {
        self.0.dfg.block_params(Block::from_u32(block)).iter().map(|param| param.as_u32())
    }

    fn instructions(&self, block: u32) -> impl Iterator<Item = Inst> {
        self.0.layout.block_insts(Block::from_u32(block))
    }

    fn terminator(&self, block: u32) -> Option<Inst> {
        let last = self.0.layout.last_inst(Block::from_u32(block))?;
        self.is_terminator(last).then_some(last)
    }

    fn is_terminator(&self, instruction: Inst) -> bool {
        self.data(instruction).opcode().is_terminator()
    }

    fn is_cold(&self, block: u32) -> bool {
        self.0.layout.is_cold(Block::from_u32(block))
    }

    fn block_origin(&self, _: u32) -> Origin {
        Origin::default()
    }

    fn slot_bound(&self) -> usize {
        self.0.sized_stack_slots.len()
    }

    fn slot_number(&self, slot: u32) -> u32 {
        slot
    }

    fn slots(&self) -> impl Iterator<Item = Slot> {
        let slots = self.0.sized_stack_slots.iter();
        slots.map(|(slot, data)| Slot {
            index: slot.as_u32(),
            is_explicit: data.kind == StackSlotKind::ExplicitSlot,
            size: data.size,
            align: 1u32.checked_shl(data.align_shift.into()).unwrap_or(u32::MAX),
            key: data.key.map(|key| key.bits()),
        })
    }

    fn role(&self, instruction: Inst) -> Role {
        role(self.data(instruction).opcode())
    }

    fn effect(&self, instruction: Inst) -> Option<Effect> {
        effect(self.data(instruction).opcode())
    }

    fn is_movable_load(&self, instruction: Inst) -> bool {
        let InstructionData::Load { flags, .. } = self.data(instruction) else { return false };
        let flags = self.0.dfg.mem_flags[flags];
        flags.readonly() && flags.can_move()
    }

    fn named_slot(&self, instruction: Inst) -> Option<u32> {
        let data = self.data(instruction);
        let InstructionData::StackAddr { stack_slot, .. } = data else { return None };
        Some(stack_slot.as_u32())
    }

    fn access(&self, instruction: Inst) -> Option<Access> {
        let place = |(slot, base): (u32, i64), offset: i32, size| SlotRange {
            slot,
            offset: base.saturating_add(offset.into()),
            size,
        };
        let data = self.data(instruction);
        if let InstructionData::StackAddr { .. } = data {
            return Some(Access::Address);
        }
        if let InstructionData::Load { opcode, arg, offset, .. } = data {
            let address = self.address(arg)?;
            let whole = opcode == Opcode::Load;
            let result = self.0.dfg.inst_results(instruction).first().copied();
            let size = if whole { self.size(result) } else { partial(opcode) };
            let place = place(address, offset.into(), size);
            return Some(Access::Load { place, whole, address: Some(0) });
        }
        if let InstructionData::Store { opcode, args: [value, address], offset, .. } = data {
            let address = self.address(address)?;
            let whole = opcode == Opcode::Store;
            let size = if whole { self.size(Some(value)) } else { partial(opcode) };
            let place = place(address, offset.into(), size);
            return Some(Access::Store { place, whole, address: Some(1) });
        }
        // Other formats access a slot only through an address that escapes.
        None
    }

    fn memory_flags(&self, instruction: Inst) -> MemoryFlags {
        let (InstructionData::Load { flags, .. } | InstructionData::Store { flags, .. }) =
            self.data(instruction)
        else {
            return MemoryFlags { has_unknown: true, ..MemoryFlags::default() };
        };
        let flags = self.0.dfg.mem_flags[flags];
        let is_big = |endianness| endianness == Endianness::Big;
        MemoryFlags {
            big_endian: flags.explicit_endianness().map(is_big),
            aligned: flags.aligned(),
            readonly: flags.readonly(),
            can_move: flags.can_move(),
            region: flags.alias_region().map(|region| region.as_u32()),
            has_unknown: false,
        }
    }

    fn address_operand(&self, instruction: Inst) -> Option<usize> {
        use InstructionData as D;
        let data = self.data(instruction);
        if let D::Load { .. } | D::CallIndirect { .. } | D::TryCallIndirect { .. } = data {
            return Some(0);
        }
        // Operands that are not known to be addresses do not reveal the type of addresses.
        matches!(data, D::Store { .. }).then_some(1)
    }

    fn slot_of_address(&self, value: u32) -> Option<u32> {
        self.address(Value::from_u32(value)).map(|(slot, _)| slot)
    }

    fn is_zero(&self, value: u32) -> bool {
        // A zero is extended at most once: this is how wide zeros are made.
        let mut value = Value::from_u32(value);
        for _ in 0..2 {
            if !self.exists(value) {
                return false;
            }
            let ValueDef::Result(definition, _) = self.0.dfg.value_def(value) else { return false };
            let data = self.data(definition);
            if let InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } = data {
                return imm.bits() == 0;
            }
            let InstructionData::Unary { opcode: Opcode::Uextend, arg } = data else {
                return false;
            };
            value = arg;
        }
        false
    }

    fn results(&self, instruction: Inst) -> impl Iterator<Item = u32> {
        self.0.dfg.inst_results(instruction).iter().map(|result| result.as_u32())
    }

    fn operands(&self, instruction: Inst) -> impl Iterator<Item = u32> {
        let arguments = self.0.dfg.inst_args(instruction).iter().copied();
        let table = self.data(instruction).exception_table();
        let items = table.map(|table| self.0.dfg.exception_tables[table].items());
        let contexts = items.into_iter().flatten().filter_map(|item| match item {
            ExceptionTableItem::Context(context) => Some(context),
            ExceptionTableItem::Tag(..) | ExceptionTableItem::Default(_) => None,
        });
        arguments.chain(contexts).map(|operand| operand.as_u32())
    }

    fn edges(&self, instruction: Inst) -> impl Iterator<Item = BlockCall> {
        self.branches(instruction)
    }

    fn target(&self, edge: BlockCall) -> u32 {
        edge.block(&self.0.dfg.value_lists).as_u32()
    }

    fn arguments(&self, edge: BlockCall) -> impl Iterator<Item = Argument> {
        edge.args(&self.0.dfg.value_lists).map(|argument| match argument {
            BlockArg::Value(value) => Argument::Value(value.as_u32()),
            BlockArg::TryCallRet(n) => Argument::Return(n),
            BlockArg::TryCallExn(n) => Argument::Exception(n),
        })
    }

    fn stack_map_is_known(&self, _: Inst) -> bool {
        true
    }

    fn stack_map(&self, instruction: Inst) -> impl Iterator<Item = Entry> {
        let entries = self.0.dfg.user_stack_map_entries(instruction).unwrap_or_default();
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
        self.0.srcloc(mine) == other.0.srcloc(instruction)
            && self.0.debug_tags.get(mine) == other.0.debug_tags.get(instruction)
    }

    fn has_tags(&self, instruction: Inst) -> bool {
        self.0.debug_tags.has(instruction)
    }

    fn annotation(&self, instruction: Inst) -> String {
        let location = self.0.srcloc(instruction);
        let tags = self.0.debug_tags.get(instruction).iter();
        let tags: Vec<String> = tags.map(|tag| tag.to_string()).collect();
        let location = if location.is_default() { String::new() } else { location.to_string() };
        match tags.is_empty() {
            true => location,
            false => format!("<{}> {location}", tags.join(", ")).trim_end().to_owned(),
        }
    }

    fn same_operation(&self, mine: Inst, other: &Self, instruction: Inst) -> bool {
        same_operation(self.0, mine, other.0, instruction)
    }

    fn origin(&self, _: Inst) -> Origin {
        Origin::default()
    }

    fn describe(&self, instruction: Inst) -> String {
        let text = self.0.dfg.display_inst(instruction).to_string();
        // A stack map may be very long.
        let end = text.find(", stack_map=[").unwrap_or(text.len());
        text[..end].trim_end().to_owned()
    }
}

fn is_float(r#type: Type) -> bool {
    r#type.is_float() || r#type.is_vector() || r#type.is_dynamic_vector()
}

fn type_id(r#type: Type) -> TypeId {
    TypeId(u32::try_from(r#type.index()).unwrap_or(u32::MAX))
}
