//! Pairs that one thought or another might take for right: what the checker says of the
//! certificate that says so, and what the verifier says.

use stackmap_verifier::certificate::{
    Certificate, Claim, Entry, Fact, Otherwise, Reference, check,
};
use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Block, Cell, Location, LocationKind, Name, OperationKind,
    Origin, Slot, SlotData, SlotOwner, Value,
};
use stackmap_verifier::{Collector, Options, Outcome, Unsupported, verify};

const ORIGIN: Origin = Origin { line: 1, column: 1, length: 1 };

fn name(number: u32) -> Name {
    Name::Numbered("n", number)
}

fn register(number: u32) -> LocationKind {
    LocationKind::Register(name(number))
}

/// Both programs, being written; the counterpart of block `n` is block `n`.
#[derive(Default)]
struct Writer {
    before: BeforeBuilder,
    after: AfterBuilder,
    declared: Vec<Value>,
    certificate: Certificate,
}

impl Writer {
    /// A value that is declared, and a reference.
    fn reference(&mut self, number: u32) -> Value {
        let value = self.before.value(name(number));
        self.declared.push(value);
        self.certificate.references.push(Reference { value, always: true });
        value
    }

    fn block(&mut self, params: &[Value], places: &[Location], claims: &[(Location, Value)]) {
        let block = self.before.block(name(0), ORIGIN, params);
        self.after.block(name(0), ORIGIN, Some(block), places);
        let claim = |&(at, value): &(Location, Value)| Claim {
            at,
            fact: Fact { values: [value].as_slice().into(), otherwise: Otherwise::Nothing },
        };
        let claims = claims.iter().map(claim).collect();
        self.certificate.blocks.push(Entry { block, pending: None, nulls: Vec::new(), claims });
    }

    fn performs(&mut self, kind: OperationKind, uses: &[Value], defs: &[Value], acts: &[Action]) {
        self.before.operation(kind, uses, defs, ORIGIN);
        self.after.instruction(true, ORIGIN);
        acts.iter().for_each(|&act| self.after.action(act));
    }

    fn defines(&mut self, value: Value, at: Location) {
        let define = Action::Define { result: 0, at };
        self.performs(OperationKind::Plain, &[], &[value], &[define]);
    }

    fn observes(&mut self, value: Value, at: Location) {
        let read = Action::Use { operand: 0, at };
        self.performs(OperationKind::Plain, &[value], &[], &[read]);
    }

    /// The rule that is broken, and the verdict; the function ends here.
    fn said(mut self) -> (String, Outcome) {
        self.before.leave([]);
        self.after.leave([]);
        let (before, after) = (self.before.finish(), self.after.finish());
        let checked = check(&before, &self.declared, &after, Collector::Moving, &self.certificate);
        let said = checked.map_or_else(|why| why.to_string(), |()| "accepted".to_owned());
        (said, verify(&before, &self.declared, &after, &Options::default()).outcome)
    }
}

fn read(operand: u32, at: Location) -> Action {
    Action::Use { operand, at }
}

/// `v = op(v)`, which *before* in SSA form does not have. *After* reads, and writes, in
/// this order.
fn redefined(reads_first: bool) -> (String, Outcome) {
    let mut w = Writer::default();
    let (v, at) = (w.before.value(name(0)), w.after.location(register(0)));
    w.block(&[], &[], &[]);
    w.defines(v, at);
    let define = Action::Define { result: 0, at };
    let acts = if reads_first { [read(0, at), define] } else { [define, read(0, at)] };
    w.performs(OperationKind::Plain, &[v], &[v], &acts);
    w.said()
}

#[test]
fn an_operand_is_not_what_the_instruction_has_just_written() {
    let expected = "L2 at instruction#1: expected value#0 to be read before it is written, found \
                    the result of the same operation";
    let (said, outcome) = redefined(false);
    assert_eq!(said, expected);
    assert!(matches!(outcome, Outcome::Unsupported(Unsupported::DefinedTwice { .. })));
    // The checker does not ask for SSA form.
    assert_eq!(redefined(true).0, "accepted");
}

/// One operation makes two results, which *before* calls by these names.
fn makes(names: [u32; 2]) -> String {
    let mut w = Writer::default();
    let values = [0, 1].map(|number| w.before.value(name(number)));
    let places = [0, 1].map(|number| w.after.location(register(number)));
    w.block(&[], &[], &[]);
    let define = |result| Action::Define { result, at: places[result as usize] };
    let results = names.map(|number| values[number as usize]);
    w.performs(OperationKind::Plain, &[], &results, &[define(0), define(1)]);
    w.said().0
}

