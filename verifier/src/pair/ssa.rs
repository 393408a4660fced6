//! Every use is dominated by its definition.
//!
//! The proof reads "the instance `v` names here" off a path, so `v` must be
//! defined on every path that gets here.

use crate::cfg::{Cfg, Dominators};
use crate::model::{Before, Block, Value};
use crate::unsupported::Unsupported;

/// Where a value is defined: its block and its place in it, parameters first.
#[derive(Clone, Copy)]
struct Definition {
    block: Block,
    position: u32,
}

/// Checks the reachable blocks of the before program.
///
/// Cost: linear in the program.
pub(super) fn check(program: &Before) -> Result<(), Unsupported> {
    let cfg = Cfg::new(
        (0..program.block_count()).map(|b| program.edges(Block::new(b)).map(|e| e.target)),
    );
    let blocks = cfg.post_order();
    let order = Dominators::new(&cfg, &blocks);
    let mut definitions: Vec<Option<Definition>> = vec![None; program.value_count()];
    for &block in &blocks {
        for &param in program.params(block) {
            definitions[param.index()] = Some(Definition { block, position: 0 });
        }
        for (id, position) in program.operations(block).zip(1..) {
            for &value in program.operation(id).defs {
                definitions[value.index()] = Some(Definition { block, position });
            }
        }
    }
    let check = |value: Value, block: Block, position: u32| {
        let defined =
            definitions[value.index()].is_some_and(|definition| match definition.block == block {
                true => definition.position < position,
                false => order.dominates(definition.block, block),
            });
        match defined {
            true => Ok(()),
            false => Err(Unsupported::UndefinedUse {
                value: program.value_name(value).to_string(),
                block: program.block_name(block).to_string(),
            }),
        }
    };
    for &block in &blocks {
        for (id, position) in program.operations(block).zip(1..) {
            program.operation(id).uses.iter().try_for_each(|&v| check(v, block, position))?;
        }
        for edge in program.edges(block) {
            edge.arguments.iter().try_for_each(|&v| check(v, block, u32::MAX))?;
        }
    }
    Ok(())
}
