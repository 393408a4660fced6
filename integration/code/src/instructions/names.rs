//! Names for what registers and frame cells hold: the values of the CLIF, and what becomes one.

use std::collections::BTreeSet;

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{Block, BlockArg, Function, Inst, Value, ValueDef};

use crate::reachable::Reachable;

/// A value, or what becomes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    Value(Value),
    /// The result with this number of a call at the end of a block.
    Returned(Inst, u32),
    /// The part with this number of what is thrown under a call.
    Thrown(Inst, u32),
}

/// What is passed to the parameters of blocks.
pub(crate) struct Passed<'p> {
    function: &'p Function,
    /// For each block, the lists of what is passed to it.
    lists: SecondaryMap<Block, Vec<(Inst, Vec<BlockArg>)>>,
}

impl<'p> Passed<'p> {
    /// Collects what branches that may run pass.
    pub(crate) fn new(function: &'p Function, reachable: &Reachable) -> Passed<'p> {
        let mut lists: SecondaryMap<Block, Vec<(Inst, Vec<BlockArg>)>> = SecondaryMap::new();
        let blocks = function.layout.blocks().filter(|&block| reachable.contains(block));
        for branch in blocks.filter_map(|block| function.layout.last_inst(block)) {
            let dfg = &function.dfg;
            let calls =
                dfg.insts[branch].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
            for call in calls {
                let arguments = call.args(&dfg.value_lists).collect();
                lists[call.block(&dfg.value_lists)].push((branch, arguments));
            }
        }
        Passed { function, lists }
    }

    /// Returns some values, what is passed to them if they are parameters of blocks, and what they are
    /// computed from by instructions for which `is_seen_through` holds.
    ///
    /// Cost: linear in the values that are found, and in what is passed to them.
    pub(crate) fn behind(
        &self,
        values: impl Iterator<Item = Value>,
        is_seen_through: impl Fn(Inst) -> bool,
    ) -> BTreeSet<Name> {
        let dfg = &self.function.dfg;
        let mut todo: Vec<Name> = values.map(Name::Value).collect();
        let mut found = BTreeSet::new();
        while let Some(name) = todo.pop() {
            let name = match name {
                Name::Value(value) => Name::Value(dfg.resolve_aliases(value)),
                Name::Returned(..) | Name::Thrown(..) => name,
            };
            if !found.insert(name) {
                continue;
            }
            let Name::Value(value) = name else { continue };
            match dfg.value_def(value) {
                ValueDef::Param(block, number) => {
                    let passed = self.lists[block].iter();
                    let argument = |(branch, list): &(Inst, Vec<BlockArg>)| {
                        Some(match *list.get(number)? {
                            BlockArg::Value(value) => Name::Value(value),
                            BlockArg::TryCallRet(result) => Name::Returned(*branch, result),
                            BlockArg::TryCallExn(part) => Name::Thrown(*branch, part),
                        })
                    };
                    todo.extend(passed.filter_map(argument));
                }
                ValueDef::Result(definition, _) => {
                    if is_seen_through(definition) {
                        todo.extend(dfg.inst_values(definition).map(Name::Value));
                    }
                }
                ValueDef::Union(a, b) => todo.extend([a, b].map(Name::Value)),
            }
        }
        found
    }
}

/// Returns whether an instruction computes its results, and does nothing else.
pub(crate) fn computes(function: &Function, instruction: Inst) -> bool {
    let opcode = function.dfg.insts[instruction].opcode();
    !opcode.is_call() && !opcode.can_load()
}

/// Returns whether the results of an instruction are computed from constants only.
pub(crate) fn is_constant(function: &Function, instruction: Inst) -> bool {
    let mut todo = vec![instruction];
    let mut seen = BTreeSet::new();
    while let Some(instruction) = todo.pop() {
        if !seen.insert(instruction) {
            continue;
        }
        if !computes(function, instruction) {
            return false;
        }
        for value in function.dfg.inst_values(instruction) {
            match function.dfg.value_def(value) {
                ValueDef::Result(definition, _) => todo.push(definition),
                ValueDef::Param(..) | ValueDef::Union(..) => return false,
            }
        }
    }
    true
}
