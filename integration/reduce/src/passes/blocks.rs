//! Joins blocks.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_clif::opcode::Class;

use crate::case::{Block, Case};
use crate::search::{Keep, Search};
use crate::sides::Side;
use crate::statement::{Argument, Edge, Statement};

/// Joins each block with the only one that jumps to it.
pub(crate) fn merge(search: &mut Search<'_>) {
    let numbers: Vec<u32> = search.case.blocks.iter().map(|block| block.number).collect();
    search.remove(&numbers, Keep::Code, &|case, numbers| {
        let mut smaller = case.clone();
        let mut is_changed = false;
        for &number in numbers {
            if let Some(merged) = merged(&smaller, number) {
                smaller = merged;
                is_changed = true;
            }
        }
        is_changed.then_some(smaller)
    });
}

/// Returns the case with a block joined with the only one that jumps to it.
fn merged(case: &Case, number: u32) -> Option<Case> {
    let block = case.blocks.iter().find(|block| block.number == number)?;
    if case.entry()?.number == number {
        return None;
    }
    let mut from = None;
    for side in Side::BOTH {
        if block.heads.of(side).is_none() {
            continue;
        }
        let edges = case.blocks.iter().flat_map(|block| {
            let statements = block.rows.iter().filter_map(|row| row.sides.of(side));
            statements.flat_map(Statement::edges).map(|edge| (block.number, edge))
        });
        let mut edges = edges.filter(|(_, edge)| edge.target == number);
        let ((one, _), None) = (edges.next()?, edges.next()) else { return None };
        if *from.get_or_insert(one) != one || one == number {
            return None;
        }
    }
    let from = case.blocks.iter().position(|block| Some(block.number) == from)?;
    let last = case.blocks[from].rows.last()?.clone();
    let mut smaller = case.clone();
    for side in Side::BOTH {
        let (Some(head), Some(jump)) = (block.heads.of(side), last.sides.of(side)) else {
            if block.heads.of(side).is_some() != last.sides.of(side).is_some() {
                return None;
            }
            continue;
        };
        let edge = jump.edges().next().filter(|_| jump.class == Class::Jump)?;
        for (&param, argument) in head.params.iter().zip(&edge.arguments) {
            let Argument::Value(value) = argument else { return None };
            smaller.substitute(side, param, *value);
            if side == case.main_side() && smaller.declared.contains(&param) {
                smaller.declared.retain(|declared| declared != value);
                smaller.declared.push(*value);
            }
        }
    }
    let at = smaller.blocks.iter().position(|block| block.number == number)?;
    let rows = smaller.blocks.remove(at).rows;
    let from = smaller
        .blocks
        .iter_mut()
        .find(|block| Some(block.number) == Some(case.blocks[from].number))?;
    from.rows.pop();
    from.rows.extend(rows);
    Some(smaller)
}

/// Lets edges to blocks that do nothing but jump go where those jump.
pub(crate) fn thread(search: &mut Search<'_>) {
    let numbers: Vec<u32> = search.case.blocks.iter().map(|block| block.number).collect();
    search.remove(&numbers, Keep::Code, &|case, numbers| {
        let mut smaller = case.clone();
        let mut is_changed = false;
        for &number in numbers {
            if let Some(threaded) = threaded(&smaller, number) {
                smaller = threaded;
                is_changed = true;
            }
        }
        is_changed.then_some(smaller)
    });
}

fn threaded(case: &Case, number: u32) -> Option<Case> {
    let block = case.blocks.iter().find(|block| block.number == number)?;
    let [row] = &block.rows[..] else { return None };
    if case.entry()?.number == number || !row.is_terminator() {
        return None;
    }
    let mut smaller = case.clone();
    let params: BTreeSet<u32> = block.heads.iter().flat_map(|head| head.params.clone()).collect();
    if is_read_elsewhere(case, block, &params) {
        return None;
    }
    for side in Side::BOTH {
        let Some(head) = block.heads.of(side) else { continue };
        let jump = row.sides.of(side).filter(|jump| jump.class == Class::Jump)?;
        let next = jump.edges().next().filter(|edge| edge.target != number)?;
        for other in smaller.rows_mut() {
            let edges = other.sides.of_mut(side).into_iter().flat_map(Statement::edges_mut);
            for edge in edges.filter(|edge| edge.target == number) {
                let passed: BTreeMap<u32, Argument> =
                    head.params.iter().copied().zip(edge.arguments.drain(..)).collect();
                let arguments = next.arguments.iter().map(|argument| match argument {
                    Argument::Value(value) => passed.get(value).unwrap_or(argument).clone(),
                    Argument::Result(_) => argument.clone(),
                });
                *edge = Edge { target: next.target, arguments: arguments.collect() };
            }
        }
    }
    smaller.blocks.retain(|block| block.number != number);
    Some(smaller)
}

/// Returns whether another block reads one of these values.
fn is_read_elsewhere(case: &Case, block: &Block, values: &BTreeSet<u32>) -> bool {
    let others = case.blocks.iter().filter(|other| other.number != block.number);
    let rows = others.flat_map(|other| &other.rows);
    let mut read = rows.flat_map(|row| row.sides.iter()).flat_map(Statement::values);
    let aliased = case.heads.iter().flat_map(|head| &head.aliases).map(|(_, target)| target);
    read.any(|value| values.contains(&value)) || aliased.into_iter().any(|v| values.contains(v))
}
