//! Compares two instructions except for their operands.
//!
//! The spiller replaces operands and edge targets, and splits edges; it changes nothing else. So
//! everything in an instruction is compared except its value operands and the target blocks of its
//! edges: opcode, immediates, flags, callee, the tags of an exception table.

use cranelift_codegen::ir::{
    self, ExceptionTable, ExceptionTableData, ExceptionTableItem, Inst, InstructionData, MemFlags,
    Type,
};

/// Returns whether `b` of `after` performs the same operation as `a` of `before`.
pub(crate) fn same_operation(
    before: &ir::Function,
    a: Inst,
    after: &ir::Function,
    b: Inst,
) -> bool {
    let (x, y) = (before.dfg.insts[a], after.dfg.insts[b]);
    x.opcode() == y.opcode()
        && before.dfg.inst_args(a).len() == after.dfg.inst_args(b).len()
        && same_immediates(before, x, after, y)
        && types(before, a).eq(types(after, b))
}

fn types<'f>(
    function: &'f ir::Function,
    instruction: Inst,
) -> impl Iterator<Item = Type> + use<'f> {
    let dfg = &function.dfg;
    dfg.inst_results(instruction).iter().map(|&result| dfg.value_type(result))
}

/// Formats that a later Cranelift may add are rejected: the last arm is for two different formats,
/// which two instructions of one opcode never have.
fn same_immediates(
    before: &ir::Function,
    a: InstructionData,
    after: &ir::Function,
    b: InstructionData,
) -> bool {
    use InstructionData as D;
    let flags = |a: MemFlags, b: MemFlags| before.dfg.mem_flags[a] == after.dfg.mem_flags[b];
    match (a, b) {
        (D::AtomicCas { flags: a, .. }, D::AtomicCas { flags: b, .. })
        | (D::LoadNoOffset { flags: a, .. }, D::LoadNoOffset { flags: b, .. })
        | (D::StoreNoOffset { flags: a, .. }, D::StoreNoOffset { flags: b, .. }) => flags(a, b),
        (D::AtomicRmw { flags: a, op: x, .. }, D::AtomicRmw { flags: b, op: y, .. }) => {
            flags(a, b) && x == y
        }
        (D::Load { flags: a, offset: x, .. }, D::Load { flags: b, offset: y, .. })
        | (D::Store { flags: a, offset: x, .. }, D::Store { flags: b, offset: y, .. }) => {
            flags(a, b) && x == y
        }
        (D::Binary { .. }, D::Binary { .. })
        | (D::Jump { .. }, D::Jump { .. })
        | (D::Brif { .. }, D::Brif { .. })
        | (D::BranchTable { .. }, D::BranchTable { .. })
        | (D::MultiAry { .. }, D::MultiAry { .. })
        | (D::NullAry { .. }, D::NullAry { .. })
        | (D::Ternary { .. }, D::Ternary { .. })
        | (D::Unary { .. }, D::Unary { .. }) => true,
        (D::BinaryImm8 { imm: a, .. }, D::BinaryImm8 { imm: b, .. })
        | (D::TernaryImm8 { imm: a, .. }, D::TernaryImm8 { imm: b, .. }) => a == b,
        (D::Call { func_ref: a, .. }, D::Call { func_ref: b, .. })
        | (D::FuncAddr { func_ref: a, .. }, D::FuncAddr { func_ref: b, .. }) => a == b,
        (D::CallIndirect { sig_ref: a, .. }, D::CallIndirect { sig_ref: b, .. }) => a == b,
        (D::CondTrap { code: a, .. }, D::CondTrap { code: b, .. })
        | (D::IntAddTrap { code: a, .. }, D::IntAddTrap { code: b, .. })
        | (D::Trap { code: a, .. }, D::Trap { code: b, .. }) => a == b,
        (
            D::DynamicStackAddr { dynamic_stack_slot: a, .. },
            D::DynamicStackAddr { dynamic_stack_slot: b, .. },
        ) => a == b,
        (
            D::ExceptionHandlerAddress { block: a, imm: x, .. },
            D::ExceptionHandlerAddress { block: b, imm: y, .. },
        ) => a == b && x == y,
        (D::FloatCompare { cond: a, .. }, D::FloatCompare { cond: b, .. }) => a == b,
        (D::IntCompare { cond: a, .. }, D::IntCompare { cond: b, .. }) => a == b,
        (D::Shuffle { imm: a, .. }, D::Shuffle { imm: b, .. }) => {
            before.dfg.immediates.get(a) == after.dfg.immediates.get(b)
        }
        (
            D::StackAddr { stack_slot: a, offset: x, .. },
            D::StackAddr { stack_slot: b, offset: y, .. },
        ) => a == b && x == y,
        (
            D::TryCall { func_ref: a, exception: x, .. },
            D::TryCall { func_ref: b, exception: y, .. },
        ) => a == b && same_table(before, x, after, y),
        (D::TryCallIndirect { exception: a, .. }, D::TryCallIndirect { exception: b, .. }) => {
            same_table(before, a, after, b)
        }
        (D::UnaryConst { constant_handle: a, .. }, D::UnaryConst { constant_handle: b, .. }) => {
            before.dfg.constants.get(a) == after.dfg.constants.get(b)
        }
        (
            D::UnaryGlobalValue { global_value: a, .. },
            D::UnaryGlobalValue { global_value: b, .. },
        ) => a == b,
        (D::UnaryIeee16 { imm: a, .. }, D::UnaryIeee16 { imm: b, .. }) => a == b,
        (D::UnaryIeee32 { imm: a, .. }, D::UnaryIeee32 { imm: b, .. }) => a == b,
        (D::UnaryIeee64 { imm: a, .. }, D::UnaryIeee64 { imm: b, .. }) => a == b,
        (D::UnaryImm { imm: a, .. }, D::UnaryImm { imm: b, .. }) => a == b,
        _ => false,
    }
}

/// Returns whether two exception tables have the same signature and catch the same exceptions, in
/// the same order.
fn same_table(
    before: &ir::Function,
    a: ExceptionTable,
    after: &ir::Function,
    b: ExceptionTable,
) -> bool {
    use ExceptionTableItem as Item;
    let (a, b) = (&before.dfg.exception_tables[a], &after.dfg.exception_tables[b]);
    let same = |(a, b): (Item, Item)| match (a, b) {
        (Item::Tag(a, _), Item::Tag(b, _)) => a == b,
        (Item::Default(_), Item::Default(_)) | (Item::Context(_), Item::Context(_)) => true,
        (Item::Tag(..) | Item::Default(_) | Item::Context(_), _) => false,
    };
    a.signature() == b.signature()
        && a.items().count() == b.items().count()
        && a.items().zip(b.items()).all(same)
        && lists_handlers_in_order(before, a)
        && lists_handlers_in_order(after, b)
}

/// Returns whether the handlers are the table's edges in order, with the normal return as the last
/// edge. No other order can be created through Cranelift's interface, but it can be read from
/// serialized data; edges are compared by order alone.
fn lists_handlers_in_order(function: &ir::Function, table: &ExceptionTableData) -> bool {
    let pool = &function.dfg.value_lists;
    let handlers = table.items().filter_map(|item| match item {
        ExceptionTableItem::Tag(_, handler) | ExceptionTableItem::Default(handler) => Some(handler),
        ExceptionTableItem::Context(_) => None,
    });
    let edges = table.all_branches().split_last().map_or(&[][..], |(_, edges)| edges);
    handlers.zip(edges).all(|(handler, edge)| {
        handler.block(pool) == edge.block(pool) && handler.args(pool).eq(edge.args(pool))
    })
}
