//! The references that are live across a safepoint, by the before program alone.

use stackmap_verifier::liveness::Liveness;
use stackmap_verifier::model::{Block, OperationKind};
use stackmap_verifier::pair::Pair;

use crate::support::Writer;

/// The names of what is live across the safepoints of a pair, in order.
fn across_safepoints(w: Writer, declared: &[u32]) -> Vec<Vec<String>> {
    let (before, declared, after) = w.finish(declared);
    let pair = Pair::new(&before, &declared, &after).expect("an aligned pair");
    let liveness = Liveness::new(&pair);
    let mut live = Vec::new();
    for block in (0..before.block_count()).map(Block::new) {
        for id in before.operations(block) {
            if before.operation(id).kind == OperationKind::Safepoint {
                let values = liveness.across(block, id).into_iter();
                live.push(values.map(|value| before.value_name(value).to_string()).collect());
            }
        }
    }
    live
}

#[test]
fn a_value_needed_on_the_next_turn_is_live_all_around_the_loop() {
    let mut w = Writer::new(0);
    let v0 = w.ssa(0);
    w.block(&[]);
    w.make(0);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.observe(0, v0);
    w.leave(&[(2, &[])]);
    w.block(&[]);
    w.safepoint(&[]);
    w.leave(&[(1, &[]), (3, &[])]);
    w.block(&[]);
    w.safepoint(&[]);
    w.leave(&[]);
    assert_eq!(across_safepoints(w, &[0]), [vec!["v0"], vec![]]);
}

#[test]
fn what_a_safepoint_only_reads_or_defines_is_not_live_across_it() {
    let mut w = Writer::new(0);
    let (v0, v1) = (w.ssa(0), w.ssa(1));
    w.block(&[]);
    w.make(0);
    w.operation(OperationKind::Safepoint, &[(0, v0)], &[1], &[]);
    w.observe(1, v1);
    w.leave(&[]);
    assert_eq!(across_safepoints(w, &[0, 1]), [[""; 0]]);
}

#[test]
fn an_argument_is_as_live_as_the_parameter_it_goes_to() {
    let mut w = Writer::new(0);
    let v2 = w.ssa(2);
    w.block(&[]);
    w.make(0);
    w.make(1);
    // The last operation of its block, like a `try_call`: what its edges pass is
    // needed after it.
    w.safepoint(&[]);
    w.leave(&[(1, &[0, 1])]);
    w.block(&[2, 3]);
    w.observe(2, v2);
    w.leave(&[]);
    // v3 is dead, and so is v1.
    assert_eq!(across_safepoints(w, &[0, 1]), [["v0"]]);
}

#[test]
fn an_undeclared_parameter_that_receives_a_reference_is_live_too() {
    let mut w = Writer::new(0);
    let (v1, v2) = (w.ssa(1), w.ssa(2));
    w.block(&[]);
    w.make(0);
    w.make(2);
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    w.safepoint(&[]);
    w.observe(1, v1);
    w.observe(2, v2);
    w.leave(&[]);
    // v2 is an integer: the collector has nothing to do with it.
    assert_eq!(across_safepoints(w, &[0]), [["v1"]]);
}
