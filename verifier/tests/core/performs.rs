//! An instruction that performs an operation: reads every operand, writes every
//! result once, and has a safepoint if the operation has one.

use stackmap_verifier::findings::Code;
use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Location, LocationKind, Name, OperationKind, Origin,
};
use stackmap_verifier::{Options, Outcome, Report, verify};

/// An action, without its place.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Reads(u32),
    Writes(u32),
    Collects,
    Moves,
}
use Does::{Collects, Moves, Reads, Writes};

/// The report on an operation with two operands and two results, and an
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
    let report = verify(&before.finish(), &[], &after.finish(), &Options::default());
    match report.outcome {
        Outcome::Verified => "verified".to_owned(),
        Outcome::Violated => difference(&report),
        outcome @ (Outcome::Unsupported(_) | Outcome::Internal(_)) => panic!("{outcome:?}"),
    }
}

/// The difference of the one instruction that is not as it was.
fn difference(report: &Report) -> String {
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!(finding.code, Code::ChangedProgram);
    assert_eq!(finding.message, "an instruction does not do what it does before spilling");
    finding.primary.text.clone()
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
fn results_are_written_behind_a_safepoint() {
    let call = |does: &[Does]| said(OperationKind::Safepoint, does);
    assert_eq!(call(&[Reads(0), Reads(1), Collects, Writes(1), Writes(0)]), "verified");
    let early = |result: u32| format!("result {result} is written here in front of the safepoint");
    assert_eq!(call(&[Reads(0), Reads(1), Writes(0), Collects, Writes(1)]), early(0));
    assert_eq!(call(&[Reads(0), Reads(1), Writes(1), Collects, Writes(0)]), early(1));
    assert_eq!(call(&[Reads(0), Reads(1), Writes(1), Writes(0), Collects]), early(1));
}

#[test]
fn nothing_is_moved_behind_a_safepoint() {
    let call = |does: &[Does]| said(OperationKind::Safepoint, does);
    assert_eq!(call(&[Reads(0), Reads(1), Moves, Collects, Writes(0), Writes(1)]), "verified");
    let moved = "a value is moved here behind the safepoint";
    assert_eq!(call(&[Reads(0), Reads(1), Collects, Moves, Writes(0), Writes(1)]), moved);
    assert_eq!(call(&[Reads(0), Reads(1), Collects, Writes(0), Writes(1), Moves]), moved);
}

#[test]
fn an_operand_is_read_once_or_more() {
    assert_eq!(plain(&[Reads(0), Reads(0), Reads(1), Writes(0), Writes(1)]), "verified");
    for unread in [&[Reads(0)][..], &[Reads(1)], &[Reads(0), Reads(0)], &[Reads(1), Reads(1)]] {
        let does = [unread, &[Writes(0), Writes(1)]].concat();
        let operand = if unread[0] == Reads(0) { 1 } else { 0 };
        assert_eq!(plain(&does), format!("operand {operand} is not read here"));
    }
}

#[test]
fn a_result_is_written_just_once() {
    for (written, result, times) in [
        (&[Writes(0)][..], 1, 0),
        (&[Writes(1)], 0, 0),
        (&[Writes(0), Writes(0)], 0, 2),
        (&[Writes(1), Writes(1)], 0, 0),
        (&[Writes(0), Writes(0), Writes(1)], 0, 2),
        (&[Writes(0), Writes(1), Writes(1)], 1, 2),
    ] {
        let does = [&[Reads(0), Reads(1)], written].concat();
        assert_eq!(plain(&does), format!("result {result} is written {times} times here"));
    }
}

#[test]
fn operands_and_results_that_are_not_there() {
    let said = plain(&[Reads(0), Reads(1), Reads(2), Writes(0), Writes(1)]);
    assert!(said.starts_with("this reads operand 2, which"), "{said}");
    let said = plain(&[Reads(0), Reads(1), Writes(0), Writes(1), Writes(2)]);
    assert!(said.starts_with("this writes result 2, which"), "{said}");
    let said = plain(&[Reads(1), Reads(2), Writes(0), Writes(1)]);
    assert!(said.starts_with("this reads operand 2, which"), "{said}");
    let said = plain(&[Reads(0), Reads(1), Writes(1), Writes(2)]);
    assert!(said.starts_with("this writes result 2, which"), "{said}");
}

#[test]
fn an_operation_without_operands_reads_and_writes_none() {
    for (action, what) in [
        (Action::Use { operand: 0, at: Location::new(0) }, "this reads operand 0, which"),
        (Action::Define { result: 0, at: Location::new(0) }, "this writes result 0, which"),
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
        let said = difference(&report);
        assert!(said.starts_with(what), "{said}");
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
                    false => {
                        assert_eq!(said, format!("the collector runs {safepoints} times here"));
                    }
                }
            }
        }
    }
}
