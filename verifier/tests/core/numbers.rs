//! A number in a root: what receives it is declared, so one location holds both, and the collector
//! changes the word when the object moves.

use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::Location;
use stackmap_verifier::{Collector, Outcome};

use crate::nulls::{blocks, report, right, wrong};
use crate::support::Writer;

/// `v1`, which is declared, receives the number `v0`; both are in the first slot, and in the
/// second. Behind a safepoint `v0` is read.
fn number(roots: fn(&mut Writer) -> Vec<Location>, read: fn(&mut Writer) -> Location) -> Writer {
    let mut w = Writer::new(2);
    let (v0, slots) = (w.ssa(0), [w.cell(0), w.cell(1)]);
    w.block(&[]);
    w.make(0);
    slots.iter().for_each(|&slot| w.copy(v0, slot));
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    let (roots, read) = (roots(&mut w), read(&mut w));
    w.safepoint(&roots);
    w.observe(0, read);
    w.leave(&[]);
    w
}

fn first(w: &mut Writer) -> Location {
    w.cell(0)
}

fn said(finding: &Finding) -> (Code, Vec<usize>, &str) {
    (finding.code, blocks(finding), finding.message.as_str())
}

#[test]
fn a_number_is_not_read_from_a_root_that_was_updated() {
    let message = "an instruction reads `v1` where the program means `v0`";
    let finding = wrong(number(|w| vec![w.cell(0)], first), &[1]);
    assert_eq!(said(&finding), (Code::WrongValue, vec![0, 1], message));
    assert_eq!(finding.slot.as_deref(), Some("ss0"));
    let why = "the collector may move `v1` here and update `ss0`; `v0`, which is no reference, \
               stays what it was";
    assert!(finding.secondary.iter().any(|label| label.text == why), "{finding:?}");
    // As well where the root is an SSA value, and where the number is reloaded.
    let finding = wrong(number(|w| vec![w.ssa(0)], |w| w.ssa(0)), &[1]);
    assert_eq!(finding.code, Code::WrongValue);
    let mut w = number(|w| vec![w.cell(0)], |w| w.cell(1));
    w.block(&[]);
    w.leave(&[]);
    assert_eq!(report(w, &[1], Collector::Moving).outcome, Outcome::Verified);
}

#[test]
fn a_number_is_read_where_it_is_still() {
    // From a slot that is no root, and from its SSA value.
    right(|| number(|w| vec![w.cell(0)], |w| w.cell(1)), &[1]);
    right(|| number(|w| vec![w.cell(0)], |w| w.ssa(0)), &[1]);
    // Where no root was updated.
    right(|| number(|_| vec![], first), &[1]);
    // Where objects do not move.
    let pair = number(|w| vec![w.cell(0)], first);
    assert_eq!(report(pair, &[1], Collector::NonMoving).outcome, Outcome::Verified);
}

#[test]
fn a_number_is_read_from_a_root_before_it_is_updated() {
    right(
        || {
            let mut w = Writer::new(1);
            let (v0, slot) = (w.ssa(0), w.cell(0));
            w.block(&[]);
            w.make(0);
            w.copy(v0, slot);
            w.leave(&[(1, &[0])]);
            w.block(&[1]);
            w.observe(0, slot);
            w.safepoint(&[slot]);
            w.observe(1, slot);
            w.leave(&[]);
            w
        },
        &[1],
    );
}

/// `v3`, which is not declared, receives one value on one edge and another on the other: `v0` is
/// null, `v1` a reference, `v2` a number. It is spilled, and passed to `v4`, which is declared.
/// Behind a safepoint that lists the slot, it is read from there.
fn merged(passed: [u32; 2]) -> Writer {
    let mut w = Writer::new(1);
    let (v3, slot) = (w.ssa(3), w.cell(0));
    w.block(&[]);
    w.null(0);
    w.make(1);
    w.make(2);
    w.leave(&[(2, &passed[..1]), (1, &[])]);
    w.block(&[]);
    w.leave(&[(2, &passed[1..])]);
    w.block(&[3]);
    w.copy(v3, slot);
    w.leave(&[(3, &[3])]);
    w.block(&[4]);
    w.safepoint(&[slot]);
    w.observe(3, slot);
    w.leave(&[]);
    w
}

#[test]
fn what_is_a_number_on_one_path_is_not_read_from_a_root_there() {
    let (by_first, by_second) = (vec![0, 2, 3], vec![0, 1, 2, 3]);
    for (passed, path) in [
        ([2, 1], by_first.clone()),
        ([1, 2], by_second.clone()),
        ([2, 0], by_first.clone()),
        ([0, 2], by_second),
        ([2, 2], by_first),
    ] {
        let finding = wrong(merged(passed), &[1, 4]);
        assert_eq!((finding.code, blocks(&finding)), (Code::WrongValue, path), "{passed:?}");
    }
    // References and null are read from there, whatever the path.
    for passed in [[1, 1], [0, 0], [0, 1], [1, 0]] {
        right(|| merged(passed), &[1, 4]);
    }
}

/// The same around a loop: the number is read in front of the safepoint, the first time.
#[test]
fn a_number_is_not_read_from_a_root_the_second_time() {
    let mut w = Writer::new(1);
    let (v0, slot) = (w.ssa(0), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    w.leave(&[(2, &[])]);
    w.block(&[]);
    w.observe(0, slot);
    w.safepoint(&[slot]);
    w.leave(&[(2, &[]), (3, &[])]);
    w.block(&[]);
    w.leave(&[]);
    let finding = wrong(w, &[1]);
    assert_eq!((finding.code, blocks(&finding)), (Code::WrongValue, vec![0, 1, 2, 2]));
}

/// A root that holds nothing but a number is wrong, and that it is read later is no second
/// defect.
#[test]
fn a_number_that_should_be_no_root_is_one_defect() {
    let mut w = Writer::new(1);
    let (v0, slot) = (w.ssa(0), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.safepoint(&[slot]);
    w.observe(0, slot);
    w.leave(&[]);
    assert_eq!(wrong(w, &[]).code, Code::NonReferenceRoot);
}
