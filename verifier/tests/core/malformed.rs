//! Models that no compiler made: each gets an answer, and none a panic.

use crate::support::Writer;
use stackmap_verifier::findings::Code;
use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Block, Cell, Location, LocationKind, Name, OperationKind,
    Origin, Slot, Value,
};
use stackmap_verifier::{Options, Outcome, Report, verify};

fn name(text: &str) -> Name {
    Name::Text(text.into())
}

fn reason(report: &Report) -> String {
    match &report.outcome {
        Outcome::Unsupported(reason) => reason.to_string(),
        Outcome::Verified | Outcome::Violated | Outcome::Internal(_) => {
            panic!("{:?}", report.outcome)
        }
    }
}

fn check(before: BeforeBuilder, declared: &[Value], after: AfterBuilder) -> Report {
    verify(&before.finish(), declared, &after.finish(), &Options::default())
}

/// A pair of one block each, left open.
fn open() -> (BeforeBuilder, AfterBuilder) {
    let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
    let block = before.block(name("b"), Origin::default(), &[]);
    after.block(name("b"), Origin::default(), Some(block), &[]);
    (before, after)
}

#[test]
fn programs_without_blocks() {
    let report = check(BeforeBuilder::new(), &[], AfterBuilder::new());
    assert_eq!(reason(&report), "the before function has no blocks");
}

#[test]
fn a_block_without_a_terminator() {
    let (mut before, after) = open();
    before.leave([]);
    assert_eq!(reason(&check(before, &[], after)), "malformed after function: b has no terminator");
}

#[test]
fn what_is_mirrored_and_does_not_exist_is_asked_for_where_something_runs() {
    let mut w = Writer::new(0);
    w.block(&[]);
    w.leave(&[]);
    let (before, _, _) = w.finish(&[]);
    for reached in [true, false] {
        let mut after = AfterBuilder::new();
        after.block(name("b"), Origin::default(), Some(Block::new(0)), &[]);
        after.leave(reached.then_some((Block::new(1), &[][..])));
        after.block(name("c"), Origin::default(), Some(Block::new(7)), &[]);
        after.leave([]);
        let report = verify(&before, &[], &after.finish(), &Options::default());
        match reached {
            // Malformed, whatever else is wrong.
            true => assert!(reason(&report).contains("counterpart block#7"), "{}", reason(&report)),
            false => assert_eq!(report.outcome, Outcome::Verified),
        }
    }
}

#[test]
fn dangling_ids() {
    let (mut before, mut after) = open();
    before.operation(OperationKind::Plain, &[Value::new(7)], &[], Origin::default());
    before.leave([]);
    after.leave([]);
    let report = check(before, &[], after);
    assert_eq!(reason(&report), "malformed before function: value#7 in block#0 does not exist");

    let (mut before, mut after) = open();
    before.leave([]);
    after.instruction(false, Origin::default());
    after.action(Action::Clobber { at: Location::new(usize::MAX) });
    after.leave([]);
    assert!(reason(&check(before, &[], after)).contains("does not exist"));

    let (mut before, mut after) = open();
    before.leave([]);
    after.leave([(Block::new(9), &[][..])]);
    assert!(reason(&check(before, &[], after)).contains("block#9 in block#0 does not exist"));

    let (mut before, mut after) = open();
    before.leave([]);
    after.leave([]);
    assert!(reason(&check(before, &[Value::new(3)], after)).contains("declared value#3"));
}

#[test]
fn a_block_without_an_end_is_refused_in_either_program() {
    let (before, mut after) = open();
    after.leave([]);
    assert!(reason(&check(before, &[], after)).contains("before"));
    let (mut before, after) = open();
    before.leave([]);
    assert!(reason(&check(before, &[], after)).contains("after"));
}

#[test]
fn the_first_id_that_is_not_there() {
    let (mut before, mut after) = open();
    before.leave([]);
    after.instruction(false, Origin::default());
    after.action(Action::Clobber { at: Location::new(0) });
    after.leave([]);
    assert!(reason(&check(before, &[], after)).contains("location#0 in block#0 does not exist"));

    let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
    before.block(name("b"), Origin::default(), &[]);
    before.leave([]);
    after.block(name("b"), Origin::default(), Some(Block::new(1)), &[]);
    after.leave([]);
    assert!(reason(&check(before, &[], after)).contains("counterpart block#1"));
}

