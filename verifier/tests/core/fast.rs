//! Pairs that are proved the fast way, and near misses that are left to the
//! reference. That the two agree is for the differential tests; here it is that the
//! fast way is not so careful that nothing goes through it.

use crate::shapes::{collect, collect_and_reload, diamond, nothing, reload, spill};
use crate::support::Writer;
use stackmap_verifier::model::OperationKind;
use stackmap_verifier::{Outcome, prove};

/// Whether the fast way proves the pair right.
fn goes_fast(w: Writer, declared: &[u32]) -> bool {
    let (before, declared, after) = w.finish(declared);
    prove(&before, &declared, &after).expect("a pair").is_some()
}

#[test]
fn a_spill_and_a_reload_in_one_block() {
    let pair = |is_listed: bool, is_reloaded: bool| {
        let mut w = Writer::new(1);
        let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
        w.block(&[]);
        w.make(0);
        w.copy(v0, slot);
        let roots = [slot];
        w.safepoint(if is_listed { &roots } else { &[] });
        w.copy(slot, x);
        w.observe(0, if is_reloaded { x } else { v0 });
        w.leave(&[]);
        w
    };
    assert!(goes_fast(pair(true, true), &[0]));
    assert!(!goes_fast(pair(false, true), &[0]));
    assert!(!goes_fast(pair(true, false), &[0]));
    // What is no reference does not move.
    assert!(goes_fast(pair(false, true), &[]));
    assert!(goes_fast(pair(false, false), &[]));
}

fn spill_elsewhere(w: &mut Writer) {
    let (v0, slot) = (w.ssa(0), w.cell(1));
    w.copy(v0, slot);
}

fn collect_without_roots(w: &mut Writer) {
    w.safepoint(&[]);
}

fn read_what_was_there_before(w: &mut Writer) {
    let v0 = w.ssa(0);
    w.observe(0, v0);
}

#[test]
fn a_safepoint_on_one_arm() {
    let pair = |left, bottom| diamond([spill, left, nothing, bottom], [&[], &[]], &[]);
    assert!(goes_fast(pair(collect, reload), &[0]));
    assert!(goes_fast(pair(collect, collect_and_reload), &[0]));
    assert!(goes_fast(pair(nothing, collect_and_reload), &[0]));
    assert!(!goes_fast(pair(collect_without_roots, reload), &[0]));
    assert!(!goes_fast(pair(collect, read_what_was_there_before), &[0]));
    assert!(!goes_fast(pair(collect_without_roots, read_what_was_there_before), &[0]));
    assert!(goes_fast(pair(nothing, read_what_was_there_before), &[0]));
}

#[test]
fn cells_that_overlap_are_left_to_the_reference() {
    let pair = |is_spoiled: bool| {
        let mut w = Writer::new(1);
        let (v0, x, whole, half) = (w.ssa(0), w.ssa(10), w.cell(0), w.part(0, 4, 4));
        w.block(&[]);
        w.make(0);
        w.copy(v0, whole);
        if is_spoiled {
            w.clobber(half);
        }
        w.copy(whole, x);
        w.observe(0, x);
        w.leave(&[]);
        w
    };
    for is_spoiled in [true, false] {
        assert!(!goes_fast(pair(is_spoiled), &[]));
    }
    assert_eq!(pair(true).verify(&[]).outcome, Outcome::Violated);
    assert_eq!(pair(false).verify(&[]).outcome, Outcome::Verified);
}

#[test]
fn a_spill_on_each_arm() {
    let pair = |top, left, right| diamond([top, left, right, collect_and_reload], [&[], &[]], &[]);
    assert!(goes_fast(pair(nothing, spill, spill), &[0]));
    assert!(!goes_fast(pair(nothing, spill, nothing), &[0]));
    assert!(!goes_fast(pair(nothing, nothing, spill), &[0]));
    assert!(!goes_fast(pair(nothing, spill, spill_elsewhere), &[0]));
    // On one arm again, or something else: the other arm still has the first.
    assert!(goes_fast(pair(spill, spill, nothing), &[0]));
    assert!(goes_fast(pair(spill, nothing, spill), &[0]));
    assert!(goes_fast(pair(spill, spill_elsewhere, nothing), &[0]));
    assert!(goes_fast(pair(spill, collect, spill_elsewhere), &[0]));
}

