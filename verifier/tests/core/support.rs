//! Writing pairs down: a before program as operations, and the after program that
//! a spiller made of it, both by hand.

use std::collections::BTreeMap;

use stackmap_verifier::model::{
    Action, After, AfterBuilder, Before, BeforeBuilder, Block, Cell, Location, LocationKind, Name,
    OperationKind, Origin, Slot, SlotData, SlotOwner, Value,
};
use stackmap_verifier::{Options, Report, verify};

/// A pair under construction. Value `n` lives in the SSA location `v{n}`.
#[derive(Default)]
pub(crate) struct Writer {
    before: BeforeBuilder,
    after: AfterBuilder,
    values: BTreeMap<u32, (Value, Location)>,
    cells: BTreeMap<(u32, u32, u32), Location>,
    line: u32,
}

impl Writer {
    /// A pair with this many spiller's slots of 8 bytes.
    pub(crate) fn new(slots: u32) -> Self {
        let mut writer = Writer::default();
        for number in 0..slots {
            writer.slot(number, SlotOwner::Spiller, None);
        }
        writer
    }

    /// One more slot of 8 bytes; they are numbered in order.
    pub(crate) fn slot(&mut self, number: u32, owner: SlotOwner, escapes: Option<Origin>) {
        let name = Name::Numbered("ss", number);
        self.after.slot(SlotData { name, size: 8, owner, escapes });
    }

    fn origin(&mut self) -> Origin {
        self.line += 1;
        Origin { line: self.line, column: 1, length: 1 }
    }

    /// Value `n`.
    pub(crate) fn value(&mut self, n: u32) -> Value {
        self.both(n).0
    }

    /// The SSA location of value `n`.
    pub(crate) fn ssa(&mut self, n: u32) -> Location {
        self.both(n).1
    }

    fn both(&mut self, n: u32) -> (Value, Location) {
        let Writer { before, after, values, .. } = self;
        *values.entry(n).or_insert_with(|| {
            let name = Name::Numbered("v", n);
            (before.value(name.clone()), after.location(LocationKind::Value(name)))
        })
    }

    /// A register, which is another at each call.
    pub(crate) fn register(&mut self, number: u32) -> Location {
        self.after.location(LocationKind::Register(Name::Numbered("r", number)))
    }

    /// Eight bytes at the start of a slot.
    pub(crate) fn cell(&mut self, slot: u32) -> Location {
        self.part(slot, 0, 8)
    }

    /// Some bytes of a slot.
    pub(crate) fn part(&mut self, slot: u32, offset: u32, size: u32) -> Location {
        let cell = Cell { slot: Slot::new(slot as usize), offset, size };
        let after = &mut self.after;
        *self
            .cells
            .entry((slot, offset, size))
            .or_insert_with(|| after.location(LocationKind::Cell(cell)))
    }

    /// The next block, in both programs.
    pub(crate) fn block(&mut self, params: &[u32]) {
        let origin = self.origin();
        let pairs: Vec<(Value, Location)> = params.iter().map(|&n| self.both(n)).collect();
        let values: Vec<Value> = pairs.iter().map(|pair| pair.0).collect();
        let locations: Vec<Location> = pairs.iter().map(|pair| pair.1).collect();
        let name = Name::Numbered("block", self.line);
        let block = self.before.block(name.clone(), origin, &values);
        self.after.block(name, origin, Some(block), &locations);
    }

    /// An operation in both programs; `at` is where *after* reads each operand.
    pub(crate) fn operation(
        &mut self,
        kind: OperationKind,
        uses: &[(u32, Location)],
        defs: &[u32],
        roots: &[Location],
    ) {
        let origin = self.origin();
        let values: Vec<Value> = uses.iter().map(|&(n, _)| self.value(n)).collect();
        let results: Vec<(Value, Location)> = defs.iter().map(|&n| self.both(n)).collect();
        let defined: Vec<Value> = results.iter().map(|result| result.0).collect();
        self.before.operation(kind, &values, &defined, origin);
        self.after.instruction(true, origin);
        for (operand, &(_, at)) in (0..).zip(uses) {
            self.after.action(Action::Use { operand, at });
        }
        if kind == OperationKind::Safepoint {
            self.after.safepoint(roots);
        }
        for (result, &(_, at)) in (0..).zip(&results) {
            self.after.action(Action::Define { result, at });
        }
    }

