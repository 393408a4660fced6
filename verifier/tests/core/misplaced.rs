//! Accesses that the spiller inserts and must not.

use crate::support::Writer;
use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::{Action, Location, Origin, SlotOwner};
use stackmap_verifier::{Options, Outcome, Report, certify, prove, solve, verify};

/// The report on the pair, which must be the same however it is asked for.
fn report(w: Writer) -> Report {
    let (before, declared, after) = w.finish(&[0]);
    let options = Options::default();
    let report = verify(&before, &declared, &after, &options);
    let solved = solve(&before, &declared, &after, &options);
    assert_eq!((&report.outcome, &report.findings), (&solved.outcome, &solved.findings));
    if report.outcome == Outcome::Violated {
        assert_eq!(prove(&before, &declared, &after), Ok(None));
        assert_eq!(certify(&before, &declared, &after, &options).1, None);
    }
    report
}

/// A pair of one block: value 0 is made, and then `insert` does what it does with it and
/// these bytes of a slot of 8.
fn inserted(
    (slot, offset, size): (u32, u32, u32),
    insert: impl FnOnce(&mut Writer, Location, Location),
) -> Report {
    let mut w = Writer::new(1);
    w.block(&[]);
    w.make(0);
    let (v0, cell) = (w.ssa(0), w.part(slot, offset, size));
    insert(&mut w, v0, cell);
    w.leave(&[]);
    report(w)
}

fn finding(report: &Report) -> &Finding {
    assert_eq!(report.outcome, Outcome::Violated);
    let [finding] = report.findings.as_slice() else { panic!("{:#?}", report.findings) };
    assert_eq!(finding.code, Code::MisplacedAccess);
    let last = finding.witness.last().expect("a path");
    assert_eq!(last.events, std::slice::from_ref(&finding.primary));
    finding
}

#[test]
fn a_spill_a_reload_or_a_clobber_outside_of_a_slot() {
    for (bytes, message, text) in [
        (
            (0, 4, 8),
            "an inserted access of `ss0+4` reaches beyond its slot",
            "this accesses bytes 4..12 of a slot of 8 bytes",
        ),
        (
            (0, u32::MAX, u32::MAX),
            "an inserted access of `ss0+4294967295` reaches beyond its slot",
            "this accesses bytes 4294967295..8589934590 of a slot of 8 bytes",
        ),
        ((0, 8, 0), "an inserted access of `ss0+8` covers no bytes", "this accesses nothing"),
        (
            (5, 0, 8),
            "an inserted access of `slot#5`, which does not exist",
            "there is no such slot",
        ),
    ] {
        let spill = inserted(bytes, |w, v0, cell| w.copy(v0, cell));
        let reload = inserted(bytes, |w, v0, cell| w.copy(cell, v0));
        let clobber = inserted(bytes, |w, _, cell| w.clobber(cell));
        for report in [spill, reload, clobber] {
            let finding = finding(&report);
            assert_eq!((finding.message.as_str(), finding.primary.text.as_str()), (message, text));
            assert!(finding.slot.is_some());
        }
    }
    for bytes in [(0, 0, 8), (0, 7, 1)] {
        let inside = inserted(bytes, |w, v0, cell| w.copy(v0, cell));
        assert_eq!(inside.outcome, Outcome::Verified);
    }
}

#[test]
fn what_the_program_itself_does_outside_of_a_slot_is_not_known() {
    let report = inserted((0, 4, 8), |w, v0, cell| {
        w.observe(0, v0);
        w.also(Action::Move { from: v0, to: cell });
    });
    let Outcome::Unsupported(reason) = &report.outcome else { panic!("{:?}", report.outcome) };
    assert!(reason.to_string().ends_with("accesses ss0+4, which is not inside its slot"));
}

#[test]
fn a_misplaced_access_is_told_whatever_is_not_known() {
    let mut w = Writer::default();
    w.slot(0, SlotOwner::Spiller, Some(Origin::default()));
    w.slot(1, SlotOwner::Program, None);
    w.block(&[]);
    w.make(0);
    let (v0, escaped, programs) = (w.ssa(0), w.cell(0), w.cell(1));
    w.copy(v0, escaped);
    w.copy(v0, programs);
    w.leave(&[]);
    let report = report(w);
    assert_eq!(finding(&report).slot.as_deref(), Some("ss1"));
}

#[test]
fn accesses_of_one_place_are_one_finding() {
    let report = inserted((0, 4, 8), |w, v0, cell| {
        for _ in 0..8 {
            w.copy(v0, cell);
        }
    });
    let notes: Vec<&str> = finding(&report).notes.iter().map(|note| note.text.as_str()).collect();
    let again = "the same, also here: this accesses bytes 4..12 of a slot of 8 bytes";
    assert_eq!(notes, [again, again, again, again, "and 3 times more"]);
}

#[test]
fn places_are_told_apart_and_in_order() {
    let mut w = Writer::new(2);
    w.block(&[]);
    w.leave(&[(2, &[]), (1, &[])]);
    for slot in 0..2 {
        w.block(&[]);
        let (v0, cell) = (w.ssa(0), w.part(slot, 1, 8));
        w.copy(cell, v0);
        w.leave(&[]);
    }
    let report = report(w);
    let slots: Vec<_> = report.findings.iter().map(|f| f.slot.as_deref()).collect();
    assert_eq!(slots, [Some("ss0+1"), Some("ss1+1")]);
    assert!(report.findings.iter().all(|finding| finding.witness.len() == 2));
}

#[test]
fn nothing_is_misplaced_where_nothing_runs() {
    let mut w = Writer::new(1);
    w.block(&[]);
    w.leave(&[]);
    w.block(&[]);
    let (v0, outside) = (w.ssa(0), w.part(0, 4, 8));
    w.copy(v0, outside);
    w.leave(&[(1, &[])]);
    assert_eq!(report(w).outcome, Outcome::Verified);
}
