//! The path that a finding shows.

use stackmap_verifier::Report;
use stackmap_verifier::findings::{Code, Finding};

use crate::support::Writer;

fn only(report: Report) -> Finding {
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    report.findings.into_iter().next().expect("one")
}

fn path(finding: &Finding) -> Vec<usize> {
    finding.witness.iter().map(|block| block.block.index()).collect()
}

/// Ways from where the writer is to a block behind them all; each is so many blocks,
/// one of which is written by a function. Returns that last block's number.
fn ways(w: &mut Writer, next: usize, ways: &[(usize, usize)], odd: fn(&mut Writer)) -> usize {
    let mut first = next;
    let mut edges: Vec<(usize, &[u32])> = Vec::new();
    for &(blocks, _) in ways {
        edges.push((first, &[]));
        first += blocks;
    }
    let last = first;
    w.leave(&edges);
    let mut number = next;
    for &(blocks, at) in ways {
        for i in 0..blocks {
            w.block(&[]);
            if i == at {
                odd(w);
            }
            number += 1;
            w.leave(&[(if i + 1 < blocks { number } else { last }, &[])]);
        }
    }
    w.block(&[]);
    last
}

/// A slot is overwritten on every way to where it is read.
fn overwritten(lengths: &[(usize, usize)]) -> Vec<usize> {
    fn clobber(w: &mut Writer) {
        let slot = w.cell(0);
        w.clobber(slot);
    }
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    ways(&mut w, 1, lengths, clobber);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[]);
    path(&only(w.verify(&[])))
}

#[test]
fn the_shortest_path_is_shown_wherever_on_it_the_value_is_lost() {
    assert_eq!(overwritten(&[(3, 0), (2, 1)]), [0, 4, 5, 6]);
    assert_eq!(overwritten(&[(2, 1), (3, 0)]), [0, 1, 2, 6]);
    assert_eq!(overwritten(&[(5, 2), (6, 5)]), [0, 1, 2, 3, 4, 5, 12]);
    assert_eq!(overwritten(&[(6, 5), (5, 2)]), [0, 7, 8, 9, 10, 11, 12]);
}

#[test]
fn a_place_near_the_entry_may_be_far_from_the_failure() {
    // Blocks 2 and 3 are near the entry too, but the way from block 1 leads through both.
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[]), (2, &[]), (3, &[]), (4, &[])]);
    w.block(&[]);
    w.clobber(slot);
    w.leave(&[(2, &[])]);
    for target in [3, 6, 5] {
        w.block(&[]);
        w.leave(&[(target, &[])]);
    }
    w.block(&[]);
    w.clobber(slot);
    w.leave(&[(6, &[])]);
    w.block(&[]);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[]);
    assert_eq!(path(&only(w.verify(&[]))), [0, 4, 5, 6]);
}

/// `v2` is the reference `v0` if it comes by block 1, and else the number `v1`. Nobody
/// declared it, and it is read behind a safepoint.
fn sometimes(lengths: &[(usize, usize)]) -> Finding {
    fn collect(w: &mut Writer) {
        w.safepoint(&[]);
    }
    let mut w = Writer::new(0);
    let v2 = w.ssa(2);
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.leave(&[(2, &[1]), (1, &[])]);
    w.block(&[]);
    w.leave(&[(2, &[0])]);
    w.block(&[2]);
    ways(&mut w, 3, lengths, collect);
    w.observe(2, v2);
    w.leave(&[]);
    only(w.verify(&[0]))
}

#[test]
fn a_path_on_which_a_value_is_a_reference() {
    let finding = sometimes(&[(1, 0)]);
    assert_eq!(finding.code, Code::UndeclaredReference);
    assert_eq!(path(&finding), [0, 1, 2, 3, 4]);
}

#[test]
fn and_the_shortest_of_these() {
    assert_eq!(path(&sometimes(&[(5, 0), (6, 5)])), [0, 1, 2, 3, 4, 5, 6, 7, 14]);
    assert_eq!(path(&sometimes(&[(6, 5), (5, 0)])), [0, 1, 2, 9, 10, 11, 12, 13, 14]);
}

/// Ends with a block that receives `v2` and reads it behind a safepoint. Only `v0` is
/// declared.
fn used_behind_a_safepoint(mut w: Writer) -> Vec<usize> {
    let v2 = w.ssa(2);
    w.block(&[2]);
    w.safepoint(&[]);
    w.observe(2, v2);
    w.leave(&[]);
    path(&only(w.verify(&[0])))
}

