//! An instruction that performs an operation: reads every operand, writes every
//! result once, and has a safepoint if the operation has one.

use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Location, LocationKind, Name, OperationKind, Origin,
};
use stackmap_verifier::{Options, Outcome, verify};

/// An action, without its place.
#[derive(Clone, Copy)]
enum Does {
    Reads(u32),
    Writes(u32),
    Collects,
    Moves,
}
use Does::{Collects, Moves, Reads, Writes};

/// What is said of an operation with two operands and two results, and an
/// instruction that does this.
fn said(kind: OperationKind, does: &[Does]) -> String {
    let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
    let v: Vec<_> = (0..4).map(|n| before.value(Name::Numbered("v", n))).collect();
    let at: Vec<Location> =
        (0..5).map(|n| after.location(LocationKind::Value(Name::Numbered("v", n)))).collect();
    let name = Name::Numbered("block", 0);
    let block = before.block(name.clone(), Origin::default(), &v[..2]);
    before.operation(kind, &v[..2], &v[2..], Origin::default());
    before.leave([]);
    after.block(name, Origin::default(), Some(block), &at[..2]);
    after.instruction(true, Origin::default());
    for &action in does {
        let place = |index: u32| at[index.min(1) as usize];
        match action {
            Reads(operand) => after.action(Action::Use { operand, at: place(operand) }),
            Writes(result) => {
                after.action(Action::Define { result, at: at[2 + result.min(1) as usize] })
            }
            Collects => after.safepoint(&[]),
            Moves => after.action(Action::Move { from: at[0], to: at[4] }),
        }
    }
    after.leave([]);
    match verify(&before.finish(), &[], &after.finish(), &Options::default()).outcome {
        Outcome::Verified => "verified".to_owned(),
        Outcome::Unsupported(reason) => reason.to_string(),
        outcome @ (Outcome::Violated | Outcome::Internal(_)) => panic!("{outcome:?}"),
    }
}

fn plain(does: &[Does]) -> String {
    said(OperationKind::Plain, does)
}

#[test]
fn any_order_will_do() {
    assert_eq!(plain(&[Reads(0), Reads(1), Writes(0), Writes(1)]), "verified");
    assert_eq!(plain(&[Reads(1), Reads(0), Writes(1), Writes(0)]), "verified");
    assert_eq!(plain(&[Reads(0), Moves, Reads(1), Writes(0), Moves, Writes(1)]), "verified");
}

#[test]
fn an_operand_is_read_once_or_more() {
    assert_eq!(plain(&[Reads(0), Reads(0), Reads(1), Writes(0), Writes(1)]), "verified");
    for unread in [&[Reads(0)][..], &[Reads(1)], &[Reads(0), Reads(0)], &[Reads(1), Reads(1)]] {
        let does = [unread, &[Writes(0), Writes(1)]].concat();
        assert!(plain(&does).ends_with("an operand is not read"), "{}", plain(&does));
    }
}

#[test]
fn a_result_is_written_just_once() {
    for written in [
        &[Writes(0)][..],
        &[Writes(1)],
        &[Writes(0), Writes(0)],
        &[Writes(1), Writes(1)],
        &[Writes(0), Writes(0), Writes(1)],
        &[Writes(0), Writes(1), Writes(1)],
    ] {
        let does = [&[Reads(0), Reads(1)], written].concat();
        let said = plain(&does);
        assert!(said.ends_with("a result is not written exactly once"), "{said}");
    }
}

#[test]
fn operands_and_results_that_are_not_there() {
    let said = plain(&[Reads(0), Reads(1), Reads(2), Writes(0), Writes(1)]);
    assert!(said.contains("operand 2 does not exist"), "{said}");
    let said = plain(&[Reads(0), Reads(1), Writes(0), Writes(1), Writes(2)]);
    assert!(said.contains("result 2 does not exist"), "{said}");
    let said = plain(&[Reads(1), Reads(2), Writes(0), Writes(1)]);
    assert!(said.contains("operand 2 does not exist"), "{said}");
    let said = plain(&[Reads(0), Reads(1), Writes(1), Writes(2)]);
    assert!(said.contains("result 2 does not exist"), "{said}");
}

#[test]
fn an_operation_without_operands_reads_and_writes_none() {
    for (action, what) in [
        (Action::Use { operand: 0, at: Location::new(0) }, "operand 0 does not exist"),
        (Action::Define { result: 0, at: Location::new(0) }, "result 0 does not exist"),
    ] {
        let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
        after.location(LocationKind::Value(Name::Numbered("v", 0)));
        let name = Name::Numbered("block", 0);
        let block = before.block(name.clone(), Origin::default(), &[]);
        before.operation(OperationKind::Plain, &[], &[], Origin::default());
        before.leave([]);
        after.block(name, Origin::default(), Some(block), &[]);
        after.instruction(true, Origin::default());
        after.action(action);
        after.leave([]);
        let report = verify(&before.finish(), &[], &after.finish(), &Options::default());
        let Outcome::Unsupported(reason) = report.outcome else { panic!("{:?}", report.outcome) };
        assert!(reason.to_string().contains(what), "{reason}");
    }
}

#[test]
fn a_safepoint_in_both_or_in_neither() {
    let in_order = [Reads(0), Reads(1), Writes(0), Writes(1)];
    let mixed = [Reads(1), Reads(0), Writes(1), Writes(0)];
    for does in [in_order, mixed] {
        let with =
            |safepoints: usize| [&does[..2], &vec![Collects; safepoints], &does[2..]].concat();
        for (kind, wanted) in [(OperationKind::Plain, 0), (OperationKind::Safepoint, 1)] {
            for safepoints in 0..3 {
                let said = said(kind, &with(safepoints));
                match safepoints == wanted {
                    true => assert_eq!(said, "verified"),
                    false => assert!(said.contains("one function has a safepoint"), "{said}"),
                }
            }
        }
    }
}
