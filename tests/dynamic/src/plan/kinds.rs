//! The kinds of a function's values.

use std::collections::BTreeSet;

use cranelift_codegen::ir::{Function, Opcode, Value};

use super::edges::passed;
use super::{Kind, instructions};

/// The kinds of a function's values.
pub(super) struct Kinds {
    /// The values that may be references.
    pub(super) references: BTreeSet<Value>,
    /// Other values that are passed to a parameter that may be a reference.
    nulls: BTreeSet<Value>,
}

impl Kinds {
    pub(super) fn new(function: &Function, declared: &[Value]) -> Self {
        let references = references(function, declared);
        let dfg = &function.dfg;
        let edges = instructions(function).flat_map(|inst| {
            dfg.insts[inst].branch_destination(&dfg.jump_tables, &dfg.exception_tables)
        });
        let passed: Vec<(Value, Value)> = edges
            .flat_map(|edge| passed(function, edge))
            .filter_map(|(param, a)| Some((param, dfg.resolve_aliases(a.as_value()?))))
            .collect();
        let mut nulls = BTreeSet::new();
        loop {
            let before = nulls.len();
            for &(param, argument) in &passed {
                let wanted = references.contains(&param) || nulls.contains(&param);
                if wanted && !references.contains(&argument) {
                    nulls.insert(argument);
                }
            }
            if nulls.len() == before {
                return Kinds { references, nulls };
            }
        }
    }

    pub(super) fn of(&self, value: Value) -> Kind {
        match () {
            () if self.references.contains(&value) => Kind::Reference,
            () if self.nulls.contains(&value) => Kind::Null,
            () => Kind::Number,
        }
    }
}

/// The values that may be references.
fn references(function: &Function, declared: &[Value]) -> BTreeSet<Value> {
    let dfg = &function.dfg;
    let mut set: BTreeSet<Value> = declared.iter().map(|&v| dfg.resolve_aliases(v)).collect();
    loop {
        let before = set.len();
        for inst in instructions(function) {
            let data = dfg.insts[inst];
            let is = |value: &Value| set.contains(&dfg.resolve_aliases(*value));
            let opcode = data.opcode();
            let forwards = matches!(opcode, Opcode::Select | Opcode::Bitcast);
            // The condition of a `select` is not copied.
            let first = usize::from(opcode == Opcode::Select);
            if forwards && dfg.inst_args(inst).iter().skip(first).any(is) {
                set.extend(dfg.inst_results(inst));
            }
            for edge in data.branch_destination(&dfg.jump_tables, &dfg.exception_tables) {
                for (param, argument) in passed(function, edge) {
                    if argument.as_value().is_some_and(|v| set.contains(&dfg.resolve_aliases(v))) {
                        set.insert(param);
                    }
                }
            }
        }
        if set.len() == before {
            return set;
        }
    }
}
