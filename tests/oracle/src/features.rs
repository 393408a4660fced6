//! The features of generated programs, so that a test can require them.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::model::{OperationKind, SlotOwner};

use crate::generate::{dominators, reachable, references};
use crate::program::{Pair, Place, Source};

/// The features of a pair, by name.
pub fn features(pair: &Pair) -> BTreeSet<&'static str> {
    let source = &pair.before;
    let reachable = reachable(source);
    let dominators = dominators(source);
    let mut found = BTreeSet::new();
    let mut add = |name, has: bool| {
        if has {
            found.insert(name);
        }
    };
    let nulls: BTreeSet<usize> = source.nulls().collect();
    add("null", !nulls.is_empty());
    add("declared null", source.declared.iter().any(|v| nulls.contains(v)));
    let written = pair.after.blocks.iter().flat_map(|block| &block.instructions);
    let written: Vec<usize> = written.filter_map(|i| i.as_null()).collect();
    add("null put in a slot", written.iter().any(|&at| pair.after.is_cell(at)));
    add("null made again", written.iter().any(|&at| !pair.after.is_cell(at)));
    let mut entered = vec![0; source.blocks.len()];
    for (to, _) in source.blocks.iter().flat_map(|block| &block.edges) {
        entered[*to] += 1;
    }
    add("unreachable block", reachable.count_ones() as usize != source.blocks.len());
    add("irreducible loop", is_irreducible(source, reachable, &dominators));
    add("nested loops", has_nested_loops(source, reachable, &dominators));
    add("undeclared reference", references(source).count_ones() as usize > source.declared.len());
    for (b, block) in source.blocks.iter().enumerate().filter(|(b, _)| reachable >> b & 1 == 1) {
        add("empty block", block.operations.is_empty());
        add("block parameter", b > 0 && !block.params.is_empty());
        add("br_table", block.edges.len() > 2 && !block.ends_in_call());
        add("try_call", block.ends_in_call());
        for (e, (to, args)) in block.edges.iter().enumerate() {
            let twins = block.edges[..e].iter().filter(|other| other.0 == *to);
            add("duplicate successor", twins.clone().any(|other| other.1 != *args));
            add("critical edge", block.edges.len() > 1 && entered[*to] > 1);
            add("self loop", *to == b);
            add("back edge to the entry", *to == 0 && !args.is_empty());
            let declared = |v: &usize| source.declared.contains(v);
            let mut bound = source.blocks[*to].params.iter().zip(args);
            let is_null = |v: &usize| nulls.contains(v);
            add(
                "null to a declared parameter",
                bound.clone().any(|(p, a)| declared(p) && is_null(a)),
            );
            add(
                "null to an undeclared parameter",
                bound.clone().any(|(p, a)| !declared(p) && is_null(a)),
            );
            let is_number = |v: &usize| !declared(v) && !is_null(v);
            add("number to a declared parameter", bound.any(|(p, a)| declared(p) && is_number(a)));
        }
        for operation in &block.operations {
            let forwards = |n| operation.kind == OperationKind::Forwards { first: n };
            add("forwards all", forwards(0));
            let is_declared = |v: &usize| source.declared.contains(v);
            let condition = operation.uses.first().is_some_and(is_declared);
            let arms = operation.forwarded().iter().any(is_declared);
            add("reference selected", forwards(1) && arms);
            add("reference as condition", forwards(1) && condition && !arms);
            add("several results", operation.defs.len() > 1);
        }
    }
    add("split-edge block", pair.after.blocks.iter().any(|block| block.counterpart.is_none()));
    add("slot of the program", pair.after.slots.iter().any(|s| s.owner == SlotOwner::Program));
    add("escaping slot", pair.after.slots.iter().any(|slot| slot.escapes));
    add("partial overlap", has_partial_overlap(pair));
    let sizes: BTreeSet<u32> = pair.after.slots.iter().map(|slot| slot.size).collect();
    add("slots of several sizes", sizes.len() > 1);
    add("slot with two cells", pair.after.slots.iter().any(|slot| slot.size == 16));
    found
}

/// Whether two cells share some bytes but not all.
fn has_partial_overlap(pair: &Pair) -> bool {
    let cells = |place: &Place| match *place {
        Place::Cell { slot, offset, size } => Some((slot, offset, offset + size)),
        Place::Value(_) | Place::Register(_) => None,
    };
    let cells: Vec<(usize, u32, u32)> = pair.after.places.iter().filter_map(cells).collect();
    cells.iter().any(|one| {
        let shares =
            |other: &&(usize, u32, u32)| other.0 == one.0 && other.1 < one.2 && one.1 < other.2;
        cells.iter().filter(shares).any(|other| other != one)
    })
}

/// Whether a loop, entered by an edge back to its head, has another one inside.
pub fn has_nested_loops(source: &Source, reachable: u64, dominators: &[u64]) -> bool {
    // By head: the blocks from which an edge back to it is reached without it.
    let mut loops: BTreeMap<usize, u64> = BTreeMap::new();
    for (b, block) in source.blocks.iter().enumerate() {
        for &(head, _) in &block.edges {
            if reachable >> b & 1 == 1 && dominators[b] >> head & 1 == 1 {
                *loops.entry(head).or_default() |= 1 << head | body(source, head, b);
            }
        }
    }
    let inside = |head: usize, of: usize| head != of && loops[&of] >> head & 1 == 1;
    loops.keys().any(|&head| loops.keys().any(|&of| inside(head, of)))
}

/// The blocks that lead to `latch` and not through `head`.
fn body(source: &Source, head: usize, latch: usize) -> u64 {
    let mut body = if latch == head { 0 } else { 1 << latch };
    loop {
        let before = body;
        for (b, block) in source.blocks.iter().enumerate().filter(|(b, _)| *b != head) {
            if block.edges.iter().any(|edge| body >> edge.0 & 1 == 1) {
                body |= 1 << b;
            }
        }
        if body == before {
            return body;
        }
    }
}

/// Whether a cycle is left when the edges back to a dominator are taken out.
pub fn is_irreducible(source: &Source, reachable: u64, dominators: &[u64]) -> bool {
    // Blocks that some walk along the other edges can go on from forever.
    let mut endless = reachable;
    loop {
        let before = endless;
        for (b, block) in source.blocks.iter().enumerate() {
            let forward = block.edges.iter().filter(|edge| dominators[b] >> edge.0 & 1 == 0);
            if !forward.into_iter().any(|edge| endless >> edge.0 & 1 == 1) {
                endless &= !(1 << b);
            }
        }
        if endless == before {
            return endless != 0;
        }
    }
}
