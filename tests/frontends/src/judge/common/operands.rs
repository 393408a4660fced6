//! Operands and edge arguments, restored.

use std::collections::HashSet;

use super::align::Aligned;
use super::codegen::ir::{BlockArg, BlockCall, Function, Inst, Value};
use super::edges::edges;
use super::inserted::Inserted;

/// The operands that may replace others: any value of the same type except the address of a
/// slot. Whether it is the right one is left to the proof.
pub(super) struct Operands<'f> {
    /// The program, aliases resolved.
    before: &'f Function,
    after: &'f Function,
    /// The addresses of the spiller's slots.
    addresses: HashSet<Value>,
}

impl<'f> Operands<'f> {
    pub(super) fn new(before: &'f Function, after: &'f Function, aligned: &Aligned) -> Self {
        let inserted = aligned.inserted.iter();
        let addresses = inserted.filter(|(_, inserted)| matches!(inserted, Inserted::Address));
        let addresses = addresses.map(|(&inst, _)| after.dfg.first_result(inst)).collect();
        Operands { before, after, addresses }
    }

    fn is_address(&self, value: Value) -> bool {
        self.addresses.contains(&self.after.dfg.resolve_aliases(value))
    }

    fn may_stand_for(&self, value: Value, meant: Value) -> bool {
        let dfg = &self.after.dfg;
        let is_value = dfg.value_is_valid(value) && !self.is_address(value);
        is_value && dfg.value_type(value) == self.before.dfg.value_type(meant)
    }

    /// Gives `theirs` the operands of `mine`, and its edges the arguments.
    pub(super) fn put_back(&self, mine: Inst, erased: &mut Function, theirs: Inst) {
        self.put_arguments_back(mine, erased, theirs);
        let mut meant = self.before.dfg.inst_values(mine);
        erased.dfg.map_inst_values(theirs, |value| match meant.next() {
            Some(meant) if self.may_stand_for(value, meant) => meant,
            Some(_) | None => value,
        });
    }

    /// The types of the arguments are those of the parameters: Cranelift's verifier has checked
    /// that.
    fn put_arguments_back(&self, mine: Inst, erased: &mut Function, theirs: Inst) {
        let dfg = &mut erased.dfg;
        let table = &mut dfg.jump_tables;
        let theirs = dfg.insts[theirs].branch_destination_mut(table, &mut dfg.exception_tables);
        for (edge, (target, meant)) in theirs.iter_mut().zip(edges(self.before, mine)) {
            let is_same = edge.block(&dfg.value_lists) == target;
            if !is_same || edge.len(&dfg.value_lists) != meant.len() {
                continue;
            }
            let arguments = edge.args(&dfg.value_lists).zip(meant);
            let arguments: Vec<BlockArg> = arguments
                .map(|(argument, meant)| match argument {
                    BlockArg::Value(value) if self.is_address(value) => argument,
                    BlockArg::Value(_) | BlockArg::TryCallRet(_) | BlockArg::TryCallExn(_) => meant,
                })
                .collect();
            // A list of its own: in serialized data, two edges may share one.
            *edge = BlockCall::new(target, arguments, &mut dfg.value_lists);
        }
    }
}
