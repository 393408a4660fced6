//! Certificates that the checker accepts and rejects, on pairs written by hand.

use stackmap_verifier::certificate::{
    Certificate, Entry, Fact, Otherwise, Reference, Rejected, check,
};
use stackmap_verifier::model::{
    Action, After, AfterBuilder, Before, BeforeBuilder, Block, Cell, Location, LocationKind, Name,
    OperationKind, Origin, Slot, SlotData, SlotOwner, Value,
};
use stackmap_verifier::{Collector, Options, Outcome, certify};

use crate::support::Writer;

type Pair = (Before, Vec<Value>, After);

fn proof((before, declared, after): &Pair) -> Certificate {
    let (report, certificate) = certify(before, declared, after, &Options::default());
    assert_eq!(report.outcome, Outcome::Verified);
    certificate.expect("of a pair that is verified")
}

fn checked((before, declared, after): &Pair, certificate: &Certificate) -> Result<(), Rejected> {
    check(before, declared, after, Collector::Moving, certificate)
}

/// The checker's result on the pair's certificate after a change.
fn said(pair: &Pair, tamper: impl FnOnce(&mut Certificate)) -> String {
    let mut certificate = proof(pair);
    assert_eq!(checked(pair, &certificate), Ok(()));
    tamper(&mut certificate);
    checked(pair, &certificate).map_or_else(|why| why.to_string(), |()| "accepted".to_owned())
}

/// A reference is spilled in one block, and reloaded behind a safepoint in the next.
fn spilled() -> Pair {
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.safepoint(&[slot]);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[]);
    w.finish(&[0])
}

/// A reference goes through an undeclared parameter.
fn passed() -> Pair {
    let mut w = Writer::new(0);
    w.block(&[]);
    w.make(0);
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    let v1 = w.ssa(1);
    w.observe(1, v1);
    w.leave(&[]);
    w.finish(&[0])
}

#[test]
fn a_certificate_proves_its_pair() {
    assert_eq!(said(&spilled(), |_| {}), "accepted");
    assert_eq!(said(&passed(), |_| {}), "accepted");
}

#[test]
fn claims_must_suffice_and_hold() {
    let pair = spilled();
    let unproved = "O2 at instruction#2: expected location#2 to hold null or any reference, found nothing known";
    assert_eq!(said(&pair, |c| c.blocks[1].claims.clear()), unproved);
    let refused =
        "S1 at block#0: expected location#2 to hold value#0, found location#2 with nothing known";
    assert_eq!(said(&pair, |c| c.blocks[0].claims = c.blocks[1].claims.clone()), refused);
    // "A reference" is enough for the root, and too little for what is read behind it.
    let vague = Fact { values: [].as_slice().into(), otherwise: Otherwise::Reference };
    let read =
        "O1 at instruction#4: expected location#1 to hold value#0, found null or any reference";
    assert_eq!(said(&pair, |c| c.blocks[1].claims[0].fact = vague), read);
}

#[test]
fn the_list_of_blocks_must_be_what_is_reached() {
    let pair = spilled();
    assert_eq!(
        said(&pair, |c| c.blocks.clear()),
        "L1 at block#0: expected both functions to begin in block 0, which is listed first, found another list"
    );
    let early = "L1 at block#0: expected both functions to begin in block 0, which is listed first, found another list";
    assert_eq!(said(&pair, |c| c.blocks.reverse()), early);
    assert_eq!(
        said(&pair, |c| c.blocks.truncate(1)),
        "L3 at block#0: expected an edge to where edge#0 of block#0 leads, found one to block#1, not listed"
    );
    let twice = "L1 at block#1: expected each block once, after one that leads to it, found one that is listed again";
    assert_eq!(said(&pair, |c| c.blocks.push(c.blocks[1].clone())), twice);
    let (nulls, claims) = (Vec::new(), Vec::new());
    let nowhere = Entry { block: Block::new(9), pending: None, nulls, claims };
    let missing = "L1 at block#9: expected each block once, after one that leads to it, found one that none has led to";
    assert_eq!(said(&pair, |c| c.blocks.push(nowhere)), missing);
}

