//! The flows of values in the before function: copies, and addresses that are derived from others.
//!
//! Values are identified by their index in the view, aliases resolved.

use fixedbitset::FixedBitSet;
use stackmap_verifier::model::Value;
use stackmap_verifier::references::{Flow, closure};

use super::Unknown;
use super::layout::Layout;
use crate::view::{Function, Role};

/// The flows in a function: those in reachable blocks, and possibly others.
#[derive(Debug, Default)]
pub(super) struct Flows {
    /// Each edge argument with the parameter that receives it, and each operand that an instruction
    /// may copy with its results.
    pub(super) copies: Vec<Flow>,
    /// Each value from which an instruction derives an address, with the results.
    pub(super) derivations: Vec<Flow>,
}

impl Flows {
    /// Returns the values that copies of the declared values reach, and these themselves, of a
    /// function with values below `count`.
    ///
    /// Cost: linear in values and copies.
    pub(super) fn references(&self, count: usize, declared: &[u32]) -> FixedBitSet {
        let declared = declared.iter().map(|&value| Value::new(value as usize));
        closure(count, declared, &self.copies)
    }

    /// Collects the flows of a function in which unknown opcodes are interpreted as `unknown`.
    ///
    /// Cost: one walk over the function.
    pub(super) fn of<F: Function>(layout: &Layout<'_, F>, unknown: Unknown) -> Self {
        let view = layout.view;
        let mut flows = Flows::default();
        for instruction in view.forwarding() {
            flows.instruction(view, instruction, unknown.role(view.role(instruction)));
        }
        for (block, _) in layout.reachable() {
            view.terminator(block).into_iter().for_each(|last| flows.edges(view, last));
        }
        flows
    }

    fn instruction<F: Function>(&mut self, view: &F, instruction: F::Instruction, role: Role) {
        match role {
            Role::Forward { first } => {
                for from in view.operands(instruction).skip(first.into()) {
                    let to = view.results(instruction);
                    self.copies.extend(to.map(|to| flow(view, from, to)));
                }
            }
            Role::Compute => {
                let effect = view.effect(instruction).filter(|effect| effect.derives());
                let Some(effect) = effect else { return };
                for (operand, from) in view.operands(instruction).enumerate() {
                    if effect.is_offset(operand) {
                        let to = view.results(instruction);
                        self.derivations.extend(to.map(|to| flow(view, from, to)));
                    }
                }
            }
            Role::Safepoint | Role::Jump | Role::Unknown | Role::Plain => {}
        }
    }

    fn edges<F: Function>(&mut self, view: &F, terminator: F::Instruction) {
        for edge in view.edges(terminator) {
            let passed = view.arguments(edge).zip(view.params(view.target(edge)));
            self.copies.extend(
                passed.filter_map(|(passed, param)| Some(flow(view, passed.value()?, param))),
            );
        }
    }
}

fn flow<F: Function>(view: &F, from: u32, to: u32) -> Flow {
    (Value::new(view.resolve(from) as usize), Value::new(to as usize))
}
