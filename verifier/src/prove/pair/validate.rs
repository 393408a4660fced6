//! Every id in range, every block terminated.
//!
//! After this, indexing a model by its own ids cannot fail.

use crate::model::{Action, After, Before, Block, Edge, Location};
use crate::unsupported::Unsupported;

/// Checks the before program.
pub(super) fn before(program: &Before) -> Result<(), Unsupported> {
    const PROGRAM: &str = "before";
    if let Some(misuse) = program.misuse() {
        return Err(Unsupported::Misbuilt { program: PROGRAM, misuse });
    }
    if program.block_count() == 0 {
        return Err(Unsupported::Empty { program: PROGRAM });
    }
    if !program.mentions_only_values() {
        return Err(dangling_value(program));
    }
    for block in (0..program.block_count()).map(Block::new) {
        let shape = Shape { program: PROGRAM, blocks: program.block_count() };
        let name = |block| program.block_name(block).to_string();
        shape.terminator(program.is_terminated(block), || name(block))?;
        for edge in program.edges(block) {
            shape.target(edge, block)?;
            shape.arguments(edge, program.params(edge.target).len(), || {
                (name(block), name(edge.target))
            })?;
        }
    }
    Ok(())
}

/// The first value that is mentioned and does not exist.
fn dangling_value(program: &Before) -> Unsupported {
    for block in (0..program.block_count()).map(Block::new) {
        let operations = program.operations(block).map(|id| program.operation(id));
        let params = program.params(block).iter();
        let mentioned = params
            .chain(operations.flat_map(|operation| operation.uses.iter().chain(operation.defs)))
            .chain(program.edges(block).flat_map(|edge| edge.arguments));
        let mut mentioned = mentioned.filter(|value| value.index() >= program.value_count());
        if let Some(value) = mentioned.next() {
            return Unsupported::dangling("before", format!("{value:?}"), block);
        }
    }
    // It is mentioned outside of any block.
    Unsupported::dangling("before", "a value".to_owned(), Block::new(0))
}

/// Checks the after program.
pub(crate) fn after(program: &After) -> Result<(), Unsupported> {
    const PROGRAM: &str = "after";
    if let Some(misuse) = program.misuse() {
        return Err(Unsupported::Misbuilt { program: PROGRAM, misuse });
    }
    if program.block_count() == 0 {
        return Err(Unsupported::Empty { program: PROGRAM });
    }
    if !program.mentions_only_locations() {
        return Err(dangling_location(program));
    }
    if let Some(at) = program.repeated_location() {
        let location = program.display_location(at).to_string();
        return Err(Unsupported::RepeatedLocation { location });
    }
    // The block that last listed each location as a parameter.
    let mut param_of: Vec<usize> = Vec::new();
    for block in (0..program.block_count()).map(Block::new) {
        for &param in program.params(block) {
            if param_of.is_empty() {
                param_of.resize(program.location_count(), usize::MAX);
            }
            let listed = std::mem::replace(&mut param_of[param.index()], block.index());
            if listed == block.index() || program.cell(param).is_some() {
                let block = program.block_name(block).to_string();
                return Err(Unsupported::Parameter { block });
            }
        }
        let shape = Shape { program: PROGRAM, blocks: program.block_count() };
        let name = |block| program.block_name(block).to_string();
        shape.terminator(program.is_terminated(block), || name(block))?;
        for edge in program.edges(block) {
            shape.target(edge, block)?;
            shape.arguments(edge, program.params(edge.target).len(), || {
                (name(block), name(edge.target))
            })?;
        }
    }
    Ok(())
}

/// Checks that each of these blocks of *after* has an existing block of *before* as its
/// counterpart, or none.
pub(super) fn counterpart(
    before: &Before,
    after: &After,
    blocks: &[Block],
) -> Result<(), Unsupported> {
    for &block in blocks {
        if let Some(counterpart) = after.counterpart(block)
            && counterpart.index() >= before.block_count()
        {
            return Err(Unsupported::dangling(
                "after",
                format!("counterpart {counterpart:?}"),
                block,
            ));
        }
    }
    Ok(())
}

/// The first location that is mentioned and does not exist.
fn dangling_location(program: &After) -> Unsupported {
    let dangling = |at: &Location| at.index() >= program.location_count();
    for block in (0..program.block_count()).map(Block::new) {
        let instructions = program.instructions(block).map(|id| program.instruction(id));
        let mut mentioned = program.params(block).to_vec();
        for &action in instructions.flat_map(|instruction| instruction.actions) {
            match action {
                Action::Use { at, .. }
                | Action::Define { at, .. }
                | Action::Null { at }
                | Action::Clobber { at } => mentioned.push(at),
                Action::Move { from, to } => mentioned.extend([from, to]),
                Action::Safepoint { roots } => mentioned.extend(program.roots(roots)),
            }
        }
        mentioned.extend(program.edges(block).flat_map(|edge| edge.arguments));
        if let Some(at) = mentioned.into_iter().find(dangling) {
            return Unsupported::dangling("after", format!("{at:?}"), block);
        }
    }
    // It is mentioned outside of any block.
    Unsupported::dangling("after", "a location".to_owned(), Block::new(0))
}

/// Checks the edges of a program.
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
