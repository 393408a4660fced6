//! Each rule of the checker of certificates, broken alone. The certificates are written
//! by hand, so that nothing but the checker has a say.

use stackmap_verifier::Collector;
use stackmap_verifier::certificate::{
    Certificate, Claim, Entry, Fact, Otherwise, Reference, check,
};
use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Block, Cell, EdgeIndex, Location, LocationKind, Name,
    OperationKind, Origin, Slot, SlotData, SlotOwner, Value,
};

const ORIGIN: Origin = Origin { line: 1, column: 1, length: 1 };

/// Both programs and a certificate, being written.
#[derive(Default)]
struct Writer {
    before: BeforeBuilder,
    after: AfterBuilder,
    names: u32,
    slots: usize,
    certificate: Certificate,
}

impl Writer {
    fn name(&mut self) -> Name {
        self.names += 1;
        Name::Numbered("n", self.names)
    }

    fn value(&mut self) -> (Value, Location) {
        let name = self.name();
        (self.before.value(name.clone()), self.after.location(LocationKind::Value(name)))
    }

    fn reference(&mut self) -> (Value, Location) {
        let made = self.value();
        self.certificate.references.push(Reference { value: made.0, always: true });
        made
    }

    /// A slot of 16 bytes.
    fn slot(&mut self, owner: SlotOwner) -> Slot {
        let name = self.name();
        self.after.slot(SlotData { name, size: 16, owner, escapes: None });
        self.slots += 1;
        Slot::new(self.slots - 1)
    }

    fn cell(&mut self, slot: Slot, offset: u32, size: u32) -> Location {
        self.after.location(LocationKind::Cell(Cell { slot, offset, size }))
    }

    /// A block of both, with a claim for each location that is to hold one of some values.
    fn block(&mut self, params: &[(Value, Location)], claims: &[(Location, &[Value])]) {
        let name = self.name();
        let (values, places): (Vec<Value>, Vec<Location>) = params.iter().copied().unzip();
        let counterpart = self.before.block(name.clone(), ORIGIN, &values);
        let block = self.after.block(name, ORIGIN, Some(counterpart), &places);
        self.listed(block, None, claims);
    }

    fn listed(
        &mut self,
        block: Block,
        pending: Option<(Block, EdgeIndex)>,
        claims: &[(Location, &[Value])],
    ) {
        let claim = |&(at, values): &(Location, &[Value])| Claim {
            at,
            fact: Fact { values: values.into(), otherwise: Otherwise::Nothing },
        };
        let claims = claims.iter().map(claim).collect();
        let nulls = Vec::new();
        self.certificate.blocks.push(Entry { block, pending, nulls, claims });
    }

    fn operation(&mut self, kind: OperationKind, uses: &[Value], defs: &[Value]) {
        self.before.operation(kind, uses, defs, ORIGIN);
        self.after.instruction(true, ORIGIN);
    }

    fn make(&mut self, (value, at): (Value, Location)) {
        self.operation(OperationKind::Plain, &[], &[value]);
        self.after.action(Action::Define { result: 0, at });
    }

    fn observe(&mut self, value: Value, at: Location) {
        self.operation(OperationKind::Plain, &[value], &[]);
        self.after.action(Action::Use { operand: 0, at });
    }

    fn safepoint(&mut self, roots: &[Location]) {
        self.operation(OperationKind::Safepoint, &[], &[]);
        self.after.safepoint(roots);
    }

    /// Something that the spiller does.
    fn own(&mut self, action: Action) {
        self.after.instruction(false, ORIGIN);
        self.after.action(action);
    }

    fn copy(&mut self, from: Location, to: Location) {
        self.own(Action::Move { from, to });
    }

    fn leave(&mut self, targets: &[usize]) {
        self.before.leave(targets.iter().map(|&target| (Block::new(target), &[][..])));
        self.after.leave(targets.iter().map(|&target| (Block::new(target), &[][..])));
    }

