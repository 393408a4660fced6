//! What the reference solver takes as given: locations that are written for one value
//! only; and where a value may be at all, if nothing moves.

use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Block, Location, LocationKind, Name, OperationKind,
    Origin, Value,
};
use stackmap_verifier::references::closure;
use stackmap_verifier::{Collector, Options, Outcome, prove, solve, verify};

use crate::support::Writer;

fn solved(w: Writer, declared: &[u32], collector: Collector) -> Outcome {
    let (before, declared, after) = w.finish(declared);
    solve(&before, &declared, &after, &Options { collector, ..Options::default() }).outcome
}

fn wrong(w: Writer) {
    assert_eq!(solved(w, &[], Collector::Moving), Outcome::Violated);
}

fn right(w: Writer) {
    assert_eq!(solved(w, &[], Collector::Moving), Outcome::Verified);
}

/// Both programs, operation by operation; after blocks are those of *before* and more.
struct Raw {
    before: BeforeBuilder,
    after: AfterBuilder,
    values: Vec<Value>,
    at: Vec<Location>,
}

impl Raw {
    /// Values `v0` to `v3`, and as many locations of one kind.
    fn new(kind: fn(Name) -> LocationKind) -> Self {
        let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
        let values = (0..4).map(|n| before.value(Name::Numbered("v", n))).collect();
        let at = (0..4).map(|n| after.location(kind(Name::Numbered("r", n)))).collect();
        Raw { before, after, values, at }
    }

    fn before_block(&mut self, number: u32, params: &[usize]) {
        let params: Vec<Value> = params.iter().map(|&n| self.values[n]).collect();
        self.before.block(Name::Numbered("block", number), Origin::default(), &params);
    }

    fn after_block(&mut self, number: u32, counterpart: Option<usize>, params: &[usize]) {
        let params: Vec<Location> = params.iter().map(|&n| self.at[n]).collect();
        let (name, counterpart) = (Name::Numbered("block", number), counterpart.map(Block::new));
        self.after.block(name, Origin::default(), counterpart, &params);
    }

    fn before_define(&mut self, value: usize) {
        let value = self.values[value];
        self.before.operation(OperationKind::Plain, &[], &[value], Origin::default());
    }

    fn after_define(&mut self, at: usize) {
        self.after.instruction(true, Origin::default());
        self.after.action(Action::Define { result: 0, at: self.at[at] });
    }

    fn before_observe(&mut self, value: usize) {
        let value = self.values[value];
        self.before.operation(OperationKind::Plain, &[value], &[], Origin::default());
    }

    fn after_observe(&mut self, at: usize) {
        self.after.instruction(true, Origin::default());
        self.after.action(Action::Use { operand: 0, at: self.at[at] });
    }

    fn before_leave(&mut self, edges: &[(usize, &[usize])]) {
        let passed = |args: &[usize]| args.iter().map(|&n| self.values[n]).collect::<Vec<_>>();
        let edges: Vec<_> =
            edges.iter().map(|&(to, args)| (Block::new(to), passed(args))).collect();
        self.before.leave(edges.iter().map(|(to, args)| (*to, args.as_slice())));
    }

    fn after_leave(&mut self, edges: &[(usize, &[usize])]) {
        let passed = |args: &[usize]| args.iter().map(|&n| self.at[n]).collect::<Vec<_>>();
        let edges: Vec<_> =
            edges.iter().map(|&(to, args)| (Block::new(to), passed(args))).collect();
        self.after.leave(edges.iter().map(|(to, args)| (*to, args.as_slice())));
    }

    /// Whether the fast way proves it, and what the reference says.
    fn said(self) -> (bool, Outcome) {
        let (before, after) = (self.before.finish(), self.after.finish());
        let options = Options::default();
        let is_fast = prove(&before, &[], &after).expect("a pair").is_some();
        let outcome = solve(&before, &[], &after, &options).outcome;
        assert_eq!(verify(&before, &[], &after, &options).outcome, outcome);
        (is_fast, outcome)
    }
}