#[test]
fn the_list_of_references_must_be_closed_and_have_causes() {
    let pair = passed();
    let receives =
        "R1 at value#1: expected value#1 to be listed, which receives value#0, found no entry";
    assert_eq!(said(&pair, |c| c.references.truncate(1)), receives);
    assert_eq!(
        said(&pair, |c| c.references.clear()),
        "R1 at value#0: expected all that is declared to be listed, found this, which is not"
    );
    assert_eq!(
        said(&pair, |c| c.references.reverse()),
        "R2 at value#1: expected what is declared, or receives what is listed earlier, found neither"
    );
    let more = Reference { value: Value::new(2), always: false };
    assert_eq!(
        said(&pair, |c| c.references.push(more)),
        "R2 at value#2: expected what is declared, or receives what is listed earlier, found neither"
    );
    let spoilt =
        "R2 at value#1: expected what is always a reference, or null, to be passed, found value#0";
    assert_eq!(said(&pair, |c| c.references[0].always = false), spoilt);
}

#[test]
fn a_copy_from_before_a_safepoint_is_stale() {
    let pair = |reload: bool| {
        let mut w = Writer::new(1);
        let (v0, slot) = (w.ssa(0), w.cell(0));
        w.block(&[]);
        w.make(0);
        w.copy(v0, slot);
        w.safepoint(&[slot]);
        let x = if reload { w.ssa(10) } else { v0 };
        w.copy(slot, if reload { x } else { slot });
        w.observe(0, x);
        w.leave(&[]);
        w.finish(&[0])
    };
    assert_eq!(said(&pair(true), |_| {}), "accepted");
    let certificate = proof(&pair(true));
    let stale = checked(&pair(false), &certificate).expect_err("a stale copy");
    let text = "O1 at instruction#4: expected location#0 to hold value#0, found nothing known";
    assert_eq!(stale.to_string(), text);
}

/// One block that defines a value in a cell and reads it there.
fn in_a_cell(escapes: Option<Origin>, size: u32, claimed: bool) -> Pair {
    let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
    let (name, origin) = (Name::Numbered("x", 0), Origin::default());
    let value = before.value(name.clone());
    let block = before.block(name.clone(), origin, &[]);
    before.operation(OperationKind::Plain, &[], &[value], origin);
    before.operation(OperationKind::Plain, &[value], &[], origin);
    before.leave([]);
    let owner = SlotOwner::Spiller;
    let slot = after.slot(SlotData { name: name.clone(), size: 8, owner, escapes });
    let at = after.location(LocationKind::Cell(Cell { slot, offset: 0, size }));
    after.block(name, origin, Some(block), &[]);
    after.instruction(true, origin);
    after.action(Action::Define { result: 0, at });
    after.instruction(claimed, origin);
    after.action(Action::Use { operand: 0, at });
    after.leave([]);
    (before.finish(), Vec::new(), after.finish())
}

#[test]
fn cells_must_be_places_for_values() {
    let right = in_a_cell(None, 8, true);
    let certificate = proof(&right);
    assert_eq!(checked(&right, &certificate), Ok(()));
    let text = |pair: &Pair| {
        let refused = checked(pair, &certificate).expect_err("is no place");
        // The verifier does not say that it is right either, and there is no other proof.
        let (report, none) = certify(&pair.0, &pair.1, &pair.2, &Options::default());
        match report.outcome {
            Outcome::Unsupported(_) | Outcome::Violated => assert_eq!(none, None),
            Outcome::Verified | Outcome::Internal(_) => panic!("{:?}", report.outcome),
        }
        refused.to_string()
    };
    let no_place = "M1 at instruction#0: expected a slot that nobody else knows, found location#0, in a slot whose address is used";
    assert_eq!(text(&in_a_cell(Some(Origin::default()), 8, true)), no_place);
    for size in [9, 0] {
        let cell = Cell { slot: Slot::new(0), offset: 0, size };
        let outside = format!("M1 at instruction#0: expected a cell within a slot, found {cell:?}");
        assert_eq!(text(&in_a_cell(None, size, true)), outside);
    }
    let other =
        "L2 at instruction#1: expected an operand of its operation to be read, found another";
    assert_eq!(text(&in_a_cell(None, 8, false)), other);
}

