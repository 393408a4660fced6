//! Models and certificates as text, for checkers other than
//! [`stackmap_verifier::certificate::check`]: the one that is extracted from the proof in
//! `verifier/proof` reads it.
//!
//! A file is [`HEADER`] and then functions: each a [`model`] and any number of
//! [`certificate`]s of it. `docs/certificates.md` says what each line means. Ids are
//! written as their dense indices, and names not at all, but for the function's.

use std::collections::HashMap;
use std::fmt::Write;

use stackmap_verifier::Collector;
use stackmap_verifier::certificate::{Certificate, Otherwise};
use stackmap_verifier::model::{
    Action, After, Before, Block, Edge, LocationKind, OperationKind, SlotOwner, Value,
};

/// The first line of a file: the kind of file, and the version of the format.
pub const HEADER: &str = "stackmap-certificates 1\n";

/// Appends a line: words, and then numbers.
fn line(out: &mut String, words: &str, numbers: impl IntoIterator<Item = usize>) {
    out.push_str(words);
    for number in numbers {
        // Writing to a string cannot fail.
        let _ = write!(out, " {number}");
    }
    out.push('\n');
}

/// Appends both programs, the declared values, and the collector.
///
/// Cost: linear in both programs.
pub fn model(
    out: &mut String,
    name: &str,
    before: &Before,
    declared: &[Value],
    after: &After,
    collector: Collector,
) {
    let collector = match collector {
        Collector::Moving => "moving",
        Collector::NonMoving => "non-moving",
    };
    line(out, &format!("function {collector} {}", name.escape_default()), []);
    line(out, "declared", declared.iter().map(|value| value.index()));
    places(out, after);
    for block in (0..before.block_count()).map(Block::new) {
        line(out, "before", before.params(block).iter().map(|value| value.index()));
        for id in before.operations(block) {
            let operation = before.operation(id);
            let kind = match operation.kind {
                OperationKind::Plain => "plain".to_owned(),
                OperationKind::Forwards { first } => format!("forwards-from-{first}"),
                OperationKind::Safepoint => "safepoint".to_owned(),
                OperationKind::Null => "null".to_owned(),
            };
            line(out, &format!("operation {kind}"), operation.uses.iter().map(|v| v.index()));
            line(out, "defines", operation.defs.iter().map(|value| value.index()));
        }
        exit(out, before.is_terminated(block), before.edges(block), Value::index);
    }
    for block in (0..after.block_count()).map(Block::new) {
        let params = after.params(block).iter().map(|at| at.index());
        match after.counterpart(block) {
            Some(counterpart) => line(out, &format!("after {}", counterpart.index()), params),
            None => line(out, "split-edge", params),
        }
        for id in after.instructions(block) {
            let instruction = after.instruction(id);
            line(out, if instruction.performs { "performs" } else { "inserted" }, []);
            instruction.actions.iter().for_each(|&act| action(out, after, act));
        }
        exit(out, after.is_terminated(block), after.edges(block), |at| at.index());
    }
}

/// Appends the slots, and the kind of each location. Values and registers are numbered by name.
fn places(out: &mut String, after: &After) {
    for slot in after.slots() {
        let owner = match slot.owner {
            SlotOwner::Program => "program",
            SlotOwner::Spiller => "spiller",
        };
        let known = if slot.escapes.is_some() { "escapes" } else { "known" };
        line(out, &format!("slot {owner} {known}"), [slot.size as usize]);
    }
    let mut names: HashMap<LocationKind, usize> = HashMap::new();
    for at in after.locations() {
        match after.cell(at) {
            Some(cell) => {
                let numbers = [cell.slot.index(), cell.offset as usize, cell.size as usize];
                line(out, "cell", numbers);
            }
            None => {
                let unused = names.len();
                line(out, "place", [*names.entry(after.location(at)).or_insert(unused)]);
            }
        }
    }
}

fn action(out: &mut String, after: &After, action: Action) {
    match action {
        Action::Use { operand, at } => line(out, "use", [operand as usize, at.index()]),
        Action::Define { result, at } => line(out, "define", [result as usize, at.index()]),
        Action::Move { from, to } => line(out, "move", [from.index(), to.index()]),
        Action::Null { at } => line(out, "null", [at.index()]),
        Action::Clobber { at } => line(out, "clobber", [at.index()]),
        Action::Safepoint { roots } => {
            line(out, "collect", after.roots(roots).iter().map(|at| at.index()));
        }
    }
}

fn exit<'e, O: Copy + 'e>(
    out: &mut String,
    is_terminated: bool,
    edges: impl Iterator<Item = Edge<'e, O>>,
    index: impl Fn(O) -> usize,
) {
    for Edge { target, arguments } in edges {
        let arguments = arguments.iter().map(|&argument| index(argument));
        line(out, &format!("edge {}", target.index()), arguments);
    }
    if is_terminated {
        line(out, "ends", []);
    }
}

/// Appends a certificate, and whether [`check`](stackmap_verifier::certificate::check()) accepts it.
///
/// Cost: linear in the certificate.
pub fn certificate(out: &mut String, certificate: &Certificate, is_accepted: bool) {
    line(out, "certificate", []);
    for reference in &certificate.references {
        let words = if reference.always { "reference always" } else { "reference sometimes" };
        line(out, words, [reference.value.index()]);
    }
    for entry in &certificate.blocks {
        line(out, "entry", [entry.block.index()]);
        if let Some((block, edge)) = entry.pending {
            line(out, "pending", [block.index(), edge.index()]);
        }
        entry.nulls.iter().for_each(|null| line(out, "means-null", [null.index()]));
        for claim in &entry.claims {
            let otherwise = match claim.fact.otherwise {
                Otherwise::Nothing => "nothing",
                Otherwise::Null => "null",
                Otherwise::Reference => "reference",
            };
            let values = claim.fact.values.iter().map(|value| value.index());
            line(out, &format!("claim {} or-{otherwise}", claim.at.index()), values);
        }
    }
    line(out, if is_accepted { "accepted" } else { "rejected" }, []);
}