    /// The checker's result. All references are declared.
    fn said(self, collector: Collector) -> String {
        let declared: Vec<Value> = self.certificate.references.iter().map(|r| r.value).collect();
        let (before, after) = (self.before.finish(), self.after.finish());
        check(&before, &declared, &after, collector, &self.certificate)
            .map_or_else(|why| why.to_string(), |()| "accepted".to_owned())
    }
}

/// One block, left by these edges, which both lead back to it, or by nothing at all.
fn left_by(before: Option<usize>, after: Option<usize>) -> String {
    let mut w = Writer::default();
    w.block(&[], &[]);
    let edge = (Block::new(0), &[][..]);
    if let Some(edges) = before {
        w.before.leave(vec![edge; edges]);
    }
    let edge = (Block::new(0), &[][..]);
    if let Some(edges) = after {
        w.after.leave(vec![edge; edges]);
    }
    w.said(Collector::Moving)
}

#[test]
fn both_blocks_end_and_are_left_by_as_many_edges() {
    let unended = "L1 at block#0: expected a block of before that ends, found none";
    let otherwise = "L1 at block#0: expected a block that is left by as many edges as in before, \
                     found another number";
    assert_eq!(left_by(Some(0), Some(0)), "accepted");
    assert_eq!(left_by(Some(1), Some(1)), "accepted");
    for (before, after) in
        [(None, Some(0)), (Some(0), None), (Some(0), Some(1)), (Some(1), Some(0))]
    {
        let text = if before.is_none() { unended } else { otherwise };
        assert_eq!(left_by(before, after), text);
    }
}

/// A safepoint with an operand and a result, and how often *after* does each.
fn performed(reads: usize, writes: usize, collections: usize) -> String {
    let mut w = Writer::default();
    let (v0, v1) = (w.value(), w.value());
    w.block(&[v0], &[(v0.1, &[v0.0])]);
    w.operation(OperationKind::Safepoint, &[v0.0], &[v1.0]);
    (0..reads).for_each(|_| w.after.action(Action::Use { operand: 0, at: v0.1 }));
    (0..collections).for_each(|_| w.after.safepoint(&[]));
    (0..writes).for_each(|_| w.after.action(Action::Define { result: 0, at: v1.1 }));
    w.leave(&[]);
    w.said(Collector::Moving)
}

#[test]
fn an_instruction_does_all_that_its_operation_does_and_the_rest_once() {
    assert_eq!(performed(1, 1, 1), "accepted");
    assert_eq!(performed(2, 1, 1), "accepted");
    for (reads, writes, collections) in [(0, 1, 1), (1, 0, 1), (1, 2, 1), (1, 1, 0), (1, 1, 2)] {
        let found = match (writes, collections) {
            (2, _) => "each result of its operation to be written once, found another write",
            (_, 2) => {
                "the collector to run once if the operation is a safepoint, found another run"
            }
            _ => {
                "every operand to be read, every result written, a safepoint taken, found less \
                  than that"
            }
        };
        let text = performed(reads, writes, collections);
        assert_eq!(text, format!("L2 at instruction#0: expected {found}"));
    }
}

/// A write of something unknown, by the spiller or by an operation.
fn clobbered(by_spiller: bool, owner: SlotOwner, offset: u32) -> String {
    let mut w = Writer::default();
    let slot = w.slot(owner);
    let at = w.cell(slot, offset, 8);
    w.block(&[], &[]);
    match by_spiller {
        true => w.own(Action::Clobber { at }),
        false => {
            w.operation(OperationKind::Plain, &[], &[]);
            w.after.action(Action::Clobber { at });
        }
    }
    w.leave(&[]);
    w.said(Collector::Moving)
}

#[test]
fn the_spiller_writes_within_its_own_slots() {
    let no_place = "M1 at instruction#0: expected a cell within a slot, found Cell { slot: slot#0, offset: 9, size: 8 }";
    assert_eq!(clobbered(true, SlotOwner::Spiller, 8), "accepted");
    assert_eq!(clobbered(true, SlotOwner::Spiller, 9), no_place);
    let programs = "M1 at instruction#0: expected the spiller to write to slots of its own, found \
                    location#0, in the program's";
    assert_eq!(clobbered(true, SlotOwner::Program, 8), programs);
    // What the program does is not its business.
    assert_eq!(clobbered(false, SlotOwner::Program, 8), "accepted");
    assert_eq!(clobbered(false, SlotOwner::Spiller, 9), "accepted");
}

