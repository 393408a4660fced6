//! The fast path for pairs without safepoints, of which no model is made.
//!
//! If no collector runs, no reference goes stale and nothing has to be spilled. If the spiller left
//! such a function as it was, both functions behave the same, and there is nothing to prove. So it
//! is enough to look at one of them: whether it is well-formed, and runs no collector. Unusual
//! functions are left to the full comparison, which also reports what is wrong with them.
//!
//! Unlike the full comparison, this does not check that definitions dominate their uses. It makes
//! no difference between two equal functions.

use fixedbitset::FixedBitSet;
use stackmap_verifier::Stats;
use stackmap_verifier::model::Value;
use stackmap_verifier::references::closure;

use super::before::originals;
use super::layout::Layout;
use crate::view::{Argument, Function, Role};

/// Returns the statistics of the pair of this function and an equal one, if it has no safepoints;
/// `None` if it has some, or if the full comparison is needed to tell.
///
/// Equal is more than what is [compared](super::lower): everything that a view shows is the same in
/// both, under the same index. `declared` is as for [`lower`](super::lower); the pair is verified
/// regardless of it.
///
/// Cost: one walk over the function.
pub fn unchanged<F: Function>(
    function: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Option<Stats> {
    let mut scan = Scan {
        view: function,
        layout: Layout::new(function, "before").ok()?,
        defined: FixedBitSet::with_capacity(function.value_bound()),
        used: FixedBitSet::with_capacity(function.value_bound()),
        declared: originals(function, declared),
        flows: Vec::new(),
        stats: Stats::default(),
    };
    function.blocks().try_for_each(|block| scan.block(block))?;
    scan.finish()
}

struct Scan<'f, F> {
    view: &'f F,
    layout: Layout<'f, F>,
    defined: FixedBitSet,
    /// The used values, with aliases unresolved.
    used: FixedBitSet,
    declared: Vec<u32>,
    /// The pairs of values where one is passed to the other, with aliases unresolved; empty if no
    /// value is declared.
    flows: Vec<(u32, u32)>,
    stats: Stats,
}

impl<F: Function> Scan<'_, F> {
    fn block(&mut self, block: u32) -> Option<()> {
        let view = self.view;
        view.params(block).try_for_each(|param| self.define(param))?;
        let is_reachable = self.layout.is_reachable(block);
        let mut ended = false;
        for instruction in view.instructions(block) {
            if ended {
                return None;
            }
            let brief = view.brief(instruction);
            self.instruction(instruction, brief.role, is_reachable)?;
            ended = brief.is_terminator;
            if ended {
                self.edges(instruction, is_reachable)?;
            }
        }
        if is_reachable {
            self.stats.blocks += 1;
        }
        Some(())
    }

    fn instruction(
        &mut self,
        instruction: F::Instruction,
        role: Role,
        is_reachable: bool,
    ) -> Option<()> {
        let view = self.view;
        let has_map = view.stack_map(instruction).next().is_some();
        if matches!(role, Role::Safepoint | Role::Unknown) || has_map {
            return None;
        }
        for operand in view.operands(instruction) {
            self.read(operand, is_reachable)?;
        }
        if !is_reachable {
            return Some(());
        }
        view.results(instruction).try_for_each(|result| self.define(result))?;
        self.stats.instructions += 1;
        if let Role::Forward { first } = role
            && !self.declared.is_empty()
        {
            for from in view.operands(instruction).skip(first.into()) {
                self.flows.extend(view.results(instruction).map(|to| (from, to)));
            }
        }
        Some(())
    }

    fn edges(&mut self, terminator: F::Instruction, is_reachable: bool) -> Option<()> {
        let view = self.view;
        for edge in view.edges(terminator) {
            let mut params = view.params(view.target(edge));
            for passed in view.arguments(edge) {
                // Unusual arguments are left to the full comparison.
                let Argument::Value(from) = passed else { return None };
                let to = params.next()?;
                if is_reachable && !self.declared.is_empty() {
                    self.flows.push((from, to));
                }
                self.read(from, is_reachable)?;
            }
            if params.next().is_some() {
                return None;
            }
        }
        Some(())
    }

    fn define(&mut self, value: u32) -> Option<()> {
        ((value as usize) < self.defined.len()).then(|| self.defined.insert(value as usize))
    }

    fn read(&mut self, value: u32, is_reachable: bool) -> Option<()> {
        ((value as usize) < self.used.len()).then(|| {
            if is_reachable {
                self.used.insert(value as usize);
            }
        })
    }

    fn finish(self) -> Option<Stats> {
        let view = self.view;
        for value in self.used.ones().filter_map(|value| u32::try_from(value).ok()) {
            if !self.is_defined(view.resolve(value)) {
                return None;
            }
        }
        if self.declared.is_empty() {
            return Some(self.stats);
        }
        let value = |index: u32| Value::new(view.resolve(index) as usize);
        let declared = self.declared.iter().filter(|&&value| self.is_defined(value));
        let flows: Vec<_> = self.flows.iter().map(|&(from, to)| (value(from), value(to))).collect();
        let references = closure(self.defined.len(), declared.map(|&v| value(v)), &flows);
        Some(Stats { references: references.count_ones(..), ..self.stats })
    }

    fn is_defined(&self, value: u32) -> bool {
        self.defined.contains(value as usize)
    }
}