#[test]
fn ids_of_nothing_are_refused() {
    let pair = in_a_cell(None, 8, true);
    let claim = |at, value| {
        let values = [Value::new(value)].as_slice().into();
        let fact = Fact { values, otherwise: Otherwise::Nothing };
        stackmap_verifier::certificate::Claim { at: Location::new(at), fact }
    };
    let refused =
        "S1 at block#0: expected location#7 to hold value#0, found location#7 with nothing known";
    assert_eq!(said(&pair, |c| c.blocks[0].claims.push(claim(7, 0))), refused);
    let refused =
        "S1 at block#0: expected location#0 to hold value#9, found location#0 with nothing known";
    assert_eq!(said(&pair, |c| c.blocks[0].claims.push(claim(0, 9))), refused);
}

#[test]
fn one_block_of_before_may_be_two_blocks_of_after() {
    // Both arms of a branch lead to copies of one block, to which one of them passes
    // its parameter in another place.
    let pair = |at_home: bool| {
        let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
        let (name, origin) = (|n| Name::Numbered("n", n), Origin::default());
        let (a, p) = (before.value(name(0)), before.value(name(1)));
        let [at_a, at_p] = [0, 1].map(|n| after.location(LocationKind::Value(name(n))));
        let entry = before.block(name(2), origin, &[a]);
        before.leave([(Block::new(1), &[a][..]), (Block::new(1), &[a][..])]);
        let copied = before.block(name(3), origin, &[p]);
        before.operation(OperationKind::Plain, &[p], &[], origin);
        before.leave([]);
        after.block(name(2), origin, Some(entry), &[at_a]);
        after.leave([(Block::new(1), &[at_a][..]), (Block::new(2), &[][..])]);
        after.block(name(3), origin, Some(copied), &[at_p]);
        after.instruction(true, origin);
        after.action(Action::Use { operand: 0, at: at_p });
        after.leave([]);
        after.block(name(4), origin, Some(copied), &[]);
        after.instruction(true, origin);
        after.action(Action::Use { operand: 0, at: if at_home { at_p } else { at_a } });
        after.leave([]);
        (before.finish(), Vec::new(), after.finish())
    };
    assert_eq!(said(&pair(false), |_| {}), "accepted");
    let certificate = proof(&pair(false));
    let wrong = pair(true);
    assert!(checked(&wrong, &certificate).is_err());
    let (report, _) = certify(&wrong.0, &wrong.1, &wrong.2, &Options::default());
    assert_eq!(report.outcome, Outcome::Violated, "nothing is in the parameter's place");
}

/// Everything but comments and blank lines.
fn code(file: &str) -> Vec<String> {
    let path = format!("{}/kernel/src/certificate/{file}.rs", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a source file");
    let lines = text.lines().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).collect()
}

#[test]
fn the_checker_is_small_and_depends_on_the_model_alone() {
    let lines: Vec<String> =
        ["mod", "check", "edge", "step", "state", "reject"].into_iter().flat_map(code).collect();
    assert!(lines.len() < 740, "{} lines", lines.len());
    for line in &lines {
        let imports = line.starts_with("use crate::") || line.contains(" crate::");
        let allowed = ["use crate::model::", "use crate::Collector;"];
        assert!(!imports || allowed.iter().any(|start| line.starts_with(start)), "{line}");
        // Names and origins are for people.
        assert!(!["_name(", "origin", "display_"].iter().any(|word| line.contains(word)), "{line}");
    }
}
