//! What a function computes that has an effect.

use std::collections::BTreeSet;
use std::fmt::Write;

use cranelift_codegen::ir::{Block, BlockArg, Function, Inst, Opcode, Value, ValueDef};

/// Returns the values on which an effect of a function depends: what calls, stores, branches and
/// traps get, or another load, and what these are computed from.
pub(super) fn with_effect(function: &Function) -> BTreeSet<Value> {
    let dfg = &function.dfg;
    let mut todo: Vec<Value> = Vec::new();
    for block in function.layout.blocks() {
        for instruction in function.layout.block_insts(block) {
            if has_effect(function, instruction) {
                // What a branch passes counts if the parameter does.
                todo.extend(dfg.inst_args(instruction));
            }
        }
    }
    let mut found = BTreeSet::new();
    while let Some(value) = todo.pop() {
        let value = dfg.resolve_aliases(value);
        if !found.insert(value) {
            continue;
        }
        match dfg.value_def(value) {
            ValueDef::Result(definition, _) => todo.extend(dfg.inst_args(definition)),
            ValueDef::Param(block, number) => todo.extend(passed(function, block, number)),
            ValueDef::Union(a, b) => todo.extend([a, b]),
        }
    }
    found
}

/// Returns whether an instruction does more than to compute its results.
fn has_effect(function: &Function, instruction: Inst) -> bool {
    let opcode = function.dfg.insts[instruction].opcode();
    let is_load_of_slot = opcode.can_load()
        && function.dfg.inst_args(instruction).iter().all(|&address| {
            let ValueDef::Result(definition, _) = function.dfg.value_def(address) else {
                return false;
            };
            function.dfg.insts[definition].opcode() == Opcode::StackAddr
        });
    !is_load_of_slot
        && (opcode.is_call()
            || opcode.is_branch()
            || opcode.is_return()
            || opcode.can_load()
            || opcode.can_store()
            || opcode.can_trap()
            || opcode.other_side_effects())
}

/// Returns the values that are passed to a parameter.
fn passed(function: &Function, to: Block, number: usize) -> Vec<Value> {
    let dfg = &function.dfg;
    let mut found = Vec::new();
    for branch in function.layout.blocks().filter_map(|block| function.layout.last_inst(block)) {
        for call in dfg.insts[branch].branch_destination(&dfg.jump_tables, &dfg.exception_tables) {
            if call.block(&dfg.value_lists) == to {
                let argument = call.args(&dfg.value_lists).nth(number);
                found.extend(argument.as_ref().and_then(BlockArg::as_value));
            }
        }
    }
    found
}

/// Returns what of a function has an effect, as text: two functions with the same do the same.
pub(super) fn effects(function: &Function) -> String {
    let (dfg, values) = (&function.dfg, with_effect(function));
    let mut text = String::new();
    for block in function.layout.blocks() {
        writeln!(text, "{block}").expect("a string takes all");
        for instruction in function.layout.block_insts(block) {
            let is_used =
                dfg.inst_results(instruction).iter().any(|result| values.contains(result));
            if !is_used && !has_effect(function, instruction) {
                continue;
            }
            write!(text, "{:?} ", dfg.insts[instruction]).expect("a string takes all");
            for &value in dfg.inst_args(instruction) {
                write!(text, "{} ", dfg.resolve_aliases(value)).expect("a string takes all");
            }
            let calls =
                dfg.insts[instruction].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
            for call in calls {
                let to = call.block(&dfg.value_lists);
                write!(text, "{to} ").expect("a string takes all");
                let parameters = dfg.block_params(to);
                for (argument, parameter) in call.args(&dfg.value_lists).zip(parameters) {
                    if values.contains(parameter) {
                        write!(text, "{argument:?} ").expect("a string takes all");
                    }
                }
            }
            writeln!(text).expect("a string takes all");
        }
    }
    text
}
