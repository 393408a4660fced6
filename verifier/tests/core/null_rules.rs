//! The checker's demands on null.

use smallvec::smallvec;
use stackmap_verifier::certificate::{Certificate, Claim, Fact, Otherwise, Reference, check};
use stackmap_verifier::model::{After, Before, Location, OperationKind, SlotOwner, Value};
use stackmap_verifier::{Collector, Options, certify};

use crate::support::Writer;

type Pair = (Before, Vec<Value>, After);

/// The facts that can be proved of a pair.
fn certificate((before, declared, after): &Pair) -> Certificate {
    certify(before, declared, after, &Options::default()).1.expect("a pair")
}

fn said((before, declared, after): &Pair, certificate: &Certificate) -> String {
    check(before, declared, after, Collector::Moving, certificate)
        .map_or_else(|why| why.to_string(), |()| "accepted".to_owned())
}

/// Null is made in the entry, and again, at `x`, in the next block, behind a safepoint: by
/// the spiller, or by another operation. Nothing but null is meant.
fn made_again() -> (Pair, Value, Location) {
    let mut w = Writer::new(0);
    let (v0, x) = (w.value(0), w.ssa(10));
    w.block(&[]);
    w.null(0);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.safepoint(&[]);
    w.empty(x);
    w.observe(0, x);
    w.leave(&[]);
    (w.finish(&[0]), v0, x)
}

#[test]
fn that_a_value_means_null_is_proved_where_it_is_made_null() {
    let (pair, v0, _) = made_again();
    let good = certificate(&pair);
    assert_eq!(good.blocks[1].nulls, [v0]);
    assert_eq!(said(&pair, &good), "accepted");

    let mut silent = good.clone();
    silent.blocks[1].nulls.clear();
    let unproved = "O1 at instruction#3: expected location#1 to hold value#0, found null";
    assert_eq!(said(&pair, &silent), unproved);

    let mut early = good;
    early.blocks[0].nulls.push(v0);
    let unproved = "S1 at block#0: expected value#0 to mean null, found nothing that says so";
    assert_eq!(said(&pair, &early), unproved);
}

#[test]
fn a_null_constant_is_listed_as_no_reference() {
    let (pair, value, _) = made_again();
    let mut listed = certificate(&pair);
    assert_eq!(listed.references, []);
    listed.references.push(Reference { value, always: true });
    let said = said(&pair, &listed);
    assert!(said.starts_with("R2 at value#0"), "{said}");
}

#[test]
fn what_a_parameter_means_is_what_is_passed() {
    let pair = |passed: u32| {
        let mut w = Writer::new(0);
        let x = w.ssa(10);
        w.block(&[]);
        w.null(0);
        w.make(1);
        w.leave(&[(1, &[passed])]);
        w.block(&[2]);
        w.empty(x);
        w.observe(2, x);
        w.leave(&[]);
        w.finish(&[])
    };
    let good = certificate(&pair(0));
    assert_eq!(said(&pair(0), &good), "accepted");
    let unproved = "S2 at block#1: expected value#3 to mean null, found nothing that says so";
    assert_eq!(said(&pair(1), &good), unproved);
}

#[test]
fn a_value_that_is_defined_again_is_null_no_more() {
    // No program in SSA form defines a value twice.
    let pair = |again: OperationKind| {
        let mut w = Writer::new(0);
        let x = w.ssa(10);
        w.block(&[]);
        w.null(0);
        w.empty(x);
        w.operation(again, &[], &[0], &[]);
        w.observe(0, x);
        w.leave(&[]);
        w.finish(&[])
    };
    let nothing = || {
        let mut w = Writer::new(0);
        w.block(&[]);
        w.leave(&[]);
        certificate(&w.finish(&[]))
    };
    assert_eq!(said(&pair(OperationKind::Null), &nothing()), "accepted");
    let unproved = "O1 at instruction#3: expected location#0 to hold value#1, found null";
    assert_eq!(said(&pair(OperationKind::Plain), &nothing()), unproved);
}

