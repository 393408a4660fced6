//! The fast path for pairs without safepoints, which only compares the functions.
//!
//! If no collector runs, no reference goes stale and nothing has to be spilled. If the spiller left
//! such a function unchanged, both functions behave the same, and there is nothing to prove: each
//! observation reads the same operand, by induction along any path. So the two functions are
//! compared, and no model is made of them. Unusual functions are left to the full comparison, which
//! also reports any differences.
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

/// Returns the statistics of a pair of equal functions without safepoints; `None` if it is not such
/// a pair, or if the full comparison is needed to tell.
///
/// `declared` is as for [`lower`](super::lower); the pair is verified regardless of it.
///
/// Cost: one walk over both functions.
pub fn unchanged<F: Function>(
    before: &F,
    after: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Option<Stats> {
    let is_declared_so = before.must_declare_same(after)
        && before.slots().eq(after.slots())
        && before.facts() == after.facts();
    if !is_declared_so || !before.blocks().eq(after.blocks()) {
        return None;
    }
    let mut scan = Scan {
        before,
        after,
        layout: Layout::new(before, "before").ok()?,
        defined: FixedBitSet::with_capacity(before.value_bound()),
        used: FixedBitSet::with_capacity(before.value_bound()),
        declared: originals(before, declared),
        flows: Vec::new(),
        stats: Stats::default(),
    };
    before.blocks().try_for_each(|block| scan.block(block))?;
    scan.finish()
}

struct Scan<'f, F> {
    before: &'f F,
    after: &'f F,
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
        let (before, after) = (self.before, self.after);
        let type_of = |view: &F, param| (param, view.type_of(param));
        let mine = before.params(block).map(|param| type_of(before, param));
        let theirs = after.params(block).map(|param| type_of(after, param));
        same(mine, theirs, |(param, _)| self.define(param))?;
        if before.is_cold(block) != after.is_cold(block) {
            return None;
        }
        let is_reachable = self.layout.is_reachable(block);
        let mut theirs = after.instructions(block);
        let mut ended = false;
        for mine in before.instructions(block) {
            let other = theirs.next().filter(|_| !ended)?;
            self.instruction(mine, other, is_reachable)?;
            ended = before.is_terminator(mine);
            if ended {
                self.edges(mine, other, is_reachable)?;
            }
        }
        if is_reachable {
            self.stats.blocks += 1;
        }
        theirs.next().is_none().then_some(())
    }

    fn instruction(
        &mut self,
        mine: F::Instruction,
        other: F::Instruction,
        is_reachable: bool,
    ) -> Option<()> {
        let (before, after) = (self.before, self.after);
        let role = before.role(mine);
        let has_maps =
            before.stack_map(mine).next().is_some() || after.stack_map(other).next().is_some();
        if matches!(role, Role::Safepoint | Role::Unknown)
            || has_maps
            || !before.same_operation(mine, after, other)
            || !before.same_annotation(mine, after, other)
        {
            return None;
        }
        let type_of = |view: &F, value| (value, view.type_of(value));
        let operands = before.operands(mine).map(|value| type_of(before, value));
        let theirs = after.operands(other).map(|value| type_of(after, value));
        same(operands, theirs, |(value, _)| self.read(value, is_reachable))?;
        same(before.results(mine), after.results(other), |value| {
            if is_reachable { self.define(value) } else { Some(()) }
        })?;
        if is_reachable {
            self.stats.instructions += 1;
            if let Role::Forward { first } = role
                && !self.declared.is_empty()
            {
                for from in before.operands(mine).skip(first.into()) {
                    self.flows.extend(before.results(mine).map(|to| (from, to)));
                }
            }
        }
        Some(())
    }

    fn edges(
        &mut self,
        mine: F::Instruction,
        other: F::Instruction,
        is_reachable: bool,
    ) -> Option<()> {
        let (before, after) = (self.before, self.after);
        let mut theirs = after.edges(other);
        for mine in before.edges(mine) {
            let (other, target) = (theirs.next()?, before.target(mine));
            if after.target(other) != target {
                return None;
            }
            let mut params = before.params(target);
            same(before.arguments(mine), after.arguments(other), |passed| {
                // Unusual arguments are left to the full comparison.
                let Argument::Value(from) = passed else { return None };
                let to = params.next()?;
                if is_reachable && !self.declared.is_empty() {
                    self.flows.push((from, to));
                }
                self.read(from, is_reachable)
            })?;
            if params.next().is_some() {
                return None;
            }
        }
        theirs.next().is_none().then_some(())
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
        let (before, after) = (self.before, self.after);
        for value in self.used.ones().filter_map(|value| u32::try_from(value).ok()) {
            let original = before.resolve(value);
            if after.resolve(value) != original || !self.is_defined(original) {
                return None;
            }
        }
        if self.declared.is_empty() {
            return Some(self.stats);
        }
        let value = |index: u32| Value::new(before.resolve(index) as usize);
        let declared = self.declared.iter().filter(|&&value| self.is_defined(value));
        let flows: Vec<_> = self.flows.iter().map(|&(from, to)| (value(from), value(to))).collect();
        let references = closure(self.defined.len(), declared.map(|&v| value(v)), &flows);
        Some(Stats { references: references.count_ones(..), ..self.stats })
    }

    fn is_defined(&self, value: u32) -> bool {
        self.defined.contains(value as usize)
    }
}

/// Visits the items of two equal lists, until `visit` returns `None`.
fn same<T: PartialEq>(
    mine: impl Iterator<Item = T>,
    mut other: impl Iterator<Item = T>,
    mut visit: impl FnMut(T) -> Option<()>,
) -> Option<()> {
    for item in mine {
        if other.next().as_ref() != Some(&item) {
            return None;
        }
        visit(item)?;
    }
    other.next().is_none().then_some(())
}
