//! Compares two instructions except for their operands.
//!
//! The spiller replaces operands and edge targets, and splits edges; it changes nothing else. So
//! everything in an instruction is compared except its value operands and the target blocks of its
//! edges: opcode, immediates, flags, callee, the tags of an exception table.

use super::codegen::ir::{Function, Inst, Type};
use super::immediates::{has_same_flags, holds_all, same_immediates};

/// Returns whether `b` of `after` performs the same operation as `a` of `before`.
pub(super) fn same_operation(before: &Function, a: Inst, after: &Function, b: Inst) -> bool {
    before.dfg.insts[a].opcode() == after.dfg.insts[b].opcode()
        && before.dfg.inst_args(a).len() == after.dfg.inst_args(b).len()
        && same_immediates(before, a, after, b)
        && types(before, a).eq(types(after, b))
}

/// Returns whether `b` of `after` performs the same operation as `a` of `before`, on operands of the
/// same numbers, and this can be seen without looking outside of the instructions. If not, it may
/// be so all the same.
pub(super) fn same_in_place(before: &Function, a: Inst, after: &Function, b: Inst) -> bool {
    let data = &before.dfg.insts[a];
    data == &after.dfg.insts[b]
        && (holds_all(data) || has_same_flags(before, after, data))
        && types(before, a).eq(types(after, b))
}

fn types<'f>(function: &'f Function, instruction: Inst) -> impl Iterator<Item = Type> + use<'f> {
    let dfg = &function.dfg;
    dfg.inst_results(instruction).iter().map(|&result| dfg.value_type(result))
}
