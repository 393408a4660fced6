//! Lowers the before function: each instruction becomes one operation.

use stackmap_verifier::model::{Before, BeforeBuilder, OperationKind, Origin, Value};
use stackmap_verifier::pair::Expected;

use super::definitions::Definitions;
use super::edge_result::EdgeResults;
use super::emitter::Emitter;
use super::layout::Layout;
use super::{LowerError, Site};
use crate::expected::Reference;
use crate::view::{Function, Role};

/// The before function being lowered.
pub(super) struct BeforeLowering<'l, 'f, F: Function> {
    emitter: Emitter<'l, 'f, F, BeforeBuilder>,
    uses: Vec<Value>,
    defs: Vec<Value>,
    /// The operation kind that stands for an unknown opcode.
    unknown: OperationKind,
    /// The first instruction with an unknown opcode.
    first_unknown: Option<F::Instruction>,
}

impl<'l, 'f, F: Function> BeforeLowering<'l, 'f, F> {
    pub(super) fn new(layout: &'l Layout<'f, F>, unknown: OperationKind, numbers: &[u32]) -> Self {
        let mut builder = BeforeBuilder::new();
        builder.reserve(layout.view.value_bound(), layout.view.instruction_bound());
        BeforeLowering {
            emitter: Emitter::new(layout, builder, numbers),
            uses: Vec::new(),
            defs: Vec::new(),
            unknown,
            first_unknown: None,
        }
    }

    pub(super) fn blocks(&mut self) -> Result<(), LowerError> {
        let layout = self.emitter.layout;
        let view = layout.view;
        for block in view.blocks() {
            let params = self.emitter.params(block, layout.is_entered(block));
            let name = layout.block_name(block);
            self.emitter.builder.block(name, view.block_origin(block), &params);
            self.compute_numbers(view.block_origin(block));
            if !layout.is_reachable(block) {
                self.emitter.builder.leave([]);
                continue;
            }
            let mut ended = false;
            for instruction in view.instructions(block) {
                if ended {
                    return Err(layout.after_terminator(instruction));
                }
                ended = view.is_terminator(instruction);
                self.operation(instruction, block)?;
            }
        }
        Ok(())
    }

    fn operation(&mut self, instruction: F::Instruction, block: u32) -> Result<(), LowerError> {
        let layout = self.emitter.layout;
        let view = layout.view;
        self.uses.clear();
        self.defs.clear();
        for operand in view.operands(instruction) {
            let operand = self.emitter.used(operand);
            self.uses.push(operand);
        }
        let role = view.role(instruction);
        for result in view.results(instruction) {
            let result = self.emitter.result(result, role);
            self.defs.push(result);
        }
        let edge_results = EdgeResults::of(view, instruction, role);
        let on_edges = self.emitter.define_on_edges(block, &edge_results);
        self.defs.extend_from_slice(&on_edges);
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
        self.emitter.builder.operation(kind, &self.uses, &self.defs, origin);
        self.compute_numbers(origin);
        if view.is_terminator(instruction) {
            self.emitter
                .leave(instruction, &edge_results, &on_edges, |target| layout.id(target))?;
        }
        Ok(())
    }

    /// Adds an operation for each number that was received last.
    fn compute_numbers(&mut self, origin: Origin) {
        for number in self.emitter.received() {
            let to = self.emitter.define(number.value);
            self.emitter.builder.operation(OperationKind::Plain, &[number.from], &[to], origin);
        }
    }

    /// Returns the declared values that are defined, without duplicates, in id order.
    pub(super) fn declared(&self, declared: impl IntoIterator<Item = u32>) -> Vec<Value> {
        self.emitter.defined(originals(self.emitter.layout.view, declared))
    }

    /// Returns those of the expected references that are defined.
    pub(super) fn expected(&self, expected: &[Reference]) -> Vec<Expected> {
        let lowered = expected.iter().filter_map(|reference| {
            let &value = self.declared([reference.value]).first()?;
            Some(Expected { value, reason: reference.reason.clone() })
        });
        lowered.collect()
    }

    pub(super) fn finish(self) -> Result<LoweredBefore<'l, 'f, F>, LowerError> {
        let layout = self.emitter.layout;
        let unknown = self.first_unknown.map(|unknown| layout.site(unknown));
        let (builder, values) = self.emitter.finish()?;
        Ok(LoweredBefore { program: builder.finish(), layout, values, unknown })
    }
}

/// Returns the values that the declared values stand for, in no particular order and possibly with
/// duplicates.
///
/// Zeros are left out: null is not an address, no collector moves it, and a declared null need not
/// be spilled. (Where a variable is used that no path has defined, SSA construction declares a
/// parameter for it and then makes that an alias of a zero: `use_var` in
/// cranelift/frontend/src/ssa.rs.)
pub(super) fn originals<F: Function>(
    view: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Vec<u32> {
    let bound = view.value_bound();
    let in_range = declared.into_iter().filter(|&value| (value as usize) < bound);
    in_range.map(|value| view.resolve(value)).filter(|&original| !view.is_zero(original)).collect()
}

/// The before function, lowered.
pub(super) struct LoweredBefore<'l, 'f, F> {
    pub(super) program: Before,
    pub(super) layout: &'l Layout<'f, F>,
    pub(super) values: Definitions<Value>,
    /// The first instruction with an unknown opcode, if there is one.
    pub(super) unknown: Option<Site>,
}
