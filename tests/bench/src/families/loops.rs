//! Loops in loops.

use cranelift_codegen::ir::{Block, Value};

use crate::program::Program;

/// The approximate number of instructions of a level.
const LEVEL: usize = 12;

/// Nests of loops, one after the other.
///
/// Four references live through all of them, and each level has one of its own.
/// References that live through the levels inside theirs would make map entries grow
/// with the square of the depth.
pub(super) fn nested(
    program: &mut Program<'_>,
    mut number: Value,
    size: usize,
    depth: usize,
) -> Value {
    let live = program.load_references(4);
    let depth = depth.min(size / LEVEL).max(1);
    while program.len() + depth * LEVEL / 2 < size {
        number = nest(program, number, &live, depth);
    }
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}

fn nest(program: &mut Program<'_>, mut number: Value, live: &[Value], depth: usize) -> Value {
    let mut headers: Vec<Block> = Vec::with_capacity(depth);
    for _ in 0..depth {
        let (header, params) = program.block(1, 0);
        program.jump(header, &[number]);
        program.enter(header);
        let own = program.load_reference(16);
        program.poll();
        number = program.read(own, params[0]);
        number = program.compute(number, 2);
        headers.push(header);
    }
    while let Some(header) = headers.pop() {
        let (exit, params) = program.block(1, 0);
        number = program.read(live[headers.len() % live.len()], number);
        number = program.compute(number, 1);
        program.branch(number, (header, &[number]), (exit, &[number]));
        program.enter(exit);
        number = params[0];
    }
    number
}
