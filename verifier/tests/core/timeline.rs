//! The contents of locations, point by point.

use stackmap_verifier::Collector;
use stackmap_verifier::model::{Block, EdgeIndex, Location, OperationKind, Value};
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::{Held, State, Timeline};

use crate::support::Writer;

const MOST: usize = 1000;

/// The contents of a location on every path, and on some.
fn held(state: &State<'_>, at: Location) -> (Vec<Held>, Vec<Held>) {
    let content = state.content(at).expect("it is looked at");
    (content.on_every_path().to_vec(), content.on_some_path().to_vec())
}

/// The state at the end of a block.
fn at_end<'t>(pair: &Pair<'_>, timeline: &'t Timeline<'_>, block: usize) -> State<'t> {
    let mut state = timeline.at_start(Block::new(block)).expect("it is reached");
    for (_, step) in pair.steps(Block::new(block)) {
        state.step(step);
    }
    state
}

/// The loop of the historical bug: `v0` is spilled before it and `v1` in it, both to
/// one slot.
fn shared_slot() -> (Writer, Location, Location) {
    let mut w = Writer::new(1);
    let (v0, v1, slot, copy) = (w.ssa(0), w.ssa(1), w.cell(0), w.ssa(10));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.copy(slot, copy);
    w.operation(OperationKind::Safepoint, &[(0, copy)], &[1], &[slot]);
    w.copy(v1, slot);
    w.leave(&[(1, &[]), (2, &[])]);
    w.block(&[]);
    w.leave(&[]);
    (w, slot, copy)
}