#[test]
fn a_register_that_is_written_for_two_values_holds_the_last() {
    for (read, outcome) in [(0, Outcome::Violated), (1, Outcome::Verified)] {
        let mut raw = Raw::new(LocationKind::Register);
        raw.before_block(0, &[]);
        raw.before_define(0);
        raw.before_leave(&[(1, &[])]);
        raw.before_block(1, &[]);
        raw.before_define(1);
        raw.before_observe(read);
        raw.before_leave(&[]);
        raw.after_block(0, Some(0), &[]);
        raw.after_define(0);
        raw.after_leave(&[(1, &[])]);
        raw.after_block(1, Some(1), &[]);
        raw.after_define(0);
        raw.after_observe(0);
        raw.after_leave(&[]);
        assert_eq!(raw.said().1, outcome);
    }
}

#[test]
fn a_value_with_two_homes_is_at_either_only_on_its_own_way() {
    for read in [0, 1] {
        let mut raw = Raw::new(LocationKind::Value);
        raw.before_block(0, &[]);
        raw.before_leave(&[(1, &[]), (1, &[])]);
        raw.before_block(1, &[]);
        raw.before_define(0);
        raw.before_leave(&[(2, &[])]);
        raw.before_block(2, &[]);
        raw.before_observe(0);
        raw.before_leave(&[]);
        // block1 is the counterpart of two blocks, which define v0 in places of their own.
        raw.after_block(0, Some(0), &[]);
        raw.after_leave(&[(1, &[]), (2, &[])]);
        for home in [0, 1] {
            raw.after_block(1, Some(1), &[]);
            raw.after_define(home);
            raw.after_leave(&[(3, &[])]);
        }
        raw.after_block(2, Some(2), &[]);
        raw.after_observe(read);
        raw.after_leave(&[]);
        assert_eq!(raw.said(), (false, Outcome::Violated));
    }
}

#[test]
fn a_parameter_that_is_not_passed_on_is_not_where_it_was() {
    // The entry is the counterpart of two blocks. The second has no parameter, and reads that of the
    // first, which is what was passed the first time.
    let mut raw = Raw::new(LocationKind::Value);
    raw.before_block(0, &[0]);
    raw.before_define(1);
    raw.before_observe(0);
    raw.before_leave(&[(0, &[1])]);
    for (params, made) in [(&[0][..], 1), (&[], 2)] {
        raw.after_block(0, Some(0), params);
        raw.after_define(made);
        raw.after_observe(0);
        raw.after_leave(&[(1, &[])]);
    }
    assert_eq!(raw.said(), (false, Outcome::Violated));
}

#[test]
fn a_parameter_holds_what_is_passed_to_it() {
    let pair = |passed: u32| {
        let mut w = Writer::new(0);
        let (at, param) = (w.ssa(passed), w.ssa(2));
        w.block(&[]);
        w.make(0);
        w.make(1);
        w.leave_with(&[(1, &[(0, at)])]);
        w.block(&[2]);
        w.observe(2, param);
        w.leave(&[]);
        w
    };
    right(pair(0));
    wrong(pair(1));
}

#[test]
fn a_parameter_that_is_passed_on_holds_no_more_than_it_was_passed() {
    let pair = |passed: u32| {
        let mut w = Writer::new(0);
        let (v0, at, second) = (w.ssa(0), w.ssa(passed), w.ssa(5));
        w.block(&[]);
        w.make(0);
        w.make(1);
        w.leave_with(&[(1, &[(0, at), (0, v0)])]);
        w.block(&[2, 3]);
        w.leave(&[(2, &[3, 2])]);
        w.block(&[4, 5]);
        w.observe(5, second);
        w.leave(&[(3, &[0])]);
        w.block(&[6]);
        w.leave(&[]);
        w
    };
    right(pair(0));
    wrong(pair(1));
}

