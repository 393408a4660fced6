//! Few and many slots, safepoints, and blocks between them.

use cranelift_codegen::ir::Value;

use super::root;
use crate::program::Program;

/// The number of instructions in a block, in families whose subject is not the blocks.
const BLOCK: usize = 100;

pub(super) fn few(program: &mut Program<'_>, mut number: Value, size: usize) -> Value {
    let live = program.load_references(4);
    let mut turn = 0;
    while program.len() < size {
        let (block, params) = program.block(1, 0);
        program.jump(block, &[number]);
        program.enter(block);
        number = params[0];
        let end = program.len() + BLOCK;
        while program.len() < end {
            program.poll();
            number = program.read(live[turn % live.len()], number);
            turn += 1;
        }
    }
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}

pub(super) fn many(program: &mut Program<'_>, mut number: Value, size: usize) -> Value {
    let live = program.load_references(root(size));
    let safepoints = 4 * root(size);
    // The references are made at the beginning and read at the end, which takes
    // three instructions each.
    let between = size.saturating_sub(3 * live.len()) / safepoints;
    for turn in 0..safepoints {
        let (block, params) = program.block(1, 0);
        program.jump(block, &[number]);
        program.enter(block);
        program.poll();
        number = program.read(live[turn % live.len()], params[0]);
        number = program.compute(number, between.saturating_sub(4));
    }
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}

pub(super) fn idle(program: &mut Program<'_>, number: Value, size: usize) -> Value {
    let live = program.load_references(root(size));
    program.poll();
    let size = size.saturating_sub(2 * live.len());
    let number =
        plain_diamonds(program, number, size, |program, number| program.compute(number, 4));
    program.poll();
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}

pub(super) fn no_safepoint(program: &mut Program<'_>, number: Value, size: usize) -> Value {
    plain_diamonds(program, number, size, |program, number| {
        let reference = program.load_reference(24);
        program.read(reference, number)
    })
}

/// A chain of diamonds, with something in one arm of each.
fn plain_diamonds<'f>(
    program: &mut Program<'f>,
    mut number: Value,
    size: usize,
    mut arm: impl FnMut(&mut Program<'f>, Value) -> Value,
) -> Value {
    while program.len() < size {
        let (left, _) = program.block(0, 0);
        let (right, _) = program.block(0, 0);
        let (join, joined) = program.block(1, 0);
        program.branch(number, (left, &[]), (right, &[]));
        program.enter(left);
        let computed = arm(program, number);
        program.jump(join, &[computed]);
        program.enter(right);
        let computed = program.compute(number, 4);
        program.jump(join, &[computed]);
        program.enter(join);
        number = program.compute(joined[0], 10);
    }
    number
}
