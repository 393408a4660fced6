//! Findings of after-only evidence, program by program. `tests/oracle` compares
//! random ones with what their runs show, objects moving.

use stackmap_verifier::after_only::{AfterOnly, AfterOnlyBuilder, Making, Role};
use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::{
    Action, AfterBuilder, Block, Cell, Location, LocationKind, Name, Origin, Slot, SlotData,
    SlotOwner,
};
use stackmap_verifier::{Collector, Options, Outcome, Report, Unsupported, verify_after_only};

/// A function alone, being written. Values are numbered in order.
#[derive(Default)]
struct Writer {
    after: AfterBuilder,
    natures: AfterOnlyBuilder,
    values: u32,
    slots: u32,
    blocks: u32,
    line: u32,
}

impl Writer {
    fn value(&mut self) -> Location {
        self.values += 1;
        self.after.location(LocationKind::Value(Name::Numbered("v", self.values - 1)))
    }

    fn slot(&mut self, escapes: Option<Origin>) -> Slot {
        self.slots += 1;
        let name = Name::Numbered("ss", self.slots - 1);
        self.after.slot(SlotData { name, size: 8, owner: SlotOwner::Spiller, escapes });
        Slot::new(self.slots as usize - 1)
    }

    fn part(&mut self, slot: Slot, offset: u32, size: u32) -> Location {
        self.after.location(LocationKind::Cell(Cell { slot, offset, size }))
    }

    /// The whole of a new slot.
    fn cell(&mut self) -> Location {
        let slot = self.slot(None);
        self.part(slot, 0, 8)
    }

    fn origin(&mut self) -> Origin {
        self.line += 1;
        Origin { line: self.line, column: 1, length: 1 }
    }

    /// Begins a block; values are its parameters.
    fn block(&mut self, params: &[Location]) {
        let origin = self.origin();
        self.after.block(Name::Numbered("block", self.blocks), origin, None, params);
        self.blocks += 1;
    }

    fn instruction(&mut self, making: Making, movable: bool, operands: &[(Role, Location)]) {
        let origin = self.origin();
        self.after.instruction(false, origin);
        self.natures.instruction(making, movable);
        for (operand, &(role, at)) in (0..).zip(operands) {
            self.natures.operand(role);
            self.after.action(Action::Use { operand, at });
        }
    }

    /// A new value.
    fn make(&mut self, making: Making, operands: &[(Role, Location)]) -> Location {
        self.instruction(making, false, operands);
        self.result()
    }

    fn result(&mut self) -> Location {
        let at = self.value();
        self.after.action(Action::Define { result: 0, at });
        at
    }

    /// The result of a movable load from this address.
    fn load(&mut self, address: Location) -> Location {
        self.instruction(Making::Unknown, true, &[(Role::Dereferenced, address)]);
        self.result()
    }

    fn observe(&mut self, role: Role, at: Location) {
        self.instruction(Making::Unknown, false, &[(role, at)]);
    }

    fn copy(&mut self, from: Location, to: Location) {
        self.instruction(Making::Unknown, false, &[]);
        self.after.action(Action::Move { from, to });
    }

    fn safepoint(&mut self, roots: &[Location]) {
        self.instruction(Making::Unknown, false, &[]);
        self.after.safepoint(roots);
    }

    fn leave(&mut self, edges: &[(usize, &[Location])]) {
        self.after.leave(edges.iter().map(|&(target, args)| (Block::new(target), args)));
    }

    fn finish(self) -> AfterOnly {
        self.natures.finish(self.after.finish())
    }

    /// The verdict if the function ends here.
    fn verify(mut self, declared: &[Location], collector: Collector) -> Report {
        self.leave(&[]);
        verify_after_only(&self.finish(), declared, &Options { collector, ..Options::default() })
    }
}

fn codes(report: &Report) -> Vec<Code> {
    report.findings.iter().map(|finding| finding.code).collect()
}