#[test]
fn what_one_arm_writes_is_not_there_on_the_other() {
    let pair = |top, left, right| diamond([top, left, right, nothing], [&[], &[]], &[]);
    assert!(!goes_fast(pair(nothing, spill, reload), &[0]));
    assert!(!goes_fast(pair(nothing, reload, spill), &[0]));
    assert!(goes_fast(pair(spill, spill, reload), &[0]));
    assert!(goes_fast(pair(spill, reload, spill), &[0]));
}

#[test]
fn what_is_overwritten_below_a_join_is_gone() {
    fn clobber_and_reload(w: &mut Writer) {
        let slot = w.cell(0);
        w.clobber(slot);
        reload(w);
    }
    let pair = |bottom| diamond([spill, collect, nothing, bottom], [&[], &[]], &[]);
    assert!(goes_fast(pair(reload), &[0]));
    assert!(!goes_fast(pair(clobber_and_reload), &[0]));
}

#[test]
fn an_ssa_value_is_read_where_its_definition_dominates() {
    fn copy(w: &mut Writer) {
        let (v0, x) = (w.ssa(0), w.ssa(10));
        w.copy(v0, x);
    }
    fn read(w: &mut Writer) {
        let x = w.ssa(10);
        w.observe(0, x);
    }
    let pair = |top, left, right, bottom| {
        goes_fast(diamond([top, left, right, bottom], [&[], &[]], &[]), &[0])
    };
    assert!(pair(copy, read, read, read));
    assert!(!pair(nothing, copy, read, nothing));
    assert!(!pair(nothing, read, copy, nothing));
    assert!(!pair(nothing, copy, nothing, read));
}

/// Two diamonds in a row, each arm written by a function, and a reload at the end.
fn two_diamonds(top: fn(&mut Writer), arms: [fn(&mut Writer); 4]) -> Writer {
    let mut w = Writer::new(2);
    w.block(&[]);
    w.make(0);
    top(&mut w);
    w.leave(&[(1, &[]), (2, &[])]);
    for (i, arm) in arms.into_iter().enumerate() {
        w.block(&[]);
        arm(&mut w);
        w.leave(&[(if i < 2 { 3 } else { 6 }, &[])]);
        if i == 1 {
            w.block(&[]);
            w.leave(&[(4, &[]), (5, &[])]);
        }
    }
    w.block(&[]);
    reload(&mut w);
    w.leave(&[]);
    w
}

#[test]
fn a_join_below_a_join() {
    let pair = |top, arms| goes_fast(two_diamonds(top, arms), &[0]);
    assert!(pair(spill, [collect, nothing, collect, nothing]));
    assert!(pair(nothing, [spill, spill, collect, nothing]));
    assert!(pair(nothing, [spill, spill, nothing, spill_elsewhere]));
    assert!(!pair(nothing, [spill, nothing, collect, nothing]));
    assert!(!pair(nothing, [spill, nothing, nothing, spill_elsewhere]));
    assert!(!pair(nothing, [nothing, spill, spill_elsewhere, nothing]));
    assert!(!pair(spill, [collect, nothing, collect_without_roots, nothing]));
    assert!(!pair(spill, [collect_without_roots, nothing, collect, nothing]));
    assert!(!pair(spill, [collect_without_roots, nothing, spill_elsewhere, nothing]));
}

#[test]
fn two_references_that_meet_in_a_slot() {
    fn make_and_spill(w: &mut Writer) {
        w.make(1);
        let (v1, slot) = (w.ssa(1), w.cell(0));
        w.copy(v1, slot);
    }
    fn collect_and_reload_what_was_passed(w: &mut Writer) {
        collect(w);
        let (x, slot) = (w.ssa(10), w.cell(0));
        w.copy(slot, x);
        w.observe(2, x);
    }
    let pair = |passed| {
        let blocks = [nothing, make_and_spill, spill, collect_and_reload_what_was_passed];
        diamond(blocks, passed, &[2])
    };
    assert!(goes_fast(pair([&[1], &[0]]), &[0, 1, 2]));
    assert!(!goes_fast(pair([&[0], &[0]]), &[0, 1, 2]));
    // What is passed is a reference, but nobody says that it must be one.
    assert!(goes_fast(pair([&[1], &[0]]), &[0, 1]));
    assert!(!goes_fast(pair([&[1], &[0]]), &[1, 2]));
}

