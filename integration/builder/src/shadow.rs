//! The declared values that can be seen from in front of the builder.

use std::collections::BTreeSet;

use cranelift_codegen::ir::Value;
use cranelift_frontend::Variable;

/// A subset of what the builder's declared values must be: all but the block parameters that
/// SSA construction makes, and what is declared behind the wrapper's back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shadow {
    values: BTreeSet<u32>,
    variables: BTreeSet<u32>,
}

impl Shadow {
    /// A value was declared.
    pub(crate) fn declare_value(&mut self, value: Value) {
        self.values.insert(value.as_u32());
    }

    /// A variable was declared: what is bound to it from now on is.
    pub(crate) fn declare_variable(&mut self, variable: Variable) {
        self.variables.insert(variable.as_u32());
    }

    /// A value was bound to a variable.
    pub(crate) fn bind(&mut self, variable: Variable, value: Value) {
        if self.variables.contains(&variable.as_u32()) {
            self.values.insert(value.as_u32());
        }
    }

    /// The declared values seen, in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value> {
        self.values.iter().copied().map(Value::from_u32)
    }
}