fn only(report: Report) -> Finding {
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    report.findings.into_iter().next().expect("one")
}

#[test]
fn slots_that_no_safepoint_lists_are_not_counted() {
    let mut w = Writer::default();
    let (v0, listed, not_listed) = (w.value(), w.cell(), w.cell());
    w.block(&[v0]);
    w.copy(v0, listed);
    w.copy(v0, not_listed);
    w.safepoint(&[listed]);
    assert_eq!(w.verify(&[], Collector::Moving).stats.slots, 1);
}

#[test]
fn memory_outside_of_the_slots() {
    for (offset, size) in [(8, 8), (4, 8), (0, 0), (u32::MAX, u32::MAX)] {
        for read in [false, true] {
            let mut w = Writer::default();
            let slot = w.slot(None);
            let (v0, v1, part) = (w.value(), w.value(), w.part(slot, offset, size));
            w.block(&[v0]);
            if read {
                w.copy(part, v1)
            } else {
                w.copy(v0, part)
            }
            let report = w.verify(&[], Collector::Moving);
            let is_outside =
                matches!(report.outcome, Outcome::Unsupported(Unsupported::OutsideSlot { .. }));
            assert!(is_outside, "{offset}, {size}: {:?}", report.outcome);
        }
    }
}

#[test]
fn a_root_in_a_slot_whose_address_is_used() {
    let mut w = Writer::default();
    let slot = w.slot(Some(Origin { line: 7, column: 1, length: 1 }));
    let (v0, root) = (w.value(), w.part(slot, 0, 8));
    w.block(&[v0]);
    w.copy(v0, root);
    w.safepoint(&[root]);
    let report = w.verify(&[], Collector::Moving);
    let escapes = matches!(report.outcome, Outcome::Unsupported(Unsupported::SlotEscapes { .. }));
    assert!(escapes, "{:?}", report.outcome);
}

#[test]
fn what_no_reference_gets_to_is_not_asked_about() {
    // Neither is defined on any path. But nobody says that they are references.
    let mut w = Writer::default();
    let (v0, v1) = (w.value(), w.value());
    w.block(&[]);
    w.observe(Role::Given, v0);
    w.observe(Role::Dereferenced, v1);
    let report = w.verify(&[], Collector::Moving);
    assert_eq!(report.outcome, Outcome::Verified);
}

#[test]
fn roots_that_hold_one_stale_copy_are_wrong_one_by_one() {
    let mut w = Writer::default();
    let (v0, ss0, ss1) = (w.value(), w.cell(), w.cell());
    w.block(&[v0]);
    w.safepoint(&[]);
    w.copy(v0, ss0);
    w.copy(v0, ss1);
    w.safepoint(&[ss0, ss1]);
    let report = w.verify(&[v0], Collector::Moving);
    let errors = report.findings.iter().filter(|finding| finding.code == Code::StaleRoot);
    let slots: Vec<_> = errors.map(|finding| finding.slot.clone()).collect();
    assert_eq!(slots, [Some("ss0".to_owned()), Some("ss1".to_owned())]);
}

#[test]
fn one_stale_copy_at_many_places_is_one_finding() {
    let mut w = Writer::default();
    let v0 = w.value();
    w.block(&[v0]);
    w.safepoint(&[]);
    (0..8).for_each(|_| w.observe(Role::Given, v0));
    let finding = only(w.verify(&[v0], Collector::Moving));
    let last = finding.notes.last().map(|note| note.text.clone());
    assert_eq!(last.as_deref(), Some("and at 3 more places, the first of them here"));
}

