//! From the verifier's models back to pairs that can be edited.

use stackmap_verifier::model::{Action, After, Before, Block, LocationKind, Name, Value};

use crate::program::{
    Act, Built, Instruction, Operation, Pair, Place, Source, SourceBlock, StackSlot, Target,
    TargetBlock,
};

impl Pair {
    /// Returns the pair of these models. Names and origins are left out, so two pairs are equal
    /// if their models differ in nothing else.
    pub fn of(built: &Built) -> Pair {
        let mut before = source(&built.before);
        before.declared = built.declared.iter().map(|value| value.index()).collect();
        Pair { before, after: target(&built.after) }
    }
}

fn source(before: &Before) -> Source {
    let mut source = Source { values: before.value_count(), ..Source::default() };
    for block in (0..before.block_count()).map(Block::new) {
        let operations = before.operations(block).map(|id| {
            let operation = before.operation(id);
            let numbers = |values: &[Value]| values.iter().map(|value| value.index()).collect();
            let (uses, defs) = (numbers(operation.uses), numbers(operation.defs));
            Operation { kind: operation.kind, uses, defs }
        });
        let edges = before.edges(block).map(|edge| {
            (edge.target.index(), edge.arguments.iter().map(|value| value.index()).collect())
        });
        source.blocks.push(SourceBlock {
            params: before.params(block).iter().map(|value| value.index()).collect(),
            operations: operations.collect(),
            edges: edges.collect(),
        });
    }
    source
}

fn target(after: &After) -> Target {
    let place = |(i, at)| match after.location(at) {
        LocationKind::Cell(cell) => {
            Place::Cell { slot: cell.slot.index(), offset: cell.offset, size: cell.size }
        }
        LocationKind::Value(name) => Place::Value(number(&name, i)),
        LocationKind::Register(name) => Place::Register(number(&name, i)),
    };
    let slots = after.slots().iter().map(|slot| StackSlot {
        size: slot.size,
        owner: slot.owner,
        escapes: slot.escapes.is_some(),
    });
    let mut target = Target {
        places: (0..).zip(after.locations()).map(place).collect(),
        slots: slots.collect(),
        blocks: Vec::new(),
    };
    for block in (0..after.block_count()).map(Block::new) {
        let instructions = after.instructions(block).map(|id| {
            let instruction = after.instruction(id);
            let acts = instruction.actions.iter().map(|&action| act(after, action)).collect();
            Instruction { performs: instruction.performs, acts }
        });
        let edges = after.edges(block).map(|edge| {
            (edge.target.index(), edge.arguments.iter().map(|at| at.index()).collect())
        });
        target.blocks.push(TargetBlock {
            counterpart: after.counterpart(block).map(|counterpart| counterpart.index()),
            params: after.params(block).iter().map(|at| at.index()).collect(),
            instructions: instructions.collect(),
            edges: edges.collect(),
        });
    }
    target
}

fn act(after: &After, action: Action) -> Act {
    match action {
        Action::Use { operand, at } => Act::Use { operand, at: at.index() },
        Action::Define { result, at } => Act::Define { result, at: at.index() },
        Action::Move { from, to } => Act::Move { from: from.index(), to: to.index() },
        Action::Null { at } => Act::Null { at: at.index() },
        Action::Clobber { at } => Act::Clobber { at: at.index() },
        Action::Safepoint { roots } => {
            Act::Safepoint { roots: after.roots(roots).iter().map(|root| root.index()).collect() }
        }
    }
}

/// Returns the number in a name. A name without a number (that of a result that exists on an
/// edge only) gets one that is far from the others.
fn number(name: &Name, index: u32) -> u32 {
    match name {
        Name::Numbered(_, number) => *number,
        Name::Text(_) => u32::MAX - index,
    }
}