/// A reference is spilled to each of these cells; all are roots.
fn rooted(cells: &[(u32, u32)], spilled: usize) -> String {
    let mut w = Writer::default();
    let slot = w.slot(SlotOwner::Spiller);
    let roots: Vec<Location> = cells.iter().map(|&(o, size)| w.cell(slot, o, size)).collect();
    let v0 = w.reference();
    w.block(&[], &[]);
    w.make(v0);
    roots[..spilled].iter().for_each(|&root| w.copy(v0.1, root));
    w.safepoint(&roots);
    w.leave(&[]);
    w.said(Collector::Moving)
}

#[test]
fn roots_are_within_their_slots_and_do_not_overlap() {
    assert_eq!(rooted(&[(0, 8), (8, 8)], 2), "accepted");
    let overlap = "M1 at instruction#3: expected roots that share no byte, found location#1, which overlaps location#0";
    assert_eq!(rooted(&[(0, 8), (4, 8)], 2), overlap);
    let outside = "M1 at instruction#1: expected a cell within a slot, found Cell { slot: slot#0, offset: 12, size: 8 }";
    assert_eq!(rooted(&[(12, 8)], 0), outside);
}

/// A value in a cell is read behind a write to another one.
fn overwritten(offset: u32) -> String {
    let mut w = Writer::default();
    let slot = w.slot(SlotOwner::Spiller);
    let (kept, other) = (w.cell(slot, 0, 8), w.cell(slot, offset, 4));
    let (v0, v1) = (w.value(), w.value());
    w.block(&[], &[]);
    w.make(v0);
    w.make(v1);
    w.copy(v0.1, kept);
    w.copy(v1.1, other);
    w.observe(v0.0, kept);
    w.leave(&[]);
    w.said(Collector::Moving)
}

#[test]
fn a_write_ends_what_is_known_of_cells_that_overlap() {
    assert_eq!(overwritten(8), "accepted");
    let unproved = "O1 at instruction#4: expected location#0 to hold value#0, found nothing known";
    assert_eq!(overwritten(4), unproved);
}

#[test]
fn both_take_the_same_edge() {
    for (target, text) in [
        (1, "accepted"),
        (
            2,
            "L3 at block#0: expected an edge to where edge#0 of block#0 leads, found one to block#2",
        ),
    ] {
        let mut w = Writer::default();
        w.block(&[], &[]);
        w.before.leave([(Block::new(1), &[][..])]);
        w.after.leave([(Block::new(target), &[][..])]);
        for _ in 1..=2 {
            w.block(&[], &[]);
            w.leave(&[]);
        }
        // Only what is reached is listed.
        w.certificate.blocks.retain(|entry| [0, target].contains(&entry.block.index()));
        assert_eq!(w.said(Collector::Moving), text);
    }
}

/// On the only edge are two split-edge blocks, 2 and 3, that lead to these blocks; the
/// certificate lists them in this order.
fn split_edges(targets: [usize; 2], order: [usize; 2]) -> String {
    let mut w = Writer::default();
    w.block(&[], &[]);
    w.before.leave([(Block::new(1), &[][..])]);
    w.after.leave([(Block::new(2), &[][..])]);
    w.block(&[], &[]);
    w.leave(&[]);
    let last = w.certificate.blocks.pop();
    for target in targets {
        let name = w.name();
        w.after.block(name, ORIGIN, None, &[]);
        w.after.leave([(Block::new(target), &[][..])]);
    }
    for block in order {
        w.listed(Block::new(block), Some((Block::new(0), EdgeIndex::new(0))), &[]);
    }
    w.certificate.blocks.extend(last);
    w.said(Collector::Moving)
}