/// `v2` is the reference `v0` if it comes by one of these ways, so many blocks each, and
/// else the number `v1`. Nobody declared it, and it is read behind a safepoint.
fn received(ways: &[usize]) -> Vec<usize> {
    let mut w = Writer::new(0);
    w.block(&[]);
    w.make(0);
    w.make(1);
    let mut first = 1;
    let mut edges: Vec<(usize, &[u32])> = Vec::new();
    for blocks in ways {
        edges.push((first, &[]));
        first += blocks;
    }
    let last = first;
    edges.push((last, &[1]));
    w.leave(&edges);
    let mut number = 1;
    for &blocks in ways {
        for i in 1..=blocks {
            w.block(&[]);
            number += 1;
            w.leave(&[if i == blocks { (last, &[0]) } else { (number, &[]) }]);
        }
    }
    used_behind_a_safepoint(w)
}

#[test]
fn the_shortest_way_by_which_it_receives_one_is_shown_wherever_it_stands() {
    assert_eq!(received(&[3, 1, 2]), [0, 4, 7]);
    assert_eq!(received(&[1, 2, 3]), [0, 1, 7]);
    assert_eq!(received(&[3, 2, 1]), [0, 6, 7]);
}

/// As [`received`], by one of two ways. One has so many blocks before a parameter that
/// is a number if it is entered at once, and two more behind; the other just so many.
fn by_a_parameter_or_at_once(before: usize, at_once: usize) -> Vec<usize> {
    let mut w = Writer::new(0);
    let (param, last) = (1 + before, 3 + before + at_once);
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.leave(&[(param, &[1]), (1, &[]), (param + 2, &[])]);
    for block in 1..=before {
        w.block(&[]);
        w.leave(&[if block == before { (param, &[0]) } else { (block + 1, &[]) }]);
    }
    w.block(&[3]);
    w.leave(&[(param + 1, &[])]);
    w.block(&[]);
    w.leave(&[(last, &[3])]);
    for block in param + 2..last {
        w.block(&[]);
        w.leave(&[if block + 1 == last { (last, &[0]) } else { (block + 1, &[]) }]);
    }
    used_behind_a_safepoint(w)
}

#[test]
fn ways_are_compared_from_end_to_end() {
    assert_eq!(by_a_parameter_or_at_once(4, 5), [0, 7, 8, 9, 10, 11, 12]);
    assert_eq!(by_a_parameter_or_at_once(3, 6), [0, 1, 2, 3, 4, 5, 12]);
}

#[test]
fn a_shorter_path_on_which_it_is_none_but_was_never_spilled() {
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.leave(&[(2, &[1]), (1, &[])]);
    w.block(&[]);
    w.copy(v0, slot);
    w.leave(&[(2, &[0])]);
    w.block(&[2]);
    w.safepoint(&[]);
    w.copy(slot, x);
    w.observe(2, x);
    w.leave(&[]);
    let finding = only(w.verify(&[0]));
    assert_eq!(finding.code, Code::WrongValue);
    assert_eq!(path(&finding), [0, 2]);
}

#[test]
fn a_value_that_is_sometimes_a_reference_passed_beside_one_that_never_is() {
    // On the second trip v0 is the reference v3, which the safepoint does not keep. On
    // the third v1 is what v0 was. What v1 receives is declared to be one from there
    // on, and so is what v3 receives: v2, which nothing can make stale.
    let mut w = Writer::new(2);
    let (x0, x1, x2, x3, x5) = (w.ssa(0), w.ssa(1), w.ssa(2), w.ssa(3), w.ssa(5));
    let (x10, ss0, ss1) = (w.ssa(10), w.cell(0), w.cell(1));
    w.block(&[0, 1]);
    w.copy(x0, ss0);
    w.copy(x1, ss1);
    w.make(2);
    w.safepoint(&[ss1]);
    w.copy(ss0, x10);
    w.leave_with(&[(1, &[(2, x2), (0, x10)])]);
    w.block(&[3, 5]);
    w.leave_with(&[(0, &[(3, x3), (5, x5)])]);
    let finding = only(w.verify(&[1, 3]));
    assert_eq!(finding.code, Code::StaleRoot);
    assert_eq!(path(&finding), [0, 1, 0, 1, 0]);
}

#[test]
fn paths_of_many_findings_have_no_more_blocks_than_fit() {
    let (roots, blocks) = (1100, 1000);
    let mut w = Writer::new(roots);
    let cells: Vec<_> = (0..roots).map(|slot| w.cell(slot)).collect();
    w.block(&[0]);
    let value = w.ssa(0);
    cells.iter().for_each(|&cell| w.copy(value, cell));
    for next in 1..blocks {
        w.leave(&[(next, &[])]);
        w.block(&[]);
    }
    // Each entry stands twice.
    w.safepoint(&[cells.clone(), cells.clone()].concat());
    cells.iter().for_each(|&cell| w.observe(0, cell));
    w.leave(&[]);
    let report = w.verify(&[0]);
    assert_eq!(report.findings.len(), cells.len());
    let lengths: Vec<usize> = report.findings.iter().map(|found| found.witness.len()).collect();
    assert_eq!(lengths[0], blocks);
    assert_eq!(lengths[cells.len() - 1], 0);
    assert!(lengths.iter().sum::<usize>() <= 1 << 20, "{lengths:?}");
}