#[test]
fn two_results_of_one_operation_are_two_values() {
    let expected = "L2 at instruction#0: expected value#0 to be one result of the operation, \
                    found two";
    assert_eq!(makes([0, 0]), expected);
    assert_eq!(makes([0, 1]), "accepted");
}

/// A call whose result is written before the collector runs, or afterwards.
fn returns(is_behind: bool) -> String {
    let mut w = Writer::default();
    let (v, at) = (w.before.value(name(0)), w.after.location(register(0)));
    w.block(&[], &[], &[]);
    w.before.operation(OperationKind::Safepoint, &[], &[v], ORIGIN);
    w.after.instruction(true, ORIGIN);
    let define = Action::Define { result: 0, at };
    if is_behind {
        w.after.safepoint(&[]);
        w.after.action(define);
    } else {
        w.after.action(define);
        w.after.safepoint(&[]);
    }
    w.said().0
}

#[test]
fn a_result_is_written_behind_the_safepoint_of_its_instruction() {
    let expected = "L2 at instruction#0: expected results to be written behind the safepoint of \
                    their instruction, found one in front of it";
    assert_eq!(returns(false), expected);
    assert_eq!(returns(true), "accepted");
}

/// A parameter of the entry is in a cell, and an edge passes it on from there.
fn passed_from_a_cell(slots: usize, size: u32, escapes: bool, by_entry: bool) -> (String, Outcome) {
    let mut w = Writer::default();
    let (v, p) = (w.reference(0), w.reference(1));
    for _ in 0..slots {
        let escapes = escapes.then_some(ORIGIN);
        w.after.slot(SlotData { name: name(9), size, owner: SlotOwner::Program, escapes });
    }
    let cell = Cell { slot: Slot::new(0), offset: 0, size: 8 };
    let cell = w.after.location(LocationKind::Cell(cell));
    let [home, x] = [1, 2].map(|n| w.after.location(register(n)));
    let from = if by_entry { cell } else { home };
    w.block(&[v], &[from], &[(from, v)]);
    w.before.leave([(Block::new(1), &[v][..])]);
    w.after.leave([(Block::new(1), &[cell][..])]);
    w.block(&[p], &[x], &[(x, p)]);
    w.observes(p, x);
    w.said()
}

#[test]
fn what_is_passed_is_in_a_place_for_values() {
    assert_eq!(passed_from_a_cell(1, 8, false, true).0, "accepted");
    for (slots, size, escapes, found) in [
        (
            1,
            8,
            true,
            "a slot that nobody else knows, found location#0, in a slot whose address is used",
        ),
        (1, 4, false, "a cell within a slot, found Cell { slot: slot#0, offset: 0, size: 8 }"),
        (0, 0, false, "a cell within a slot, found Cell { slot: slot#0, offset: 0, size: 8 }"),
    ] {
        // As a parameter of the function, and as an argument of an edge alone.
        for by_entry in [true, false] {
            let (said, outcome) = passed_from_a_cell(slots, size, escapes, by_entry);
            assert_eq!(said, format!("M1 at block#0: expected {found}"));
            assert_ne!(outcome, Outcome::Verified, "{found}");
        }
    }
}

/// An edge passes a value from a cell, and what receives it is never read.
#[test]
fn what_is_passed_is_in_a_place_for_values_though_nothing_reads_it() {
    for (size, expected) in [
        (8, "accepted"),
        (
            4,
            "M1 at block#0: expected a cell within a slot, found Cell { slot: slot#0, offset: 0, size: 8 }",
        ),
    ] {
        let mut w = Writer::default();
        let (v, p) = (w.before.value(name(0)), w.before.value(name(1)));
        let slot = SlotData { name: name(9), size, owner: SlotOwner::Spiller, escapes: None };
        w.after.slot(slot);
        let cell = Cell { slot: Slot::new(0), offset: 0, size: 8 };
        let cell = w.after.location(LocationKind::Cell(cell));
        let [home, x] = [1, 2].map(|n| w.after.location(register(n)));
        w.block(&[v], &[home], &[]);
        w.before.leave([(Block::new(1), &[v][..])]);
        w.after.leave([(Block::new(1), &[cell][..])]);
        w.block(&[p], &[x], &[]);
        let (said, outcome) = w.said();
        assert_eq!(said, expected);
        match outcome {
            Outcome::Verified => assert_eq!(size, 8),
            Outcome::Unsupported(Unsupported::OutsideSlot { .. }) => assert_eq!(size, 4),
            other @ (Outcome::Violated | Outcome::Unsupported(_) | Outcome::Internal(_)) => {
                panic!("{other:?}")
            }
        }
    }
}

