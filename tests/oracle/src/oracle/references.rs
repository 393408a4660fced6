//! Which results of operations are references.

use std::collections::BTreeSet;

use stackmap_verifier::model::{Before, Block, OperationKind, Value};

/// The values that may be references: declared, or handed on from one by an edge
/// or a forwarding operation of a block that can be reached.
pub(super) fn may_be(before: &Before, declared: &[Value]) -> BTreeSet<Value> {
    let reachable = reachable(before);
    let mut may: BTreeSet<Value> = declared.iter().copied().collect();
    loop {
        let known = may.len();
        for &block in &reachable {
            for id in before.operations(block) {
                let operation = before.operation(id);
                let passes = match operation.kind {
                    OperationKind::Forwards { first } => {
                        operation.uses.iter().skip(usize::from(first)).any(|u| may.contains(u))
                    }
                    OperationKind::Plain | OperationKind::Safepoint => false,
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