#[test]
fn events_stand_in_the_blocks_in_which_they_happen() {
    // The way to the definition has two edges, that to the safepoint one more, and that
    // to the copy three more.
    let mut w = Writer::default();
    let copy = w.value();
    w.block(&[]);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.leave(&[(2, &[])]);
    w.block(&[]);
    let v1 = w.make(Making::Unknown, &[]);
    w.leave(&[(3, &[])]);
    w.block(&[]);
    w.safepoint(&[]);
    w.leave(&[(4, &[])]);
    w.block(&[]);
    w.leave(&[(5, &[])]);
    w.block(&[]);
    w.copy(v1, copy);
    w.leave(&[(6, &[])]);
    w.block(&[]);
    w.observe(Role::Given, copy);
    let finding = only(w.verify(&[v1], Collector::Moving));
    let events = finding.witness.iter().map(|block| block.events.len());
    assert_eq!(events.collect::<Vec<_>>(), [0, 0, 1, 1, 0, 1, 1]);
}

#[test]
fn the_spills_that_a_reload_may_read_are_of_two_values() {
    // From the reload, those of v0 are nearest, both of them.
    let mut w = Writer::default();
    let (v0, v1, v2, v3, root) = (w.value(), w.value(), w.value(), w.value(), w.cell());
    w.block(&[v0, v1, v2]);
    w.leave(&[(1, &[]), (2, &[]), (3, &[])]);
    for (target, value) in [(5, v0), (5, v0), (4, v1)] {
        w.block(&[]);
        w.copy(value, root);
        w.leave(&[(target, &[])]);
    }
    w.block(&[]);
    w.leave(&[(5, &[])]);
    w.block(&[]);
    w.safepoint(&[root]);
    w.copy(root, v3);
    let finding = only(w.verify(&[], Collector::Moving));
    assert_eq!(finding.code, Code::AmbiguousReload);
    assert_eq!(finding.values, ["v0", "v1"]);
}

#[test]
fn many_roots_with_several_values_each() {
    // What each root holds behind each of three ways, and before the fork. The last holds one
    // value where it is read, whatever it held before.
    let ways = [[0, 1, 2], [0, 0, 2], [1, 1, 1], [2, 2, 2]];
    let mut w = Writer::default();
    let values: Vec<Location> = (0..3).map(|_| w.value()).collect();
    let roots: Vec<Location> = (0..60).map(|_| w.cell()).collect();
    w.block(&values);
    roots.iter().for_each(|&root| w.copy(values[1], root));
    w.leave(&[(1, &[]), (2, &[]), (3, &[])]);
    for way in 0..3 {
        w.block(&[]);
        for (i, &root) in roots.iter().enumerate() {
            w.copy(values[ways[i % 4][way]], root);
        }
        w.leave(&[(4, &[])]);
    }
    w.block(&[]);
    w.safepoint(&roots);
    for &root in &roots {
        let read = w.value();
        w.copy(root, read);
    }
    let report = w.verify(&[], Collector::Moving);
    let slots: Vec<_> = report.findings.iter().filter_map(|found| found.slot.clone()).collect();
    let expected = (0..60).filter(|i| i % 4 < 2).map(|i| format!("ss{i}"));
    assert_eq!(slots, expected.collect::<Vec<_>>());
    assert!(codes(&report).iter().all(|&code| code == Code::AmbiguousReload));
}

/// Two values are spilled to a root on two ways, and it is listed where they meet; that
/// block gets `v2` as its parameter, if it has one. Ends in the block behind.
fn two_spills(w: &mut Writer, root: Location, param: Option<Location>) {
    let (v0, v1, v2) = (w.value(), w.value(), w.value());
    w.block(&[v0, v1, v2]);
    w.leave(&[(1, &[]), (2, &[])]);
    let passed = param.map(|_| v2);
    for value in [v0, v1] {
        w.block(&[]);
        w.copy(value, root);
        w.leave(&[(3, passed.as_slice())]);
    }
    w.block(param.as_slice());
    w.safepoint(&[root]);
    w.leave(&[(4, &[])]);
    w.block(&[]);
}

#[test]
fn a_root_that_is_read_and_overwritten_in_one_step() {
    let mut w = Writer::default();
    let slot = w.slot(None);
    let (root, half) = (w.part(slot, 0, 8), w.part(slot, 4, 4));
    two_spills(&mut w, root, None);
    w.copy(root, half);
    assert_eq!(codes(&w.verify(&[], Collector::Moving)), [Code::AmbiguousReload]);
}

