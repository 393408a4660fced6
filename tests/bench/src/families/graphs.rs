//! Graphs without nested loops.

use std::collections::VecDeque;

use cranelift_codegen::ir::Value;

use crate::program::Program;

/// The number of references that are live throughout.
const LIVE: usize = 8;

pub(super) fn straight(program: &mut Program<'_>, mut number: Value, size: usize) -> Value {
    let mut live: VecDeque<Value> = program.load_references(LIVE).into();
    while program.len() < size {
        live.push_back(program.allocate());
        number = program.compute(number, 7);
        if let Some(oldest) = live.pop_front() {
            number = program.read(oldest, number);
        }
    }
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}

pub(super) fn diamonds(program: &mut Program<'_>, mut number: Value, size: usize) -> Value {
    let mut live: VecDeque<Value> = program.load_references(LIVE / 2).into();
    while program.len() < size {
        let (calls, _) = program.block(0, 0);
        let (idles, _) = program.block(0, 0);
        let (join, joined) = program.block(1, 1);
        program.branch(number, (calls, &[]), (idles, &[]));

        program.enter(calls);
        program.poll();
        let made = program.allocate();
        let computed = program.compute(number, 4);
        program.jump(join, &[computed, made]);

        program.enter(idles);
        let kept = live[0];
        let computed = program.read(kept, number);
        program.jump(join, &[computed, kept]);

        program.enter(join);
        live.push_back(joined[1]);
        live.pop_front();
        number = program.read(live[1], joined[0]);
    }
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}

/// The most targets.
const TARGETS: usize = 10_000;

pub(super) fn switch(program: &mut Program<'_>, number: Value, size: usize) -> Value {
    let live = program.load_references(LIVE);
    let targets: Vec<_> =
        (0..TARGETS.min(size / 10).max(2)).map(|_| program.block(0, 0).0).collect();
    let (join, joined) = program.block(1, 1);
    program.switch(number, &targets);
    // The remaining size is divided equally among the arms.
    let each = size / targets.len();
    for (i, &target) in targets.iter().enumerate() {
        program.enter(target);
        let end = program.len() + each - 1;
        let mut number = program.compute(number, 1);
        while program.len() + 4 < end {
            program.poll();
            number = program.read(live[i % LIVE], number);
            number = program.compute(number, 3);
        }
        let made = if i % 2 == 0 { program.allocate() } else { live[i % LIVE] };
        program.jump(join, &[number, made]);
    }
    program.enter(join);
    let number = program.read(joined[1], joined[0]);
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}

pub(super) fn irreducible(program: &mut Program<'_>, mut number: Value, size: usize) -> Value {
    let live = program.load_references(LIVE / 2);
    while program.len() < size {
        let (left, in_left) = program.block(1, 1);
        let (right, in_right) = program.block(1, 1);
        let (exit, out) = program.block(1, 0);
        let arguments = [number, live[0]];
        program.branch(number, (left, &arguments), (right, &arguments));

        program.enter(left);
        program.poll();
        let computed = program.read(in_left[1], in_left[0]);
        program.branch(computed, (right, &[computed, live[1]]), (exit, &[computed]));

        program.enter(right);
        let made = program.allocate();
        let computed = program.read(in_right[1], in_right[0]);
        program.branch(computed, (left, &[computed, made]), (exit, &[computed]));

        program.enter(exit);
        number = program.read(live[2], out[0]);
    }
    live.into_iter().fold(number, |number, reference| program.read(reference, number))
}
