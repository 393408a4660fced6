//! Compares what two instructions of the same opcode have besides operands and results.

use super::codegen::ir::{Function, Inst, InstructionData, MemFlags, ValueListPool};
use super::codegen::write::write_operands;
use super::flags;
use super::opcode::Properties;
use super::tables::same_table;

/// Returns whether two instructions of the same opcode have the same immediates, flags, callee and
/// exception table.
pub(super) fn same_immediates(before: &Function, a: Inst, after: &Function, b: Inst) -> bool {
    use InstructionData as D;
    let (x, y) = (before.dfg.insts[a], after.dfg.insts[b]);
    let flags = |a: MemFlags, b: MemFlags| flags::data(before, a) == flags::data(after, b);
    match (x, y) {
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
        (D::FloatCompare { cond: a, .. }, D::FloatCompare { cond: b, .. }) => a == b,
        (D::IntCompare { cond: a, .. }, D::IntCompare { cond: b, .. }) => a == b,
        (D::Shuffle { imm: a, .. }, D::Shuffle { imm: b, .. }) => {
            before.dfg.immediates.get(a) == after.dfg.immediates.get(b)
        }
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
        // Formats that not every version has.
        (x, y) if Properties::of(x.opcode()).is_plain => same_data(x, y),
        (_, _) => same_text(before, a, after, b),
    }
}

/// Returns whether an instruction holds its operands and immediates itself, so that another one with
/// equal data has the same.
pub(super) fn holds_all(data: &InstructionData) -> bool {
    use InstructionData as D;
    matches!(
        data,
        D::Binary { .. }
            | D::BinaryImm8 { .. }
            | D::CondTrap { .. }
            | D::FloatCompare { .. }
            | D::IntCompare { .. }
            | D::NullAry { .. }
            | D::Ternary { .. }
            | D::Unary { .. }
            | D::UnaryImm { .. }
    )
}

/// Returns whether an instruction is a load or a store whose flags mean the same in both functions.
/// It holds everything else itself.
pub(super) fn has_same_flags(before: &Function, after: &Function, data: &InstructionData) -> bool {
    use InstructionData as D;
    let (D::Load { flags, .. } | D::Store { flags, .. }) = *data else { return false };
    flags::data(before, flags) == flags::data(after, flags)
}

/// Returns whether two instructions without lists and references to tables are the same, once the
/// operands of one are those of the other.
fn same_data(a: InstructionData, mut b: InstructionData) -> bool {
    let mut none = ValueListPool::new();
    let operands = a.arguments(&none).to_vec();
    let places = b.arguments_mut(&mut none);
    places.len() == operands.len() && {
        places.copy_from_slice(&operands);
        a == b
    }
}

/// Returns whether two instructions of a format that is unknown here are printed alike, except for
/// the names of values and blocks.
fn same_text(before: &Function, a: Inst, after: &Function, b: Inst) -> bool {
    let text = |function: &Function, instruction| {
        let mut text = String::new();
        write_operands(&mut text, &function.dfg, instruction).ok().map(|()| without_names(&text))
    };
    text(before, a).is_some_and(|mine| Some(mine) == text(after, b))
}

/// Returns the text without its stack map, with all values and blocks named alike.
fn without_names(text: &str) -> String {
    let text = text.split(", stack_map=[").next().unwrap_or(text);
    let mut words = String::new();
    let is_boundary = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    for piece in text.split_inclusive(is_boundary) {
        let (word, end) = piece.split_at(piece.trim_end_matches(is_boundary).len());
        let numbered = |sort| {
            let number = word.strip_prefix(sort).unwrap_or_default();
            !number.is_empty() && number.bytes().all(|byte: u8| byte.is_ascii_digit())
        };
        let sort = ["v", "block"].into_iter().find(|&sort| numbered(sort));
        words.push_str(sort.unwrap_or(word));
        words.push_str(end);
    }
    words
}
