//! Under a collector that does not move objects, a `bitcast` of a reference is a copy of it.
//!
//! Its result has the same bits, and objects stay in place: a root that holds one of the two
//! keeps the other, too. So a pair may be right in which the two are different values and a
//! root holds only one of them. This module transforms a pair so that the result is another
//! name of its operand: where *before* reads the result it reads the operand, and where *after*
//! makes the result it copies the operand from the location it reads.
//!
//! This does not change the meaning of *before*. In SSA form the operand's definition dominates
//! the result's, which dominates each use of the result. On a path from the operand's last
//! definition to such a use, the result is defined as well. So at the use, the operand is the
//! instance from which the result was made.
//!
//! A result that is declared is left alone if the operand is neither declared nor null:
//! it is a reference, and the operand need not be.

use rustc_hash::FxHashSet;

use crate::model::{
    Action, After, AfterBuilder, Before, BeforeBuilder, Block, InstructionId, Operation,
    OperationId, OperationKind, Value,
};
use crate::prove::pair::{Declared, Expected, NotAPair, Pair};

/// A pair in which some values are replaced by the values they are copies of.
pub(crate) struct Copied {
    before: Before,
    declared: Vec<Value>,
    expected: Vec<Expected>,
    after: After,
}

impl Copied {
    /// Returns the renamed pair; `None` if there is nothing to rename.
    ///
    /// Cost: linear in the pair.
    pub(crate) fn new(pair: &Pair<'_>) -> Option<Self> {
        let names = Names::new(pair)?;
        let values = (0..pair.before().value_count()).map(Value::new);
        let is_named = |value: Value| names.parent(value).is_none();
        let is_declared = |&value: &Value| {
            pair.is_declared(value) && pair.expectation(value).is_none() && is_named(value)
        };
        let expected = pair.undeclared().iter().filter(|expected| is_named(expected.value));
        Some(Copied {
            before: before(pair.before(), &names),
            declared: values.filter(is_declared).collect(),
            expected: expected.map(|&expected| expected.clone()).collect(),
            after: after(pair.before(), pair.after(), &names),
        })
    }

    /// Puts the two programs together again.
    ///
    /// # Errors
    ///
    /// As [`Pair::new`].
    pub(crate) fn pair(&self) -> Result<Pair<'_>, NotAPair> {
        Pair::expecting(&self.before, self.references(), &self.after)
    }

    /// Returns the values that are references to begin with.
    pub(crate) fn references(&self) -> Declared<'_, '_> {
        Declared { values: &self.declared, expected: &self.expected }
    }
}

/// For each value, the value of which it is another name.
struct Names(Vec<Option<Value>>);

impl Names {
    fn new(pair: &Pair<'_>) -> Option<Self> {
        let before = pair.before();
        let mut parents = vec![None; before.value_count()];
        let nulls: FxHashSet<Value> = before.nulls().iter().copied().collect();
        for &(_, id) in before.forwarding() {
            let operation = before.operation(id);
            let (Some(from), &[to]) = (only_source(operation), operation.defs) else { continue };
            let is_like = |value| pair.is_declared(value) || nulls.contains(&value);
            if pair.references().may_be(to) && (!pair.is_declared(to) || is_like(from)) {
                parents[to.index()] = Some(from);
            }
        }
        parents.iter().any(Option::is_some).then_some(Names(parents))
    }

    fn parent(&self, value: Value) -> Option<Value> {
        self.0.get(value.index()).copied().flatten()
    }

    /// Returns the value that a name finally stands for.
    fn of(&self, value: Value) -> Value {
        let mut root = value;
        // Blocks that are never reached may define values by each other.
        for _ in 0..self.0.len() {
            match self.parent(root) {
                Some(parent) => root = parent,
                None => break,
            }
        }
        root
    }

    fn all(&self, values: &[Value]) -> Vec<Value> {
        values.iter().map(|&value| self.of(value)).collect()
    }

    /// Whether an operation only defines another name.
    fn is_copy(&self, operation: Operation<'_>) -> bool {
        let is_name = |&value| self.parent(value).is_some();
        only_source(operation).is_some() && operation.defs.iter().all(is_name)
    }
}

/// Returns the only value that the results can be copies of, if there is one.
fn only_source(operation: Operation<'_>) -> Option<Value> {
    let (&first, others) = operation.forwarded().split_first()?;
    others.iter().all(|&other| other == first).then_some(first)
}

fn before(before: &Before, names: &Names) -> Before {
    let mut builder = BeforeBuilder::new();
    for value in (0..before.value_count()).map(Value::new) {
        builder.value(before.value_name(value));
    }
    for block in (0..before.block_count()).map(Block::new) {
        let (name, origin) = (before.block_name(block), before.block_origin(block));
        builder.block(name, origin, before.params(block));
        for id in before.operations(block) {
            let operation = before.operation(id);
            let uses = names.all(operation.uses);
            let origin = before.operation_origin(id);
            match names.is_copy(operation) {
                true => builder.operation(OperationKind::Plain, &uses, &[], origin),
                false => builder.operation(operation.kind, &uses, operation.defs, origin),
            };
        }
        let edges: Vec<(Block, Vec<Value>)> =
            before.edges(block).map(|edge| (edge.target, names.all(edge.arguments))).collect();
        builder.leave(edges.iter().map(|(target, arguments)| (*target, arguments.as_slice())));
    }
    builder.finish()
}

fn after(before: &Before, after: &After, names: &Names) -> After {
    let mut builder = AfterBuilder::new();
    for slot in after.slots() {
        builder.slot(slot.clone());
    }
    for at in after.locations() {
        builder.location(after.location(at));
    }
    for block in (0..after.block_count()).map(Block::new) {
        let counterpart = after.counterpart(block);
        let (name, origin) = (after.block_name(block), after.block_origin(block));
        builder.block(name, origin, counterpart, after.params(block));
        let mut operations =
            counterpart.map(|block| before.operations(block)).into_iter().flatten();
        for id in after.instructions(block) {
            let performed = after.instruction(id).performs.then(|| operations.next()).flatten();
            instruction(&mut builder, before, after, names, id, performed);
        }
        builder.leave(after.edges(block).map(|edge| (edge.target, edge.arguments)));
    }
    builder.finish()
}

fn instruction(
    builder: &mut AfterBuilder,
    before: &Before,
    after: &After,
    names: &Names,
    id: InstructionId,
    performed: Option<OperationId>,
) {
    let instruction = after.instruction(id);
    builder.instruction(instruction.performs, after.instruction_origin(id));
    let copied = performed
        .map(|operation| before.operation(operation))
        .filter(|&operation| names.is_copy(operation))
        .and_then(|operation| match operation.kind {
            OperationKind::Forwards { first } => Some(u32::from(first)),
            OperationKind::Plain | OperationKind::Safepoint | OperationKind::Null => None,
        });
    let source = instruction.actions.iter().find_map(|&action| match action {
        Action::Use { operand, at } if Some(operand) == copied => Some(at),
        Action::Use { .. }
        | Action::Define { .. }
        | Action::Move { .. }
        | Action::Null { .. }
        | Action::Clobber { .. }
        | Action::Safepoint { .. } => None,
    });
    for &action in instruction.actions {
        match (action, source) {
            (Action::Safepoint { roots }, _) => builder.safepoint(after.roots(roots)),
            (Action::Define { at, .. }, Some(from)) => {
                builder.action(Action::Move { from, to: at });
            }
            (
                Action::Use { .. }
                | Action::Define { .. }
                | Action::Move { .. }
                | Action::Null { .. }
                | Action::Clobber { .. },
                _,
            ) => builder.action(action),
        }
    }
}
