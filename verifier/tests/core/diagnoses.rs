//! The code of a failure, and the places that are named with it.

use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::{Location, Value};
use stackmap_verifier::{Collector, Options, Outcome, Report, verify};

use crate::support::Writer;

fn codes(report: &Report) -> Vec<Code> {
    report.findings.iter().map(|finding| finding.code).collect()
}

fn only(report: Report) -> Finding {
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    report.findings.into_iter().next().expect("one")
}

/// The events that led there: lines and texts.
fn secondary(finding: &Finding) -> Vec<(u32, &str)> {
    finding.secondary.iter().map(|l| (l.site.origin.line, l.text.as_str())).collect()
}

fn line_of_safepoint(finding: &Finding) -> Option<u32> {
    finding.safepoint.as_ref().map(|site| site.origin.line)
}

fn verify_if_nothing_moves(w: Writer, declared: &[u32]) -> Report {
    let (before, declared, after): (_, Vec<Value>, _) = w.finish(declared);
    let options = Options { collector: Collector::NonMoving, ..Options::default() };
    verify(&before, &declared, &after, &options)
}

#[test]
fn a_shared_slot_is_found_through_a_parameter() {
    let mut w = Writer::new(1);
    let (v0, v1, v2, x, y, slot) = (w.ssa(0), w.ssa(1), w.ssa(2), w.ssa(10), w.ssa(11), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.make(1);
    w.copy(v1, slot);
    w.safepoint(&[slot]);
    w.copy(slot, x);
    w.leave_with(&[(1, &[(0, x)])]);
    w.block(&[2]);
    w.observe(2, v2);
    w.copy(slot, y);
    w.observe(1, y);
    w.leave(&[]);
    let finding = only(w.verify(&[0, 1, 2]));
    assert_eq!(finding.code, Code::SharedSlot);
    assert_eq!(finding.values, ["v0", "v1"]);
}

#[test]
fn a_stale_copy_of_something_else_is_a_wrong_value() {
    let mut w = Writer::new(1);
    let (v0, v1, x, slot) = (w.ssa(0), w.ssa(1), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.copy(v0, slot);
    w.safepoint(&[slot]);
    w.observe(0, v1);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[]);
    let finding = only(w.verify(&[0, 1]));
    assert_eq!(finding.code, Code::WrongValue);
    assert!(finding.message.contains("a stale copy of `v1`"), "{}", finding.message);
}

/// `v0` is lost at a safepoint that lists `first`; a second lists the slot, which holds
/// a number, and from which `v0` is then read.
fn lost_and_read_from_a_wrong_root(first: fn(Location) -> Vec<Location>) -> Report {
    let mut w = Writer::new(1);
    let (v1, x, slot) = (w.ssa(1), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.copy(v1, slot);
    w.safepoint(&first(slot));
    w.safepoint(&[slot]);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[]);
    w.verify(&[0])
}

#[test]
fn a_value_is_lost_by_a_wrong_root_if_that_was_listed_when_it_was_lost() {
    let report = lost_and_read_from_a_wrong_root(|slot| vec![slot]);
    assert_eq!(codes(&report), [Code::NonReferenceRoot]);
    let report = lost_and_read_from_a_wrong_root(|_| Vec::new());
    assert_eq!(codes(&report), [Code::NonReferenceRoot, Code::MissingRoot]);
}

#[test]
fn a_slot_that_never_held_the_value_is_not_said_to_be_overwritten() {
    let mut w = Writer::new(1);
    let (v1, v2, x, slot) = (w.ssa(1), w.ssa(2), w.ssa(10), w.cell(0));
    w.block(&[]);
    (0..3).for_each(|n| w.make(n));
    w.copy(v1, slot);
    w.copy(v2, slot);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[]);
    let finding = only(w.verify(&[]));
    assert_eq!(finding.code, Code::WrongValue);
    assert_eq!(secondary(&finding), [(6, "`ss0` gets what it holds here")]);
}

#[test]
fn what_spoils_a_neighbour_is_not_where_the_content_came_from() {
    let mut w = Writer::new(2);
    let (v0, v1, v2, x, y) = (w.ssa(0), w.ssa(1), w.ssa(2), w.ssa(10), w.ssa(11));
    let (whole, half, other) = (w.cell(0), w.part(0, 4, 4), w.cell(1));
    w.block(&[]);
    (0..3).for_each(|n| w.make(n));
    w.copy(v1, whole);
    w.copy(v0, other);
    w.copy(v2, other);
    w.copy(other, y);
    w.copy(y, half);
    w.copy(whole, x);
    w.observe(0, x);
    w.leave(&[]);
    let finding = only(w.verify(&[]));
    assert_eq!(finding.code, Code::WrongValue);
    assert_eq!(finding.slot.as_deref(), Some("ss0"));
    assert_eq!(secondary(&finding), [(9, "`ss0` gets what it holds here")]);
}