#[test]
fn a_value_defined_by_an_operation_that_uses_it() {
    let mut w = Writer::new(0);
    let v0 = w.ssa(0);
    w.block(&[]);
    w.operation(OperationKind::Plain, &[(0, v0)], &[0], &[]);
    w.leave(&[]);
    assert!(reason(&w.verify(&[])).contains("v0 is used in block1 on a path"));
}

#[test]
fn a_value_defined_twice_or_used_before_it_is_defined() {
    let mut w = Writer::new(0);
    let v0 = w.ssa(0);
    w.block(&[]);
    w.observe(0, v0);
    w.make(0);
    w.leave(&[]);
    assert_eq!(
        reason(&w.verify(&[])),
        "malformed before function: v0 is used in block1 on a path that does not define it"
    );

    let mut w = Writer::new(0);
    w.block(&[]);
    w.make(0);
    w.make(0);
    w.leave(&[]);
    assert_eq!(reason(&w.verify(&[])), "malformed before function: v0 is defined twice");
}

#[test]
fn a_value_defined_twice_where_nothing_runs() {
    for params in [&[][..], &[0]] {
        let mut w = Writer::new(0);
        w.block(&[]);
        w.leave(&[]);
        w.block(params);
        w.make(0);
        if params.is_empty() {
            w.make(0);
        }
        w.leave(&[]);
        let said = reason(&w.verify(&[]));
        assert_eq!(said, "malformed before function: v0 is defined twice");
    }
}

#[test]
fn a_value_defined_on_another_path() {
    for (left, right) in [(0, 1), (1, 0)] {
        let mut w = Writer::new(0);
        let v0 = w.ssa(0);
        w.block(&[]);
        w.leave(&[(1, &[]), (2, &[])]);
        w.block(&[]);
        w.make(left);
        w.leave(&[(3, &[])]);
        w.block(&[]);
        w.make(right);
        w.leave(&[(3, &[])]);
        w.block(&[]);
        w.observe(0, v0);
        w.leave(&[]);
        assert!(reason(&w.verify(&[])).contains("v0 is used in"), "{left} {right}");
    }
}

#[test]
fn an_edge_to_the_first_block_that_is_not_there() {
    let mut before = BeforeBuilder::new();
    before.block(name("b"), Origin::default(), &[]);
    before.leave([(Block::new(1), &[][..])]);
    let mut after = AfterBuilder::new();
    after.block(name("b"), Origin::default(), Some(Block::new(0)), &[]);
    after.leave([]);
    assert!(reason(&check(before, &[], after)).contains("block#1 in block#0 does not exist"));
}

#[test]
fn an_edge_with_too_few_arguments() {
    let mut w = Writer::new(0);
    w.block(&[]);
    w.leave(&[(1, &[])]);
    w.block(&[0]);
    w.leave(&[]);
    assert!(reason(&w.verify(&[])).contains("passes 0 arguments"));
}

#[test]
fn entries_outside_their_slots_are_findings() {
    for (slot, offset, size) in [(5, 0, 8), (0, 4, 8), (0, u32::MAX, 8), (0, 0, 0)] {
        let mut w = Writer::new(1);
        let root = w.part(slot, offset, size);
        w.block(&[]);
        w.safepoint(&[root]);
        w.leave(&[]);
        let report = w.verify(&[]);
        assert_eq!(report.outcome, Outcome::Violated, "{slot} {offset} {size}");
        assert_eq!(report.findings[0].code, Code::MalformedEntry);
    }
}

#[test]
fn a_parameter_is_no_cell_and_listed_once() {
    for (params, is_refused) in [(&[0][..], false), (&[0, 1], false), (&[2], true), (&[0, 0], true)]
    {
        let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
        let v = ["v", "w"].map(|text| before.value(name(text)));
        let at = ["v", "w"].map(|text| after.location(LocationKind::Value(name(text))));
        let mut at = at.to_vec();
        let cell = Cell { slot: Slot::new(0), offset: 0, size: 8 };
        at.push(after.location(LocationKind::Cell(cell)));
        let at: Vec<_> = params.iter().map(|&i: &usize| at[i]).collect();
        let entry = before.block(name("b"), Origin::default(), &v[..params.len()]);
        before.leave([]);
        after.block(name("b"), Origin::default(), Some(entry), &at);
        after.leave([]);
        let outcome = check(before, &[], after).outcome;
        assert_eq!(outcome != Outcome::Verified, is_refused, "{params:?}: {outcome:?}");
    }
}
