//! Every id in range, every block terminated, every value defined once.
//!
//! After this, indexing a model by its own ids cannot fail.

use fixedbitset::FixedBitSet;

use crate::model::{Action, After, Before, Block, Edge, Location, LocationKind, Value};
use crate::unsupported::Unsupported;

/// Checks the before program.
pub(super) fn before(program: &Before) -> Result<(), Unsupported> {
    const PROGRAM: &str = "before";
    if program.block_count() == 0 {
        return Err(Unsupported::Empty { program: PROGRAM });
    }
    let mut defined = FixedBitSet::with_capacity(program.value_count());
    let exists = |value: Value, block| match value.index() < program.value_count() {
        true => Ok(()),
        false => Err(Unsupported::dangling(PROGRAM, format!("{value:?}"), block)),
    };
    let mut define = |value: Value, block| {
        exists(value, block)?;
        match defined.put(value.index()) {
            false => Ok(()),
            true => Err(Unsupported::DefinedTwice { value: program.value_name(value).to_string() }),
        }
    };
    for block in (0..program.block_count()).map(Block::new) {
        for &param in program.params(block) {
            define(param, block)?;
        }
        for id in program.operations(block) {
            let operation = program.operation(id);
            operation.uses.iter().try_for_each(|&value| exists(value, block))?;
            operation.defs.iter().try_for_each(|&value| define(value, block))?;
        }
        let shape = Shape { program: PROGRAM, blocks: program.block_count() };
        let name = |block| program.block_name(block).to_string();
        shape.terminator(program.is_terminated(block), || name(block))?;
        for edge in program.edges(block) {
            shape.target(edge, block)?;
            edge.arguments.iter().try_for_each(|&argument| exists(argument, block))?;
            shape.arguments(edge, program.params(edge.target).len(), || {
                (name(block), name(edge.target))
            })?;
        }
    }
    Ok(())
}

/// Checks the after program.
pub(super) fn after(program: &After) -> Result<(), Unsupported> {
    const PROGRAM: &str = "after";
    if program.block_count() == 0 {
        return Err(Unsupported::Empty { program: PROGRAM });
    }
    // The block that last listed each location as a parameter.
    let mut param_of = vec![usize::MAX; program.location_count()];
    let exists = |location: Location, block| match location.index() < program.location_count() {
        true => Ok(()),
        false => Err(Unsupported::dangling(PROGRAM, format!("{location:?}"), block)),
    };
    for block in (0..program.block_count()).map(Block::new) {
        for &param in program.params(block) {
            exists(param, block)?;
            let listed = std::mem::replace(&mut param_of[param.index()], block.index());
            let assignable = match program.location(param) {
                LocationKind::Value(_) | LocationKind::Register(_) => listed != block.index(),
                LocationKind::Cell(_) => false,
            };
            if !assignable {
                let block = program.block_name(block).to_string();
                return Err(Unsupported::Parameter { block });
            }
        }
        for id in program.instructions(block) {
            for &action in program.instruction(id).actions {
                match action {
                    Action::Use { at, .. } | Action::Define { at, .. } | Action::Clobber { at } => {
                        exists(at, block)?;
                    }
                    Action::Move { from, to } => {
                        exists(from, block)?;
                        exists(to, block)?;
                    }
                    Action::Safepoint { roots } => {
                        program.roots(roots).iter().try_for_each(|&root| exists(root, block))?;
                    }
                }
            }
        }
        let shape = Shape { program: PROGRAM, blocks: program.block_count() };
        let name = |block| program.block_name(block).to_string();
        shape.terminator(program.is_terminated(block), || name(block))?;
        for edge in program.edges(block) {
            shape.target(edge, block)?;
            edge.arguments.iter().try_for_each(|&argument| exists(argument, block))?;
            shape.arguments(edge, program.params(edge.target).len(), || {
                (name(block), name(edge.target))
            })?;
        }
    }
    Ok(())
}

/// What both programs' edges must look like.
struct Shape {
    program: &'static str,
    blocks: usize,
}

impl Shape {
    fn terminator(
        &self,
        is_terminated: bool,
        block: impl FnOnce() -> String,
    ) -> Result<(), Unsupported> {
        match is_terminated {
            true => Ok(()),
            false => Err(Unsupported::NoTerminator { program: self.program, block: block() }),
        }
    }

    fn target<O>(&self, edge: Edge<'_, O>, from: Block) -> Result<(), Unsupported> {
        match edge.target.index() < self.blocks {
            true => Ok(()),
            false => Err(Unsupported::dangling(self.program, format!("{:?}", edge.target), from)),
        }
    }

    fn arguments<O>(
        &self,
        edge: Edge<'_, O>,
        wanted: usize,
        names: impl FnOnce() -> (String, String),
    ) -> Result<(), Unsupported> {
        let given = edge.arguments.len();
        if given == wanted {
            return Ok(());
        }
        let (from, to) = names();
        Err(Unsupported::ArgumentCount { program: self.program, from, to, given, wanted })
    }
}