#[test]
fn of_two_entries_that_overlap_the_later_is_named() {
    let mut w = Writer::new(1);
    let (v0, whole, half) = (w.ssa(0), w.cell(0), w.part(0, 4, 4));
    w.block(&[]);
    w.make(0);
    w.copy(v0, whole);
    w.safepoint(&[half, whole]);
    w.leave(&[]);
    let finding = only(w.verify(&[0]));
    assert_eq!(finding.code, Code::MalformedEntry);
    assert_eq!(finding.slot.as_deref(), Some("ss0+4"));
}

#[test]
fn a_shared_slot_comes_with_the_safepoint_that_reads_it_on_the_way() {
    let mut w = Writer::new(1);
    let (v0, v1, x, y, slot) = (w.ssa(0), w.ssa(1), w.ssa(10), w.ssa(11), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.make(1);
    w.copy(v1, slot);
    // What is defined in between does not end the life of `v1`.
    w.make(5);
    w.safepoint(&[slot]);
    w.copy(slot, x);
    w.observe(0, x);
    w.copy(slot, y);
    w.observe(1, y);
    w.leave(&[]);
    let finding = only(w.verify(&[0, 1]));
    assert_eq!(finding.code, Code::SharedSlot);
    assert_eq!(line_of_safepoint(&finding), Some(7));
    let events = finding.witness.iter().flat_map(|block| &block.events);
    let lines: Vec<u32> = events.map(|event| event.site.origin.line).collect();
    assert_eq!(lines, [2, 3, 5, 7, 9]);
}

#[test]
fn or_else_with_the_nearest_safepoint_ahead() {
    let mut w = Writer::new(1);
    let (v0, v1, x, y, slot) = (w.ssa(0), w.ssa(1), w.ssa(10), w.ssa(11), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.safepoint(&[slot]);
    w.make(1);
    w.copy(v1, slot);
    w.copy(slot, x);
    w.observe(0, x);
    w.safepoint(&[slot]);
    w.copy(slot, y);
    w.observe(1, y);
    w.leave(&[]);
    let finding = only(w.verify(&[0, 1]));
    assert_eq!(finding.code, Code::SharedSlot);
    assert_eq!(line_of_safepoint(&finding), Some(9));
}

#[test]
fn a_stale_reference_comes_with_the_copy_that_went_stale() {
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.copy(slot, x);
    w.safepoint(&[slot]);
    w.observe(0, x);
    w.leave(&[]);
    let finding = only(w.verify(&[0]));
    assert_eq!(finding.code, Code::StaleReference);
    assert_eq!(secondary(&finding)[0], (4, "`v0` is copied from `ss0` to `v10` here"));
}

#[test]
fn a_slot_is_not_shared_with_what_is_not_needed_again() {
    // In each turn `v1` is another, and the one that was spilled is not read again.
    let mut w = Writer::new(1);
    let (v0, v1, x, slot) = (w.ssa(0), w.ssa(1), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.copy(slot, x);
    w.observe(0, x);
    w.make(1);
    w.observe(1, v1);
    w.copy(v1, slot);
    w.leave(&[(1, &[]), (2, &[])]);
    w.block(&[]);
    w.leave(&[]);
    assert_eq!(only(w.verify(&[0, 1])).code, Code::WrongValue);
}

#[test]
fn a_slot_is_shared_with_what_is_needed_under_another_name() {
    let mut w = Writer::new(1);
    let (v0, v1, v2, x, slot) = (w.ssa(0), w.ssa(1), w.ssa(2), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.make(1);
    w.copy(v1, slot);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[(1, &[1])]);
    w.block(&[2]);
    w.observe(2, v2);
    w.leave(&[]);
    let finding = only(w.verify(&[0, 1, 2]));
    assert_eq!(finding.code, Code::SharedSlot);
    assert_eq!(finding.values, ["v0", "v1"]);
}

#[test]
fn a_number_that_is_passed_again_is_fresh_again() {
    let mut w = Writer::new(2);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    w.safepoint(&[]);
    w.leave(&[(2, &[0])]);
    w.block(&[2]);
    // The first safepoint left this copy of the number behind, as it was `v1` then.
    w.copy(v0, slot);
    w.safepoint(&[]);
    w.copy(slot, x);
    w.observe(2, x);
    w.leave(&[]);
    let finding = only(w.verify(&[1, 2]));
    assert_eq!(finding.code, Code::MissingRoot);
    assert_eq!(line_of_safepoint(&finding), Some(7));
}

/// Two references change places on one of two ways, and a copy of the first is read
/// after a safepoint that lists both: good if nothing moves, but not by one root.
fn undecided(w: &mut Writer) {
    let (v0, v1, slot, other) = (w.ssa(0), w.ssa(1), w.cell(0), w.cell(1));
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.leave(&[(1, &[]), (2, &[])]);
    for [to0, to1] in [[slot, other], [other, slot]] {
        w.block(&[]);
        w.copy(v0, to0);
        w.copy(v1, to1);
        w.leave(&[(3, &[])]);
    }
    w.block(&[]);
}

#[test]
fn what_is_wrong_is_reported_beside_what_cannot_be_decided() {
    let pair = |malformed: bool, wrong: bool| {
        let mut w = Writer::new(2);
        let (v0, v1, slot, other, odd) =
            (w.ssa(0), w.ssa(1), w.cell(0), w.cell(1), w.part(0, 6, 8));
        undecided(&mut w);
        let roots = [slot, other, odd];
        w.safepoint(if malformed { &roots } else { &roots[..2] });
        w.observe(0, v0);
        if wrong {
            w.observe(0, v1);
        }
        w.leave(&[]);
        verify_if_nothing_moves(w, &[0, 1])
    };
    assert!(matches!(pair(false, false).outcome, Outcome::Unsupported(_)));
    assert!(codes(&pair(true, false)).contains(&Code::MalformedEntry));
    assert!(codes(&pair(false, true)).contains(&Code::WrongValue));
}

/// Two references are made in one register, and spilled to these slots. The first is reloaded
/// from the last slot, into the register.
fn with_a_register_reused(first: u32, second: u32, reloaded: u32) -> (Writer, Location) {
    let mut w = Writer::new(3);
    let (register, x) = (w.register(0), w.ssa(10));
    let cells = [w.cell(0), w.cell(1), w.cell(2)];
    let cell = |slot: u32| cells[slot as usize];
    w.block(&[]);
    w.make_in(2, register);
    w.copy(register, cell(2));
    w.make_in(0, register);
    w.copy(register, cell(first));
    w.make_in(1, register);
    w.copy(register, cell(second));
    w.clobber(register);
    w.safepoint(if first == second { &cells[..1] } else { &cells });
    w.copy(cell(reloaded), register);
    w.observe(0, register);
    w.copy(cell(second), x);
    w.observe(1, x);
    w.leave(&[]);
    (w, register)
}

#[test]
fn a_slot_is_shared_though_the_register_that_both_were_in_is_reused() {
    let (w, _) = with_a_register_reused(0, 0, 0);
    let report = w.verify(&[0, 1, 2]);
    assert_eq!(report.stats.shared_slots, 1);
    let finding = only(report);
    assert_eq!(finding.code, Code::SharedSlot);
    assert_eq!(
        (finding.slot.as_deref(), &finding.values[..]),
        (Some("ss0"), &["v0", "v1"].map(str::to_owned)[..])
    );
}

#[test]
fn a_reused_register_is_not_where_a_value_that_a_slot_keeps_was_lost() {
    let (w, register) = with_a_register_reused(0, 1, 2);
    let report = w.verify(&[0, 1, 2]);
    assert_eq!(report.stats.shared_slots, 0);
    let finding = only(report);
    assert_eq!((finding.code, finding.location), (Code::WrongValue, Some(register)));
    let events = secondary(&finding);
    assert!(events.iter().any(|(_, text)| text.contains("gets what it holds here")), "{events:?}");
    assert!(!events.iter().any(|(_, text)| text.contains("is overwritten here")), "{events:?}");
}

#[test]
fn a_register_that_is_overwritten_before_it_is_read_is_where_the_value_was_lost() {
    let mut w = Writer::new(1);
    let (register, slot) = (w.register(0), w.cell(0));
    w.block(&[]);
    w.make_in(0, register);
    w.copy(register, slot);
    w.safepoint(&[slot]);
    w.copy(slot, register);
    w.clobber(register);
    w.observe(0, register);
    w.leave(&[]);
    let finding = only(w.verify(&[0]));
    assert_eq!((finding.code, finding.location), (Code::WrongValue, Some(register)));
    let events = secondary(&finding);
    assert!(events.iter().any(|(_, text)| text.contains("is overwritten here")), "{events:?}");
}