/// A split-edge block with a parameter of its own, on one of two edges; block 2 is on the
/// other, and reads `v0` from where it is told.
fn split_edge(kind: fn(Name) -> LocationKind, read: usize) -> Raw {
    let mut raw = Raw::new(kind);
    raw.before_block(0, &[]);
    raw.before_define(0);
    raw.before_leave(&[(1, &[0]), (2, &[])]);
    raw.before_block(1, &[1]);
    raw.before_observe(1);
    raw.before_leave(&[]);
    raw.before_block(2, &[]);
    raw.before_observe(0);
    raw.before_leave(&[]);
    raw.after_block(0, Some(0), &[]);
    raw.after_define(0);
    raw.after_leave(&[(3, &[0]), (2, &[])]);
    raw.after_block(1, Some(1), &[1]);
    raw.after_observe(1);
    raw.after_leave(&[]);
    raw.after_block(2, Some(2), &[]);
    raw.after_observe(read);
    raw.after_leave(&[]);
    raw.after_block(3, None, &[2]);
    raw.after_leave(&[(1, &[2])]);
    raw
}

#[test]
fn a_split_edge_block_may_have_parameters() {
    assert_eq!(split_edge(LocationKind::Value, 0).said(), (true, Outcome::Verified));
    // What is passed to the split-edge block is not there on the other edge.
    assert_eq!(split_edge(LocationKind::Value, 2).said(), (false, Outcome::Violated));
    // A register may be written elsewhere too.
    assert_eq!(split_edge(LocationKind::Register, 0).said(), (false, Outcome::Verified));
}

/// `v0` is spilled and passed to `v1`, `v2` and `v3` are spilled; behind a safepoint that
/// lists the slots, all are read from where they were before.
fn kept(roots: &[usize]) -> Writer {
    let mut w = Writer::new(3);
    let at: Vec<Location> = (0..4).map(|n| w.ssa(n)).collect();
    let slots: Vec<Location> = (0..3).map(|n| w.cell(n)).collect();
    w.block(&[]);
    for (n, slot) in [(0, 0), (2, 1), (3, 2)] {
        w.make(n);
        w.copy(at[n as usize], slots[slot]);
    }
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    let roots: Vec<Location> = roots.iter().map(|&slot| slots[slot]).collect();
    w.safepoint(&roots);
    for (n, at) in (0..).zip(at) {
        w.observe(n, at);
    }
    w.leave(&[]);
    w
}

#[test]
fn if_nothing_moves_a_root_keeps_every_copy_whatever_its_name() {
    let verdict = |roots: &[usize]| solved(kept(roots), &[0, 1, 2, 3], Collector::NonMoving);
    assert_eq!(verdict(&[0, 1, 2]), Outcome::Verified);
    for roots in [[0, 1], [0, 2], [1, 2]] {
        assert_eq!(verdict(&roots), Outcome::Violated);
    }
    assert_eq!(solved(kept(&[0, 1, 2]), &[0, 1, 2, 3], Collector::Moving), Outcome::Violated);
}

#[test]
fn a_root_is_a_reference_whatever_number_is_made_on_the_way() {
    // Whoever wants a reference behind the edge is content with the number that is passed
    // there to `v2`, but not with a number of an earlier turn.
    let mut w = Writer::new(1);
    let (v0, slot) = (w.ssa(0), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.make(1);
    w.leave(&[(2, &[1])]);
    w.block(&[2]);
    w.safepoint(&[slot]);
    w.leave(&[]);
    assert_eq!(solved(w, &[0, 2], Collector::Moving), Outcome::Verified);
}

#[test]
fn what_may_be_a_reference_is_what_a_reference_flows_into() {
    let value = Value::new;
    let flows = [(value(0), value(1)), (value(1), value(3)), (value(2), value(4))];
    let found: Vec<usize> = closure(5, [value(0)], &flows).ones().collect();
    assert_eq!(found, [0, 1, 3]);
    // The result of an operation receives its operands from the `first` on.
    for (first, outcome) in [(0, Outcome::Violated), (1, Outcome::Verified)] {
        let mut w = Writer::new(0);
        let (v0, v1, v2) = (w.ssa(0), w.ssa(1), w.ssa(2));
        w.block(&[]);
        w.make(0);
        w.make(1);
        w.operation(OperationKind::Forwards { first }, &[(0, v0), (1, v1)], &[2], &[]);
        w.safepoint(&[]);
        w.observe(2, v2);
        w.leave(&[]);
        assert_eq!(solved(w, &[0], Collector::Moving), outcome);
    }
}