    /// `vN = make`, not a safepoint.
    pub(crate) fn make(&mut self, n: u32) {
        self.operation(OperationKind::Plain, &[], &[n], &[]);
    }

    /// `vN = make`, which *after* writes to `at`.
    pub(crate) fn make_in(&mut self, n: u32, at: Location) {
        let (origin, value) = (self.origin(), self.value(n));
        self.before.operation(OperationKind::Plain, &[], &[value], origin);
        self.after.instruction(true, origin);
        self.after.action(Action::Define { result: 0, at });
    }

    /// `vN = null`.
    pub(crate) fn null(&mut self, n: u32) {
        self.operation(OperationKind::Null, &[], &[n], &[]);
    }

    /// The spiller writes null.
    pub(crate) fn empty(&mut self, at: Location) {
        let origin = self.origin();
        self.after.instruction(false, origin);
        self.after.action(Action::Null { at });
    }

    /// A safepoint that uses and defines nothing.
    pub(crate) fn safepoint(&mut self, roots: &[Location]) {
        self.operation(OperationKind::Safepoint, &[], &[], roots);
    }

    /// Observes value `n`, which *after* reads at `at`.
    pub(crate) fn observe(&mut self, n: u32, at: Location) {
        self.operation(OperationKind::Plain, &[(n, at)], &[], &[]);
    }

    /// A move of the spiller's own.
    pub(crate) fn copy(&mut self, from: Location, to: Location) {
        let origin = self.origin();
        self.after.instruction(false, origin);
        self.after.action(Action::Move { from, to });
    }

    /// The instruction written last does this too.
    pub(crate) fn also(&mut self, action: Action) {
        self.after.action(action);
    }

    /// The spiller overwrites a location with something unknown.
    pub(crate) fn clobber(&mut self, at: Location) {
        let origin = self.origin();
        self.after.instruction(false, origin);
        self.after.action(Action::Clobber { at });
    }

    /// Ends the block with edges to blocks by index, passing values as they are.
    pub(crate) fn leave(&mut self, edges: &[(usize, &[u32])]) {
        let edges: Vec<(usize, Vec<(u32, Location)>)> = edges
            .iter()
            .map(|&(target, passed)| (target, passed.iter().map(|&n| (n, self.ssa(n))).collect()))
            .collect();
        let edges: Vec<(usize, &[(u32, Location)])> =
            edges.iter().map(|(target, passed)| (*target, passed.as_slice())).collect();
        self.leave_with(&edges);
    }

    /// Ends the block with edges to blocks by index; each argument comes with where
    /// *after* has it.
    pub(crate) fn leave_with(&mut self, edges: &[(usize, &[(u32, Location)])]) {
        let mut values = Vec::new();
        let mut locations = Vec::new();
        for &(target, arguments) in edges {
            let passed: Vec<Value> = arguments.iter().map(|&(n, _)| self.value(n)).collect();
            values.push((Block::new(target), passed));
            let passed: Vec<Location> = arguments.iter().map(|&(_, at)| at).collect();
            locations.push((Block::new(target), passed));
        }
        self.before.leave(values.iter().map(|(block, args)| (*block, args.as_slice())));
        self.after.leave(locations.iter().map(|(block, args)| (*block, args.as_slice())));
    }

    /// The two programs, and the ids of the declared values.
    pub(crate) fn finish(mut self, declared: &[u32]) -> (Before, Vec<Value>, After) {
        let declared = declared.iter().map(|&n| self.value(n)).collect();
        (self.before.finish(), declared, self.after.finish())
    }

    /// The verdict on the pair, objects moving.
    pub(crate) fn verify(self, declared: &[u32]) -> Report {
        let (before, declared, after) = self.finish(declared);
        verify(&before, &declared, &after, &Options::default())
    }
}