/// A root is null on both ways to a safepoint, and a fact is claimed of it there.
fn claimed(values: usize, otherwise: Otherwise) -> String {
    let mut w = Writer::new(1);
    let (v0, slot) = (w.value(0), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.empty(slot);
    w.leave(&[(1, &[]), (1, &[])]);
    w.block(&[]);
    w.safepoint(&[slot]);
    w.leave(&[]);
    let pair = w.finish(&[]);
    let mut certificate = certificate(&pair);
    let fact = Fact { values: [v0][..values].into(), otherwise };
    certificate.blocks[1].claims = vec![Claim { at: slot, fact }];
    said(&pair, &certificate)
}

#[test]
fn null_is_a_reference_to_a_collector() {
    assert_eq!(claimed(0, Otherwise::Null), "accepted");
    assert_eq!(claimed(0, Otherwise::Reference), "accepted");
    // It may be the number, too, and then it is none.
    let unproved = "O2 at instruction#2: expected location#1 to hold null or any reference, found value#0 or null";
    assert_eq!(claimed(1, Otherwise::Null), unproved);
    let unproved = "S2 at block#1: expected location#1 to hold value#0, found location#1 with null";
    assert_eq!(claimed(1, Otherwise::Nothing), unproved);
}

#[test]
fn null_stays_null_and_no_other_reference_stays_fresh() {
    let pair = |otherwise| {
        let mut w = Writer::new(1);
        let (v0, slot) = (w.ssa(0), w.cell(0));
        w.block(&[]);
        w.make(0);
        match otherwise {
            Otherwise::Null => w.empty(slot),
            Otherwise::Nothing | Otherwise::Reference => w.copy(v0, slot),
        }
        w.leave(&[(1, &[])]);
        w.block(&[]);
        w.safepoint(&[]);
        w.safepoint(&[slot]);
        w.leave(&[]);
        let pair = w.finish(&[0]);
        let mut certificate = certificate(&pair);
        let fact = Fact { values: smallvec![], otherwise };
        certificate.blocks[1].claims = vec![Claim { at: slot, fact }];
        said(&pair, &certificate)
    };
    assert_eq!(pair(Otherwise::Null), "accepted");
    let unproved = "O2 at instruction#3: expected location#1 to hold null or any reference, found nothing known";
    assert_eq!(pair(Otherwise::Reference), unproved);
}

#[test]
fn null_is_written_where_a_value_can_be() {
    let pair = |owner, offset| {
        let mut w = Writer::new(0);
        w.slot(0, SlotOwner::Spiller, None);
        let at = w.part(0, offset, 8);
        w.block(&[]);
        w.empty(at);
        w.leave(&[]);
        let good = certificate(&w.finish(&[]));
        let mut w = Writer::new(0);
        w.slot(0, owner, None);
        let at = w.part(0, offset, 8);
        w.block(&[]);
        w.empty(at);
        w.leave(&[]);
        said(&w.finish(&[]), &good)
    };
    assert_eq!(pair(SlotOwner::Spiller, 0), "accepted");
    let no_place = "M1 at instruction#0: expected the spiller to write to slots of its own, found location#0, in the program's";
    assert_eq!(pair(SlotOwner::Program, 0), no_place);
}

#[test]
fn a_null_ends_what_is_known_of_cells_that_overlap() {
    let pair = |offset| {
        let mut w = Writer::new(1);
        let (v0, kept, other) = (w.ssa(0), w.part(0, 0, 4), w.part(0, offset, 4));
        w.block(&[]);
        w.make(0);
        w.copy(v0, kept);
        w.empty(other);
        w.observe(0, kept);
        w.leave(&[]);
        let pair = w.finish(&[]);
        said(&pair, &certificate(&pair))
    };
    assert_eq!(pair(4), "accepted");
    let unproved = "O1 at instruction#3: expected location#1 to hold value#0, found nothing known";
    assert_eq!(pair(2), unproved);
}
