//! Whose slot it is, and who else may know its address.

use crate::support::Writer;
use stackmap_verifier::findings::Code;
use stackmap_verifier::model::{Action, Origin, SlotOwner};
use stackmap_verifier::{Outcome, Report};

/// A pair of one block with one slot, and what `write` puts into it.
fn with_slot(owner: SlotOwner, escapes: Option<Origin>, write: impl FnOnce(&mut Writer)) -> Report {
    let mut w = Writer::default();
    w.slot(0, owner, escapes);
    w.block(&[]);
    w.make(0);
    write(&mut w);
    w.leave(&[]);
    w.verify(&[0])
}

fn reason(report: &Report) -> String {
    match &report.outcome {
        Outcome::Unsupported(reason) => reason.to_string(),
        Outcome::Verified | Outcome::Violated | Outcome::Internal(_) => {
            panic!("{:?}", report.outcome)
        }
    }
}

const SOMEWHERE: Origin = Origin { line: 7, column: 1, length: 1 };

/// The one finding's message.
fn misplaced(report: &Report) -> &str {
    assert_eq!(report.outcome, Outcome::Violated);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!(finding.code, Code::MisplacedAccess);
    &finding.message
}

#[test]
fn the_spiller_keeps_out_of_the_programs_slots() {
    let writes = "an inserted instruction writes to `ss0`, which belongs to the program";
    for escapes in [None, Some(SOMEWHERE)] {
        let spill = with_slot(SlotOwner::Program, escapes, |w| {
            let (v0, cell) = (w.ssa(0), w.cell(0));
            w.copy(v0, cell);
        });
        assert_eq!(misplaced(&spill), writes);
        let clobber = with_slot(SlotOwner::Program, escapes, |w| {
            let cell = w.cell(0);
            w.clobber(cell);
        });
        assert_eq!(misplaced(&clobber), writes);
    }
}

#[test]
fn the_spiller_may_read_the_programs_slots() {
    let report = with_slot(SlotOwner::Program, None, |w| {
        let (x, cell) = (w.ssa(10), w.cell(0));
        w.copy(cell, x);
    });
    assert_eq!(report.outcome, Outcome::Verified);
}

#[test]
fn the_program_may_write_to_its_own_slots() {
    for escapes in [None, Some(SOMEWHERE)] {
        let report = with_slot(SlotOwner::Program, escapes, |w| {
            let (v0, cell) = (w.ssa(0), w.cell(0));
            w.observe(0, v0);
            w.also(Action::Clobber { at: cell });
        });
        assert_eq!(report.outcome, Outcome::Verified);
    }
    let report = with_slot(SlotOwner::Program, None, |w| {
        let (v0, cell) = (w.ssa(0), w.cell(0));
        w.observe(0, v0);
        w.also(Action::Move { from: v0, to: cell });
    });
    assert_eq!(report.outcome, Outcome::Verified);
}

#[test]
fn a_root_in_a_slot_whose_address_escapes() {
    let report = with_slot(SlotOwner::Spiller, Some(SOMEWHERE), |w| {
        let cell = w.cell(0);
        w.safepoint(&[cell]);
    });
    assert_eq!(reason(&report), "the address of ss0 escapes, so what it holds cannot be known");
}

#[test]
fn a_spill_to_or_from_a_slot_whose_address_escapes() {
    let spill = with_slot(SlotOwner::Spiller, Some(SOMEWHERE), |w| {
        let (v0, cell) = (w.ssa(0), w.cell(0));
        w.copy(v0, cell);
    });
    assert!(reason(&spill).contains("the address of ss0 escapes"));
    let reload = with_slot(SlotOwner::Spiller, Some(SOMEWHERE), |w| {
        let (x, cell) = (w.ssa(10), w.cell(0));
        w.copy(cell, x);
    });
    assert!(reason(&reload).contains("the address of ss0 escapes"));
}
