//! Control flow and steps that several tests are made of.

use crate::support::Writer;

/// Four blocks: 0 branches to 1 and 2, which join in 3. Each is written by a
/// function; `v0` is defined at the top and lives in the first slot.
pub(crate) fn diamond(
    [top, left, right, bottom]: [fn(&mut Writer); 4],
    passed: [&[u32]; 2],
    params: &[u32],
) -> Writer {
    let mut w = Writer::new(2);
    w.block(&[]);
    w.make(0);
    top(&mut w);
    w.leave(&[(1, &[]), (2, &[])]);
    w.block(&[]);
    left(&mut w);
    w.leave(&[(3, passed[0])]);
    w.block(&[]);
    right(&mut w);
    w.leave(&[(3, passed[1])]);
    w.block(params);
    bottom(&mut w);
    w.leave(&[]);
    w
}

pub(crate) fn nothing(_: &mut Writer) {}

pub(crate) fn spill(w: &mut Writer) {
    let (v0, slot) = (w.ssa(0), w.cell(0));
    w.copy(v0, slot);
}

pub(crate) fn collect(w: &mut Writer) {
    let slot = w.cell(0);
    w.safepoint(&[slot]);
}

pub(crate) fn reload(w: &mut Writer) {
    let (x, slot) = (w.ssa(10), w.cell(0));
    w.copy(slot, x);
    w.observe(0, x);
}

pub(crate) fn collect_and_reload(w: &mut Writer) {
    collect(w);
    reload(w);
}
