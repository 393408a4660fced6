//! The results of operations that are references, and those that are null.

use std::collections::BTreeSet;

use stackmap_verifier::model::{Before, Block, OperationId, OperationKind, Value};

/// Returns the values that may be references: those that are declared and not null constants,
/// and those that receive one by an edge or a forwarding operation of a reachable block.
pub(super) fn may_be(before: &Before, declared: &[Value]) -> BTreeSet<Value> {
    let reachable = reachable(before);
    let nulls = nulls(before);
    let mut may: BTreeSet<Value> =
        declared.iter().copied().filter(|value| !nulls.contains(value)).collect();
    loop {
        let known = may.len();
        for &block in &reachable {
            for id in before.operations(block) {
                let operation = before.operation(id);
                let passes = match operation.kind {
                    OperationKind::Forwards { first } => {
                        operation.uses.iter().skip(usize::from(first)).any(|u| may.contains(u))
                    }
                    OperationKind::Plain | OperationKind::Safepoint | OperationKind::Null => false,
                };
                if passes {
                    may.extend(operation.defs);
                }
            }
            for edge in before.edges(block) {
                for (param, arg) in before.params(edge.target).iter().zip(edge.arguments) {
                    if may.contains(arg) {
                        may.insert(*param);
                    }
                }
            }
        }
        if may.len() == known {
            return may;
        }
    }
}

/// The null constants.
fn nulls(before: &Before) -> BTreeSet<Value> {
    let operations = (0..before.operation_count()).map(OperationId::new);
    let operations = operations.map(|id| before.operation(id));
    operations.filter(|o| o.kind == OperationKind::Null).flat_map(|o| o.defs).copied().collect()
}

/// Whether some block parameter may be a reference and is not declared to be one. It may
/// be one on one path, and none on another.
pub(super) fn has_undeclared_param(before: &Before, declared: &[Value]) -> bool {
    let may = may_be(before, declared);
    let blocks = (0..before.block_count()).map(Block::new);
    let mut params = blocks.flat_map(|block| before.params(block));
    params.any(|param| may.contains(param) && !declared.contains(param))
}

fn reachable(before: &Before) -> BTreeSet<Block> {
    let mut reachable = BTreeSet::new();
    let mut work = vec![Block::new(0)];
    while let Some(block) = work.pop() {
        if reachable.insert(block) {
            work.extend(before.edges(block).map(|edge| edge.target));
        }
    }
    reachable
}
