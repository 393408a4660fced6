//! Compares an instruction with the operation that it performs: they must be the same in everything
//! except their operands, which must have the same types.

use super::super::edge_result::{EdgeResults, Passed};
use super::{Fault, Frame};
use crate::view::{Argument, Function, Role};

/// Returns whether two operands say that they have one type. An alias of a value has an entry of its
/// own in memory, which may say another. In text, of what has the same name, one type may not be
/// known.
pub(in crate::lower) fn has_same_type<F: Function>(before: &F, a: u32, after: &F, b: u32) -> bool {
    match (before.type_of(a), after.type_of(b)) {
        (Some(mine), Some(theirs)) => mine == theirs,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => a == b,
    }
}

impl<F: Function> Frame<'_, F> {
    /// Compares `instruction` of *after* with `operation` of *before*.
    pub(super) fn matched(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), Fault> {
        let (before, after) = (self.before.view, self.after.view);
        let is_same = before.same_operation(operation, after, instruction)
            && before.results(operation).eq(after.results(instruction));
        let why = if !is_same {
            "stands where the program has something else"
        } else if !before.same_annotation(operation, after, instruction) {
            return Err(self.changed_annotation(block, operation, instruction));
        } else if !self.operands_have_same_types(operation, instruction) {
            "reads operands of other types than the program does"
        } else if !self.has_same_edges(operation, instruction) {
            "leads elsewhere than in the program"
        } else {
            self.note_program_address(instruction);
            self.compare_operands(block, operation, instruction)?;
            return self.compare_maps(block, operation, instruction);
        };
        let message = format!("`{}` {why}", after.describe(instruction));
        Err(self.changed(block, instruction, Some(operation), message))
    }

    fn changed_annotation(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Fault {
        let text = |annotation: String| match annotation.is_empty() {
            true => "none".to_owned(),
            false => format!("`{annotation}`"),
        };
        let message = format!(
            "the source location or the debug tags of `{}` differ: {} before, {} after",
            self.after.view.describe(instruction),
            text(self.before.view.annotation(operation)),
            text(self.after.view.annotation(instruction)),
        );
        self.changed(block, instruction, Some(operation), message)
    }

    fn operands_have_same_types(
        &self,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> bool {
        let (before, after) = (self.before.view, self.after.view);
        let (mut mine, mut theirs) = (before.operands(operation), after.operands(instruction));
        loop {
            match (mine.next(), theirs.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if has_same_type(before, a, after, b) => {}
                (Some(_) | None, _) => return false,
            }
        }
    }

    /// Returns whether each edge enters the block that it enters in the program, or a block that
    /// splits an edge, and passes the same number of arguments. The verifier checks which edge is
    /// split, and where it finally leads.
    fn has_same_edges(&self, operation: F::Instruction, instruction: F::Instruction) -> bool {
        let (before, after) = (self.before.view, self.after.view);
        let (mut mine, mut theirs) = (before.edges(operation), after.edges(instruction));
        loop {
            match (mine.next(), theirs.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) => {
                    let target = after.target(b);
                    let splits = self.before.id(target).is_none();
                    let count = before.arguments(a).count();
                    let is_same = before.target(a) == target && after.arguments(b).count() == count;
                    if !splits && !is_same {
                        return false;
                    }
                }
                (Some(_), None) | (None, Some(_)) => return false,
            }
        }
    }

    /// Checks that no operand and no edge argument is the address of a slot of the spiller.
    fn compare_operands(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), Fault> {
        let view = self.after.view;
        let is_address = |value| self.addresses.is_one(view.resolve(value));
        if view.operands(instruction).any(is_address) {
            let message = format!("`{}` reads the address of a slot", view.describe(instruction));
            return Err(self.changed(block, instruction, Some(operation), message));
        }
        if !view.is_terminator(instruction) {
            return Ok(());
        }
        let results =
            EdgeResults::of(self.before.view, operation, self.before.view.role(operation));
        let mut passed = view.edges(instruction).flat_map(|edge| view.arguments(edge));
        let is_known = |passed| match Passed::from(passed) {
            Passed::Value(_) => true,
            Passed::Result(result) => results.position(result).is_some(),
        };
        if passed.all(is_known) {
            return self.compare_passed(block, Some(operation), instruction);
        }
        let message = format!("`{}` passes a result that it has not", view.describe(instruction));
        Err(self.changed(block, instruction, Some(operation), message))
    }

    /// Checks that the arguments on the edges of `terminator` have the types of the parameters, or
    /// those that the program passes to the same block, and that none is the address of a slot of
    /// the spiller. `operation` is the terminator of the program, if it is one of the program's.
    pub(super) fn compare_passed(
        &mut self,
        block: u32,
        operation: Option<F::Instruction>,
        terminator: F::Instruction,
    ) -> Result<(), Fault> {
        let view = self.after.view;
        for (n, edge) in view.edges(terminator).enumerate() {
            let target = view.target(edge);
            // A branch after the end of its block may name a block that does not exist.
            if self.after.id(target).is_none() {
                continue;
            }
            let passed = view.arguments(edge).zip(view.params(target));
            for (position, (argument, param)) in passed.enumerate() {
                let Some(value) = argument.value() else { continue };
                let is_address = self.addresses.is_one(view.resolve(value));
                let is_taken = view.type_of(value) == view.type_of(param)
                    || operation.is_some_and(|of| self.passes(of, (n, position), target, value));
                if is_address || !is_taken {
                    let name = self.after.block_name(target);
                    let text = view.describe(terminator);
                    let message = format!("`{text}` passes what {name} does not take");
                    return Err(self.changed(block, terminator, None, message));
                }
            }
        }
        Ok(())
    }

    /// Whether the program, in this place, passes a value of the same type to the same block: if
    /// that is another type than the parameter's, it is so in both functions.
    fn passes(
        &self,
        operation: F::Instruction,
        (edge, position): (usize, usize),
        target: u32,
        value: u32,
    ) -> bool {
        let view = self.before.view;
        let Some(edge) = view.edges(operation).nth(edge) else { return false };
        let argument = view.arguments(edge).nth(position).and_then(Argument::value);
        argument.is_some_and(|argument| {
            view.target(edge) == target && view.type_of(argument) == self.after.view.type_of(value)
        })
    }

    /// Records the type that addresses have in this program.
    fn note_program_address(&mut self, instruction: F::Instruction) {
        let view = self.after.view;
        if !self.addresses.knows_program() && view.role(instruction) != Role::Jump {
            let address = view.address_operand(instruction);
            let address = address.and_then(|n| view.operands(instruction).nth(n));
            self.addresses.note_program(address.and_then(|value| view.type_of(value)));
        }
    }
}