#[test]
fn a_root_that_is_a_parameter_has_one_value() {
    let mut codes_of = Vec::new();
    for is_param in [false, true] {
        let mut w = Writer::default();
        let root = w.after.location(LocationKind::Register(Name::Numbered("r", 0)));
        let read = w.value();
        two_spills(&mut w, root, is_param.then_some(root));
        w.copy(root, read);
        codes_of.push(codes(&w.verify(&[], Collector::Moving)));
    }
    assert_eq!(codes_of, [vec![Code::AmbiguousReload], vec![]]);
}

/// A load that an optimizer may move, with a second operand in this role, gives a
/// value that is declared.
fn load_with(role: Role, collector: Collector, safepoints: usize) -> Vec<Code> {
    let mut w = Writer::default();
    let (v0, v1, v2) = (w.value(), w.value(), w.value());
    w.block(&[v0, v1]);
    w.instruction(Making::Unknown, true, &[(Role::Dereferenced, v1), (role, v0)]);
    w.after.action(Action::Define { result: 0, at: v2 });
    (0..safepoints).for_each(|_| w.safepoint(&[]));
    codes(&w.verify(&[v0], collector))
}

#[test]
fn a_movable_load_is_a_hazard_if_it_reads_an_object() {
    let hazard = [Code::HazardousLoad];
    assert_eq!(load_with(Role::Dereferenced, Collector::Moving, 1), hazard);
    assert_eq!(load_with(Role::Examined, Collector::Moving, 1), []);
    assert_eq!(load_with(Role::Given, Collector::Moving, 1), []);
    // Nothing moves.
    assert_eq!(load_with(Role::Dereferenced, Collector::NonMoving, 1), []);
    assert_eq!(load_with(Role::Dereferenced, Collector::Moving, 0), []);
}

#[test]
fn or_if_it_yields_a_reference() {
    let mut w = Writer::default();
    let v0 = w.value();
    w.block(&[v0]);
    let v1 = w.load(v0);
    w.safepoint(&[]);
    let finding = only(w.verify(&[v1], Collector::Moving));
    assert_eq!(finding.code, Code::HazardousLoad);
    assert_eq!(finding.values, ["v1"]);
}

/// A reference is loaded, and used behind a safepoint that lists nothing.
fn kept(movable: bool, from_object: bool, collector: Collector) -> Outcome {
    let mut w = Writer::default();
    let v0 = w.value();
    w.block(&[v0]);
    w.instruction(Making::Unknown, movable, &[(Role::Dereferenced, v0)]);
    let v1 = w.result();
    w.safepoint(&[]);
    w.observe(Role::Given, v1);
    let declared = if from_object { vec![v0, v1] } else { vec![v1] };
    w.verify(&declared, collector).outcome
}

#[test]
fn memory_that_never_changes_keeps_what_is_loaded_from_it() {
    assert_eq!(kept(true, false, Collector::NonMoving), Outcome::Verified);
    assert_eq!(kept(false, false, Collector::NonMoving), Outcome::Violated);
    assert_eq!(kept(true, true, Collector::NonMoving), Outcome::Violated);
    assert_eq!(kept(true, false, Collector::Moving), Outcome::Violated);
}

#[test]
fn if_nothing_moves_a_root_keeps_copies_of_what_it_holds_and_no_others() {
    for (spilled, outcome) in [(0, Outcome::Verified), (1, Outcome::Violated)] {
        let mut w = Writer::default();
        let values = [w.value(), w.value()];
        let root = w.cell();
        w.block(&values);
        w.copy(values[spilled], root);
        w.safepoint(&[root]);
        w.observe(Role::Given, values[0]);
        assert_eq!(w.verify(&values, Collector::NonMoving).outcome, outcome, "{spilled}");
    }
}