#[test]
fn split_edge_blocks_get_to_an_end() {
    assert_eq!(split_edges([3, 1], [2, 3]), "accepted");
    let unreached = "L1 at block#3: expected each block once, after one that leads to it, found one that none has led to";
    assert_eq!(split_edges([1, 1], [2, 3]), unreached);
    let elsewhere = |block, to| {
        format!(
            "L3 at block#{block}: expected an edge to where edge#0 of block#0 leads, found one to \
             block#{to}"
        )
    };
    assert_eq!(split_edges([2, 1], [2, 3]), elsewhere(2, 2));
    assert_eq!(split_edges([3, 2], [2, 3]), elsewhere(3, 2));
    assert_eq!(split_edges([3, 3], [2, 3]), elsewhere(3, 3));
}

/// The entry's two parameters are passed on: to these of three places, two values and a
/// cell, and this many of them.
fn assigned(params: &[usize], passed: usize) -> String {
    let mut w = Writer::default();
    let slot = w.slot(SlotOwner::Spiller);
    let from = [w.value(), w.value()];
    let to = [w.value(), w.value()];
    let places = [to[0].1, to[1].1, w.cell(slot, 0, 8)];
    w.block(&from, &[]);
    let (values, arguments): (Vec<Value>, Vec<Location>) = from.into_iter().unzip();
    w.before.leave([(Block::new(1), &values[..])]);
    w.after.leave([(Block::new(1), &arguments[..passed])]);
    let name = w.name();
    let counterpart = w.before.block(name.clone(), ORIGIN, &[to[0].0, to[1].0]);
    let params: Vec<Location> = params.iter().map(|&place| places[place]).collect();
    let block = w.after.block(name, ORIGIN, Some(counterpart), &params);
    w.listed(block, None, &[]);
    w.leave(&[]);
    w.said(Collector::Moving)
}

#[test]
fn parameters_are_assigned_at_once() {
    assert_eq!(assigned(&[0, 1], 2), "accepted");
    let cannot = "L3 at block#0: expected one argument for each of distinct parameters, none of them a cell, found those of block#1";
    assert_eq!(assigned(&[0, 0], 2), cannot, "one place twice");
    assert_eq!(assigned(&[0], 2), cannot, "an argument for no parameter");
    assert_eq!(assigned(&[0, 1], 1), cannot, "a parameter without an argument");
    assert_eq!(assigned(&[0, 2], 2), cannot, "a parameter in a cell");
}

#[test]
fn a_copy_of_an_earlier_instance_is_none_of_the_latest() {
    // No program in SSA form defines a value twice in a row.
    let mut w = Writer::default();
    let slot = w.slot(SlotOwner::Spiller);
    let (v0, kept) = (w.value(), w.cell(slot, 0, 8));
    w.block(&[], &[]);
    w.make(v0);
    w.copy(v0.1, kept);
    w.make(v0);
    w.observe(v0.0, kept);
    w.leave(&[]);
    let unproved = "O1 at instruction#3: expected location#1 to hold value#0, found nothing known";
    assert_eq!(w.said(Collector::Moving), unproved);
}

/// Of two references, one is spilled on each way to a safepoint that lists the slot.
fn kept_by_a_root(spilled: [usize; 2], claimed: usize) -> String {
    let mut w = Writer::default();
    let slot = w.slot(SlotOwner::Spiller);
    let root = w.cell(slot, 0, 8);
    let made = [w.reference(), w.reference()];
    let [v0, v1] = made;
    w.block(&[], &[]);
    w.make(v0);
    w.make(v1);
    w.leave(&[1, 2]);
    for from in spilled {
        w.block(&[], &[(v0.1, &[v0.0]), (v1.1, &[v1.0])]);
        w.copy(made[from].1, root);
        w.leave(&[3]);
    }
    w.block(&[], &[(v0.1, &[v0.0]), (root, &[v0.0, v1.0][..claimed])]);
    w.safepoint(&[root]);
    w.observe(v0.0, v0.1);
    w.leave(&[]);
    w.said(Collector::NonMoving)
}

#[test]
fn a_root_keeps_what_it_must_hold() {
    assert_eq!(kept_by_a_root([0, 0], 1), "accepted");
    let unproved = "O1 at instruction#5: expected location#1 to hold value#0, found nothing known";
    assert_eq!(kept_by_a_root([0, 1], 2), unproved);
}
