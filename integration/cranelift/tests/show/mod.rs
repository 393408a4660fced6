//! Prints models without origins.

use std::fmt::{self, Write};

use stackmap_verifier::model::{Action, After, Before, Block};

pub(crate) fn before(program: &Before) -> String {
    let mut out = String::new();
    write_before(&mut out, program).unwrap();
    out
}

pub(crate) fn after(program: &After) -> String {
    let mut out = String::new();
    write_after(&mut out, program).unwrap();
    out
}

fn write_before(out: &mut String, program: &Before) -> fmt::Result {
    for index in 0..program.value_count() {
        let value = stackmap_verifier::model::Value::new(index);
        writeln!(out, "{value:?} {}", program.value_name(value))?;
    }
    for block in (0..program.block_count()).map(Block::new) {
        let (name, params) = (program.block_name(block), program.params(block));
        writeln!(out, "{block:?} {name} {params:?} {}", program.is_terminated(block))?;
        for id in program.operations(block) {
            let operation = program.operation(id);
            let (kind, uses, defs) = (operation.kind, operation.uses, operation.defs);
            writeln!(out, "  {id:?} {kind:?} {uses:?} -> {defs:?}")?;
        }
        for edge in program.edges(block) {
            writeln!(out, "  edge {:?} {:?}", edge.target, edge.arguments)?;
        }
    }
    Ok(())
}

fn write_after(out: &mut String, program: &After) -> fmt::Result {
    for location in program.locations() {
        let kind = program.location(location);
        writeln!(out, "{location:?} {kind:?}")?;
    }
    for slot in program.slots() {
        let escapes = slot.escapes.is_some();
        writeln!(out, "{} {} {:?} {escapes}", slot.name, slot.size, slot.owner)?;
    }
    for block in (0..program.block_count()).map(Block::new) {
        let (name, params) = (program.block_name(block), program.params(block));
        let (counterpart, ended) = (program.counterpart(block), program.is_terminated(block));
        writeln!(out, "{block:?} {name} {counterpart:?} {params:?} {ended}")?;
        for id in program.instructions(block) {
            let instruction = program.instruction(id);
            writeln!(out, "  {id:?} {}", instruction.performs)?;
            for &action in instruction.actions {
                match action {
                    Action::Safepoint { roots } => {
                        writeln!(out, "    Safepoint {:?}", program.roots(roots))?;
                    }
                    Action::Use { .. }
                    | Action::Define { .. }
                    | Action::Move { .. }
                    | Action::Null { .. }
                    | Action::Clobber { .. } => writeln!(out, "    {action:?}")?,
                }
            }
        }
        for edge in program.edges(block) {
            writeln!(out, "  edge {:?} {:?}", edge.target, edge.arguments)?;
        }
    }
    Ok(())
}
