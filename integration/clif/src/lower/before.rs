//! The before function: operations one for one.

use smallvec::SmallVec;
use stackmap_verifier::model::{Before, BeforeBuilder, OperationKind, Value};

use super::definitions::Definitions;
use super::edge_result::{EdgeResults, Passed};
use super::layout::Layout;
use super::{LowerError, Site};
use crate::view::{Function, Role};

/// The before function being lowered.
pub(super) struct BeforeLowering<'f, F: Function> {
    layout: Layout<'f, F>,
    builder: BeforeBuilder,
    values: Definitions<Value>,
    uses: Vec<Value>,
    defs: Vec<Value>,
    /// What an operation is taken for that nobody knows.
    unknown: OperationKind,
    /// The first such operation.
    first_unknown: Option<F::Instruction>,
}

impl<'f, F: Function> BeforeLowering<'f, F> {
    pub(super) fn new(view: &'f F, unknown: OperationKind) -> Result<Self, LowerError> {
        let mut builder = BeforeBuilder::new();
        builder.reserve(view.value_bound(), view.instruction_bound());
        Ok(BeforeLowering {
            layout: Layout::new(view, "before")?,
            builder,
            values: Definitions::new(view.value_bound()),
            uses: Vec::new(),
            defs: Vec::new(),
            unknown,
            first_unknown: None,
        })
    }

    pub(super) fn blocks(&mut self) -> Result<(), LowerError> {
        let view = self.layout.view;
        for block in view.blocks() {
            self.defs.clear();
            for param in view.params(block) {
                let param = self.define(param);
                self.defs.push(param);
            }
            let name = self.layout.block_name(block);
            self.builder.block(name, view.block_origin(block), &self.defs);
            if !self.layout.is_reachable(block) {
                self.builder.leave([]);
                continue;
            }
            let mut ended = false;
            for instruction in view.instructions(block) {
                if ended {
                    return Err(self.layout.after_terminator(instruction));
                }
                ended = view.is_terminator(instruction);
                self.operation(instruction, block)?;
            }
        }
        Ok(())
    }

    fn operation(&mut self, instruction: F::Instruction, block: u32) -> Result<(), LowerError> {
        let view = self.layout.view;
        self.uses.clear();
        self.defs.clear();
        for operand in view.operands(instruction) {
            let operand = self.used(operand);
            self.uses.push(operand);
        }
        for result in view.results(instruction) {
            let result = self.define(result);
            self.defs.push(result);
        }
        let role = view.role(instruction);
        let edge_results = EdgeResults::of(view, instruction, role);
        let first = self.defs.len();
        for result in edge_results.iter() {
            let name = result.name(&self.layout.block_name(block));
            self.defs.push(self.builder.value(name));
        }
        let kind = match role {
            Role::Safepoint => OperationKind::Safepoint,
            Role::Forward { first } => OperationKind::Forwards { first },
            Role::Unknown => {
                self.first_unknown.get_or_insert(instruction);
                self.unknown
            }
            Role::Compute if view.results(instruction).any(|result| view.is_zero(result)) => {
                OperationKind::Null
            }
            Role::Compute | Role::Jump | Role::Plain => OperationKind::Plain,
        };
        let origin = view.origin(instruction);
        self.builder.operation(kind, &self.uses, &self.defs, origin);
        if view.is_terminator(instruction) {
            let on_edges: SmallVec<[Value; 4]> = self.defs[first..].into();
            self.leave(instruction, &edge_results, &on_edges)?;
        }
        Ok(())
    }

    fn leave(
        &mut self,
        terminator: F::Instruction,
        results: &EdgeResults,
        values: &[Value],
    ) -> Result<(), LowerError> {
        let view = self.layout.view;
        let mut arguments: SmallVec<[Value; 8]> = SmallVec::new();
        let mut edges: SmallVec<[_; 4]> = SmallVec::new();
        for edge in view.edges(terminator) {
            let start = arguments.len();
            for argument in view.arguments(edge) {
                arguments.push(match Passed::from(argument) {
                    Passed::Value(value) => self.used(value),
                    Passed::Result(result) => {
                        let value = results.position(result).and_then(|i| values.get(i));
                        *value.ok_or_else(|| self.layout.no_such_result(terminator))?
                    }
                });
            }
            edges.extend(self.layout.id(view.target(edge)).map(|id| (id, start, arguments.len())));
        }
        let arguments = &arguments;
        self.builder.leave(edges.iter().map(|&(id, start, end)| (id, &arguments[start..end])));
        Ok(())
    }

    fn used(&mut self, value: u32) -> Value {
        let value = self.layout.view.resolve(value);
        self.values.used(value, || self.builder.value(self.layout.value_name(value)))
    }

    fn define(&mut self, value: u32) -> Value {
        self.values.define(value, || self.builder.value(self.layout.value_name(value)))
    }

    /// The declared values that are defined, each once, in id order.
    pub(super) fn declared(&self, declared: impl IntoIterator<Item = u32>) -> Vec<Value> {
        let references = originals(self.layout.view, declared).into_iter();
        // Sorted: the indices, and so their order in the set, are the view's own.
        let mut declared: Vec<Value> = references.filter_map(|o| self.values.defined(o)).collect();
        declared.sort_unstable();
        declared.dedup();
        declared
    }

    pub(super) fn finish(self) -> Result<LoweredBefore<'f, F>, LowerError> {
        match self.values.undefined() {
            Some(value) => {
                let value = self.layout.value_name(value).to_string();
                Err(LowerError::UndefinedValue { program: "before", value })
            }
            None => Ok(LoweredBefore {
                program: self.builder.finish(),
                unknown: self.first_unknown.map(|unknown| self.layout.site(unknown)),
                layout: self.layout,
                values: self.values,
            }),
        }
    }
}

/// What the declared values stand for, in no order and perhaps more than once.
///
/// Zeros are left out: null is at no address, no collector moves it, and whoever declares
/// it need not have it spilled. (Where a variable is used that no path has defined, SSA
/// construction declares a parameter for it and then makes that an alias of a zero:
/// `use_var` in cranelift/frontend/src/ssa.rs.)
pub(super) fn originals<F: Function>(
    view: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Vec<u32> {
    let bound = view.value_bound();
    let in_range = declared.into_iter().filter(|&value| (value as usize) < bound);
    in_range.map(|value| view.resolve(value)).filter(|&original| !view.is_zero(original)).collect()
}

/// The before function, lowered.
pub(super) struct LoweredBefore<'f, F> {
    pub(super) program: Before,
    pub(super) layout: Layout<'f, F>,
    pub(super) values: Definitions<Value>,
    /// An operation that nobody knows, if there is one.
    pub(super) unknown: Option<Site>,
}
