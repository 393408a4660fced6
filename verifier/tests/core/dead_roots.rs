//! The dead roots of right pairs, whichever solver proves the pair.

use crate::shapes::{collect, collect_and_reload, diamond, nothing, reload, spill};
use crate::support::Writer;
use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::{Collector, Options, Outcome, solve, verify};

/// The slots of the dead roots, which are all that is said of the pair.
fn dead(w: Writer, declared: &[u32]) -> Vec<String> {
    dead_under(Collector::Moving, w, declared)
}

fn dead_under(collector: Collector, w: Writer, declared: &[u32]) -> Vec<String> {
    let (before, declared, after) = w.finish(declared);
    let options = Options { collector, ..Options::default() };
    let report = verify(&before, &declared, &after, &options);
    assert_eq!(report.outcome, Outcome::Verified, "{:?}", report.findings);
    assert_eq!(solve(&before, &declared, &after, &options).findings, report.findings);
    let slot = |finding: Finding| {
        assert_eq!(finding.code, Code::DeadRoot);
        finding.slot.expect("the root")
    };
    report.findings.into_iter().map(slot).collect()
}

/// One block: so many safepoints that list a spilled `v0`, and a reload.
fn row(safepoints: usize, ends_in_reload: bool) -> Writer {
    let mut w = Writer::new(1);
    w.block(&[]);
    w.make(0);
    spill(&mut w);
    (0..safepoints).for_each(|_| collect(&mut w));
    if ends_in_reload {
        reload(&mut w);
    }
    w.leave(&[]);
    w
}

#[test]
fn a_root_that_is_not_reloaded_is_dead() {
    for safepoints in 1..4 {
        assert_eq!(dead(row(safepoints, true), &[0]), [""; 0]);
        assert_eq!(dead(row(safepoints, false), &[0]), ["ss0"]);
    }
}

#[test]
fn only_the_safepoints_behind_the_last_reload_count() {
    let mut w = Writer::new(1);
    w.block(&[]);
    w.make(0);
    spill(&mut w);
    collect_and_reload(&mut w);
    collect(&mut w);
    w.leave(&[]);
    let report = w.verify(&[0]);
    let [finding] = &*report.findings else { panic!("{:?}", report.findings) };
    assert_eq!(finding.primary.text, "nothing reads `ss0` behind this safepoint");
}

#[test]
fn what_was_read_goes_on_in_another_slot() {
    let mut w = Writer::new(2);
    let (x, y, slot, other) = (w.ssa(10), w.ssa(11), w.cell(0), w.cell(1));
    w.block(&[]);
    w.make(0);
    spill(&mut w);
    collect(&mut w);
    w.copy(slot, x);
    w.copy(x, other);
    w.safepoint(&[slot, other]);
    w.copy(other, y);
    w.observe(0, y);
    w.leave(&[]);
    assert_eq!(dead(w, &[0]), ["ss0"], "at the second safepoint");
}

#[test]
fn a_read_on_one_path_is_enough_and_another_safepoint_is_no_read() {
    let pair = |left, bottom| diamond([spill, left, nothing, bottom], [&[], &[]], &[]);
    assert_eq!(dead(pair(collect_and_reload, nothing), &[0]), [""; 0]);
    assert_eq!(dead(pair(collect, nothing), &[0]), ["ss0"]);
    assert_eq!(dead(pair(collect, collect), &[0]), ["ss0"]);
    assert_eq!(dead(pair(collect, reload), &[0]), [""; 0]);
}

#[test]
fn a_root_is_dead_if_only_another_arm_reads_the_slot() {
    fn spill_and_collect(w: &mut Writer) {
        spill(w);
        collect(w);
    }
    let pair = |left| diamond([spill_and_collect, left, reload, nothing], [&[], &[]], &[]);
    assert_eq!(dead(pair(nothing), &[0]), [""; 0]);
    assert_eq!(dead(pair(collect), &[0]), ["ss0"]);
}

/// A reload that is passed to a parameter, which is spilled, reloaded and perhaps read.
fn passed(is_read: bool) -> Writer {
    let mut w = Writer::new(2);
    let (v0, v1, x, y) = (w.ssa(0), w.ssa(1), w.ssa(10), w.ssa(11));
    let (slot, other) = (w.cell(0), w.cell(1));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.safepoint(&[slot]);
    w.copy(slot, x);
    w.leave_with(&[(1, &[(0, x)])]);
    w.block(&[1]);
    w.copy(v1, other);
    w.safepoint(&[other]);
    w.copy(other, y);
    if is_read {
        w.observe(1, y);
    }
    w.leave(&[]);
    w
}

#[test]
fn a_copy_to_what_nobody_reads_is_no_read() {
    assert_eq!(dead(passed(true), &[0, 1]), [""; 0]);
    assert_eq!(dead(passed(false), &[0, 1]), ["ss0", "ss1"]);
}

#[test]
fn what_is_overwritten_before_it_is_read_is_dead() {
    let mut w = Writer::new(1);
    let (v1, x, slot) = (w.ssa(1), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    spill(&mut w);
    collect(&mut w);
    w.make(1);
    w.copy(v1, slot);
    w.copy(slot, x);
    w.observe(1, x);
    w.leave(&[]);
    assert_eq!(dead(w, &[0, 1]), ["ss0"]);
}

#[test]
fn more_roots_than_fit_in_a_word() {
    let pair = |dead: u32| {
        let mut w = Writer::new(200);
        let cells: Vec<_> = (0..200).map(|slot| w.cell(slot)).collect();
        w.block(&[]);
        for (n, &cell) in (0..).zip(&cells) {
            let value = w.ssa(n);
            w.make(n);
            w.copy(value, cell);
        }
        w.safepoint(&cells);
        w.leave(&[(1, &[])]);
        w.block(&[]);
        for (n, &cell) in (0..).zip(&cells).filter(|&(n, _)| n != dead) {
            let reload = w.ssa(300 + n);
            w.copy(cell, reload);
            w.observe(n, reload);
        }
        w.leave(&[]);
        w
    };
    let declared: Vec<u32> = (0..200).collect();
    for n in [0, 63, 64, 127, 128, 199] {
        assert_eq!(dead(pair(n), &declared), [format!("ss{n}")]);
    }
}

#[test]
fn a_root_that_keeps_an_object_for_a_copy_is_not_dead_if_nothing_moves() {
    let pair = |is_read: bool| {
        let mut w = Writer::new(1);
        let v0 = w.ssa(0);
        w.block(&[]);
        w.make(0);
        spill(&mut w);
        collect(&mut w);
        if is_read {
            w.observe(0, v0);
        }
        w.leave(&[]);
        w
    };
    assert_eq!(dead_under(Collector::NonMoving, pair(true), &[0]), [""; 0]);
    assert_eq!(dead_under(Collector::NonMoving, pair(false), &[0]), ["ss0"]);
}