#[test]
fn what_differs_from_path_to_path_is_told_as_such() {
    let (mut w, slot, copy) = shared_slot();
    let (v0, v1) = (w.value(0), w.value(1));
    let (before, declared, after) = w.finish(&[0, 1]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    let mut timeline = Timeline::new(&pair, Collector::Moving, &[slot, copy]);
    assert!(timeline.solve(MOST));
    let at_start = |block| timeline.at_start(Block::new(block)).expect("it is reached");
    assert_eq!(held(&timeline.entry(), slot).0, [Held::Nothing]);
    assert_eq!(held(&at_end(&pair, &timeline, 0), slot).0, [Held::Fresh(v0)]);
    let (every, some) = held(&at_start(1), slot);
    assert_eq!(every, []);
    assert_eq!(some, [Held::Fresh(v0), Held::Fresh(v1)]);
    assert_eq!(held(&at_start(2), slot).0, [Held::Fresh(v1)]);
    // The copy is no root, so the safepoint leaves it behind; in the second turn it
    // is one of the `v1` that was.
    assert_eq!(held(&at_start(2), copy).1, [Held::Stale(v0), Held::Old(v1)]);
}

#[test]
fn along_one_path_all_is_certain() {
    let (mut w, slot, copy) = shared_slot();
    let (v0, v1) = (w.value(0), w.value(1));
    let (before, declared, after) = w.finish(&[0, 1]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    let timeline = Timeline::new(&pair, Collector::Moving, &[slot, copy]);
    assert!(timeline.at_start(Block::new(0)).is_none(), "it was not solved");
    let mut state = timeline.entry();
    let mut seen = Vec::new();
    for (block, edge) in [(0, 0), (1, 0), (1, 1)] {
        for (_, step) in pair.steps(Block::new(block)) {
            state.step(step);
        }
        state.edge(Block::new(block), EdgeIndex::new(edge));
        let (every, some) = held(&state, slot);
        assert_eq!(every, some);
        seen.extend(every);
    }
    assert_eq!(seen, [Held::Fresh(v0), Held::Fresh(v1), Held::Fresh(v1)]);
    assert_eq!(held(&state, copy).0, [Held::Old(v1)]);
}

#[test]
fn a_parameter_is_another_name_and_a_later_turn_makes_it_old() {
    let mut w = Writer::new(1);
    let (v0, param, slot) = (w.ssa(0), w.ssa(1), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    w.make(2);
    w.leave(&[(1, &[2]), (2, &[])]);
    w.block(&[]);
    w.leave(&[]);
    let (v0, v1): (Value, Value) = (w.value(0), w.value(1));
    let (before, declared, after) = w.finish(&[]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    let mut timeline = Timeline::new(&pair, Collector::Moving, &[slot, param]);
    assert!(timeline.solve(MOST));
    let mut state = timeline.entry();
    for (_, step) in pair.steps(Block::new(0)) {
        state.step(step);
    }
    state.edge(Block::new(0), EdgeIndex::new(0));
    assert_eq!(held(&state, slot).0, [Held::Fresh(v0), Held::Fresh(v1)]);
    state.edge(Block::new(1), EdgeIndex::new(0));
    assert_eq!(held(&state, slot).0, [Held::Fresh(v0), Held::Old(v1)]);
    let at_start = timeline.at_start(Block::new(1)).expect("it is reached");
    assert_eq!(held(&at_start, slot).0, [Held::Fresh(v0)]);
    assert_eq!(held(&at_start, param).0, [Held::Fresh(v1)]);
}

#[test]
fn a_write_to_some_bytes_spoils_the_cells_that_share_them() {
    let mut w = Writer::new(1);
    let (v0, whole, half) = (w.ssa(0), w.part(0, 0, 8), w.part(0, 4, 4));
    w.block(&[]);
    w.make(0);
    w.copy(v0, whole);
    w.copy(v0, half);
    w.leave(&[]);
    let v0 = w.value(0);
    let (before, declared, after) = w.finish(&[]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    let mut timeline = Timeline::new(&pair, Collector::Moving, &[whole, half]);
    assert!(timeline.solve(MOST));
    let end = at_end(&pair, &timeline, 0);
    assert_eq!(held(&end, whole).0, [Held::Other]);
    assert_eq!(held(&end, half).0, [Held::Fresh(v0)]);
}

#[test]
fn a_collector_that_does_not_move_keeps_copies_of_what_a_root_holds() {
    let mut w = Writer::new(2);
    let (v0, v1, root, a, b) = (w.ssa(0), w.ssa(1), w.cell(0), w.ssa(10), w.ssa(11));
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.copy(v0, root);
    w.copy(v0, a);
    w.copy(v1, b);
    w.safepoint(&[root]);
    w.leave(&[]);
    let (v0, v1) = (w.value(0), w.value(1));
    let (before, declared, after) = w.finish(&[0, 1]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    for (collector, of_a) in
        [(Collector::Moving, Held::Stale(v0)), (Collector::NonMoving, Held::Fresh(v0))]
    {
        let mut timeline = Timeline::new(&pair, collector, &[a, b]);
        assert!(timeline.solve(MOST));
        let end = at_end(&pair, &timeline, 0);
        assert_eq!(held(&end, a).0, [of_a], "{collector:?}");
        assert_eq!(held(&end, b).0, [Held::Stale(v1)], "{collector:?}");
    }
}

/// One slot, written with another value on each of so many arms, which then join.
fn arms(count: u32) -> (Writer, Location) {
    let mut w = Writer::new(1);
    let slot = w.cell(0);
    let arms: Vec<(usize, &[u32])> = (1..=count as usize).map(|block| (block, &[][..])).collect();
    w.block(&[]);
    w.leave(&arms);
    for value in 1..=count {
        w.block(&[]);
        w.make(value);
        let from = w.ssa(value);
        w.copy(from, slot);
        w.leave(&[(count as usize + 1, &[])]);
    }
    w.block(&[]);
    w.leave(&[]);
    (w, slot)
}

#[test]
fn too_much_to_tell_is_not_listed() {
    for (count, listed) in [(7, 7), (8, 8), (9, 0), (12, 0)] {
        let (w, slot) = arms(count);
        let (before, declared, after) = w.finish(&[]);
        let pair = Pair::new(&before, &declared, &after).expect("it aligns");
        let mut timeline = Timeline::new(&pair, Collector::Moving, &[slot]);
        assert!(timeline.solve(MOST));
        let join = Block::new(count as usize + 1);
        let (every, some) = held(&timeline.at_start(join).expect("it is reached"), slot);
        assert_eq!((every.len(), some.len()), (0, listed), "{count} arms");
    }
}

#[test]
fn what_takes_too_long_is_not_solved() {
    let (w, slot) = arms(12);
    let (before, declared, after) = w.finish(&[]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    // 14 blocks, and the slot with the 12 values copied to it.
    assert!(!Timeline::new(&pair, Collector::Moving, &[slot]).solve(14 * 13 - 1));
    assert!(Timeline::new(&pair, Collector::Moving, &[slot]).solve(14 * 13));
}

#[test]
fn what_is_not_looked_at_and_not_there_is_no_trouble() {
    let (mut w, slot, copy) = shared_slot();
    let v0 = w.ssa(0);
    let (before, declared, after) = w.finish(&[0, 1]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    let mut timeline =
        Timeline::new(&pair, Collector::Moving, &[slot, slot, Location::new(1_000_000)]);
    assert!(timeline.solve(MOST));
    let mut state = timeline.entry();
    assert!(state.content(v0).is_some(), "it is copied to the slot");
    assert!(state.content(copy).is_none());
    assert!(state.content(Location::new(1_000_000)).is_none());
    state.edge(Block::new(0), EdgeIndex::new(99));
    assert!(timeline.at_start(Block::new(1_000_000)).is_none());
}

#[test]
fn null_has_the_names_of_all_that_is_null() {
    let mut w = Writer::new(2);
    let (v0, v1, v2, v3) = (w.value(0), w.value(1), w.value(2), w.value(3));
    let [emptied, spilled] = [0, 1].map(|slot| w.cell(slot));
    let [x1, x3] = [1, 3].map(|n| w.ssa(n));
    w.block(&[]);
    w.null(0);
    w.empty(emptied);
    w.null(1);
    w.make(3);
    w.copy(x1, spilled);
    w.leave(&[(1, &[0]), (1, &[3])]);
    w.block(&[2]);
    w.safepoint(&[]);
    w.copy(x3, emptied);
    w.leave(&[]);
    let (before, declared, after) = w.finish(&[2, 3]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    let mut timeline = Timeline::new(&pair, Collector::Moving, &[emptied, spilled]);
    assert!(timeline.solve(MOST));
    let named = [Held::Fresh(v0), Held::Fresh(v1), Held::Null];
    for at in [emptied, spilled] {
        assert_eq!(held(&at_end(&pair, &timeline, 0), at).0, named);
    }
    // Each of these is `v2` if the edge was taken that passes null.
    let state = timeline.at_start(Block::new(1)).expect("it is reached");
    assert_eq!(held(&state, spilled).0, named);
    assert!(
        state.content(spilled).expect("it is looked at").on_some_path().contains(&Held::Fresh(v2))
    );
    // What is null does not go stale, whatever it is called; what is a reference does.
    let state = at_end(&pair, &timeline, 1);
    assert_eq!(held(&state, spilled).0, named);
    assert_eq!(held(&state, emptied).0, [Held::Stale(v3)]);
}

#[test]
fn a_collector_that_moves_objects_leaves_no_number_in_a_root() {
    let mut w = Writer::new(2);
    let (v0, roots) = (w.ssa(0), [w.cell(0), w.cell(1)]);
    w.block(&[]);
    w.make(0);
    w.copy(v0, roots[0]);
    w.copy(v0, roots[1]);
    w.leave(&[(1, &[0])]);
    w.block(&[1]);
    w.safepoint(&roots[..1]);
    w.leave(&[]);
    let (v0, v1) = (w.value(0), w.value(1));
    let (before, declared, after) = w.finish(&[1]);
    let pair = Pair::new(&before, &declared, &after).expect("it aligns");
    let both = vec![Held::Fresh(v0), Held::Fresh(v1)];
    for (collector, left) in
        [(Collector::Moving, vec![Held::Fresh(v1)]), (Collector::NonMoving, both)]
    {
        let mut timeline = Timeline::new(&pair, collector, &roots);
        assert!(timeline.solve(MOST));
        let end = at_end(&pair, &timeline, 1);
        assert_eq!(held(&end, roots[0]).0, left, "{collector:?}");
        assert_eq!(held(&end, roots[0]).1, left, "{collector:?}");
    }
}