/// Two values are written to two locations, and read there.
fn written_apart(kinds: [LocationKind; 2]) -> (String, Outcome) {
    let mut w = Writer::default();
    let values = [0, 1].map(|n| w.before.value(name(n)));
    let places = kinds.map(|kind| w.after.location(kind));
    w.block(&[], &[], &[]);
    w.defines(values[0], places[0]);
    w.defines(values[1], places[1]);
    let reads = [read(0, places[0]), read(1, places[1])];
    w.performs(OperationKind::Plain, &values, &[], &reads);
    w.said()
}

#[test]
fn one_register_is_not_two_locations() {
    let ssa = |n| LocationKind::Value(name(n));
    for kinds in [[register(0), register(1)], [ssa(0), ssa(1)], [register(0), ssa(0)]] {
        assert_eq!(written_apart(kinds), ("accepted".to_owned(), Outcome::Verified));
    }
    for kinds in [[register(0), register(0)], [ssa(7), ssa(7)]] {
        let location = if kinds[0] == register(0) { "n0" } else { "n7" }.to_owned();
        let expected = "M2 at location#1: expected locations that are not one value or register, \
                        found one that is listed twice";
        let refused = Outcome::Unsupported(Unsupported::RepeatedLocation { location });
        assert_eq!(written_apart(kinds), (expected.to_owned(), refused));
    }
}

/// A reference is made at a location, which is the root of a safepoint, and read there.
fn rooted(at: impl FnOnce(&mut AfterBuilder) -> Location) -> (String, Outcome) {
    let mut w = Writer::default();
    let v = w.reference(0);
    let at = at(&mut w.after);
    w.block(&[], &[], &[]);
    w.defines(v, at);
    w.performs(OperationKind::Safepoint, &[v], &[], &[read(0, at)]);
    w.after.safepoint(&[at]);
    w.observes(v, at);
    w.said()
}

#[test]
fn a_location_that_does_not_exist_is_no_register() {
    let (said, outcome) = rooted(|_| Location::new(99));
    let expected = "M1 at instruction#0: expected a location, found location#99, which is none";
    assert_eq!(said, expected);
    assert!(matches!(outcome, Outcome::Unsupported(Unsupported::Dangling { .. })));
    // Nor as what is overwritten, or as a parameter.
    let mut w = Writer::default();
    w.block(&[], &[], &[]);
    w.performs(OperationKind::Plain, &[], &[], &[Action::Clobber { at: Location::new(0) }]);
    let expected = "M1 at instruction#0: expected a location, found location#0, which is none";
    assert_eq!(w.said().0, expected);
    let mut w = Writer::default();
    let v = w.before.value(name(0));
    w.block(&[v], &[Location::new(0)], &[]);
    assert_eq!(w.said().0, "M1 at block#0: expected a location, found location#0, which is none");
}

#[test]
fn a_register_may_be_a_root() {
    let root = rooted(|after| after.location(register(0)));
    assert_eq!(root, ("accepted".to_owned(), Outcome::Verified));
}

/// A reference in a cell, which a call lists, is read by the call, behind its safepoint.
fn read_late(moves: bool) -> (String, Outcome) {
    let mut w = Writer::default();
    let v = w.reference(0);
    w.after.slot(SlotData { name: name(9), size: 8, owner: SlotOwner::Spiller, escapes: None });
    let cell = Cell { slot: Slot::new(0), offset: 0, size: 8 };
    let cell = w.after.location(LocationKind::Cell(cell));
    let x = w.after.location(register(0));
    w.block(&[], &[], &[]);
    w.defines(v, cell);
    w.performs(OperationKind::Safepoint, &[v], &[], &[]);
    w.after.safepoint(&[cell]);
    if moves {
        w.after.action(Action::Move { from: cell, to: x });
    }
    w.after.action(read(0, if moves { x } else { cell }));
    w.said()
}

#[test]
fn nothing_is_moved_behind_a_safepoint_in_its_own_instruction() {
    let (said, outcome) = read_late(true);
    let expected = "L2 at instruction#1: expected nothing to be moved behind a safepoint in its \
                    own instruction, found a move or a null";
    assert_eq!((said.as_str(), outcome), (expected, Outcome::Violated));
    // An operand may be read late: where the collector has updated it.
    assert_eq!(read_late(false), ("accepted".to_owned(), Outcome::Verified));
}