#[test]
fn a_value_that_lives_through_nested_loops() {
    let pair = |slot_of_v1: u32| {
        let mut w = Writer::new(2);
        let (v0, v1, x, y, z) = (w.ssa(0), w.ssa(1), w.ssa(10), w.ssa(11), w.ssa(12));
        let (home, other) = (w.cell(0), w.cell(slot_of_v1));
        w.block(&[]);
        w.make(0);
        w.copy(v0, home);
        w.leave(&[(1, &[])]);
        w.block(&[]);
        w.copy(home, x);
        w.operation(OperationKind::Safepoint, &[(0, x)], &[1], &[home]);
        w.copy(v1, other);
        w.leave(&[(2, &[])]);
        w.block(&[]);
        w.safepoint(&[home, other]);
        w.copy(other, y);
        w.observe(1, y);
        w.leave(&[(2, &[]), (3, &[])]);
        w.block(&[]);
        w.leave(&[(1, &[]), (4, &[])]);
        w.block(&[]);
        w.copy(home, z);
        w.observe(0, z);
        w.leave(&[]);
        w
    };
    assert!(goes_fast(pair(1), &[0, 1]));
    assert!(!goes_fast(pair(0), &[0, 1]));
}

#[test]
fn a_parameter_that_receives_a_reload() {
    let pair = |is_reloaded: bool| {
        let mut w = Writer::new(2);
        let (v0, v1, x, y) = (w.ssa(0), w.ssa(1), w.ssa(10), w.ssa(11));
        let (slot, other) = (w.cell(0), w.cell(1));
        w.block(&[]);
        w.make(0);
        w.copy(v0, slot);
        w.safepoint(&[slot]);
        w.copy(slot, x);
        w.leave_with(&[(1, &[(0, if is_reloaded { x } else { v0 })])]);
        w.block(&[1]);
        w.copy(v1, other);
        w.safepoint(&[other]);
        w.copy(other, y);
        w.observe(1, y);
        w.leave(&[]);
        w
    };
    assert!(goes_fast(pair(true), &[0, 1]));
    assert!(!goes_fast(pair(false), &[0, 1]));
}

#[test]
fn a_root_listed_twice_is_left_to_the_reference() {
    let mut w = Writer::new(1);
    let slot = w.cell(0);
    w.block(&[]);
    w.make(0);
    spill(&mut w);
    w.safepoint(&[slot, slot]);
    reload(&mut w);
    w.leave(&[]);
    assert!(!goes_fast(w, &[0]));
}

#[test]
fn what_is_overwritten_on_one_arm_is_gone_behind_the_join() {
    fn clobber(w: &mut Writer) {
        let slot = w.cell(0);
        w.clobber(slot);
    }
    let pair = |left| goes_fast(diamond([spill, left, nothing, reload], [&[], &[]], &[]), &[]);
    assert!(pair(nothing));
    assert!(!pair(clobber));
}

#[test]
fn one_slot_behind_a_join_is_not_two_values() {
    fn make_and_spill(w: &mut Writer) {
        w.make(1);
        spill(w);
    }
    fn reload_both(w: &mut Writer) {
        reload(w);
        let (y, slot) = (w.ssa(11), w.cell(0));
        w.copy(slot, y);
        w.observe(1, y);
    }
    let pair = |bottom| {
        goes_fast(diamond([make_and_spill, collect, nothing, bottom], [&[], &[]], &[]), &[0, 1])
    };
    assert!(pair(reload));
    assert!(!pair(reload_both));
}

#[test]
fn a_root_that_is_no_slot_is_left_to_the_reference() {
    let pair = || {
        let mut w = Writer::new(1);
        let v0 = w.ssa(0);
        w.block(&[]);
        w.make(0);
        w.safepoint(&[v0]);
        w.observe(0, v0);
        w.leave(&[]);
        w
    };
    assert!(!goes_fast(pair(), &[0]));
    assert_eq!(pair().verify(&[0]).outcome, Outcome::Verified);
}
