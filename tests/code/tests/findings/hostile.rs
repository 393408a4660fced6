//! Tables of any content: nothing panics, and nothing is verified that means something else.

use stackmap_code::{CodeOutcome, Emitted, Handler, Handlers, MapEntry, StackMap};
use stackmap_code_tests::faults::means_the_same;
use stackmap_oracle::dice::{Dice, bytes};

use crate::subject::Subject;

const EXTREMES: [u32; 4] = [0, 1, 0x8000_0000, u32::MAX];

/// A number that is somewhere in the real tables, or an extreme one.
fn number(dice: &mut Dice<'_>, known: &[u32]) -> u32 {
    let from = if dice.chance(20) { &EXTREMES } else { known };
    dice.pick(from).unwrap_or(0)
}

/// Tables that mix what was emitted with other numbers.
fn mix(emitted: &mut Emitted<'_>, dice: &mut Dice<'_>, addresses: &[u32]) {
    let real = emitted.clone();
    let types: Vec<_> =
        real.maps.iter().flat_map(|map| &map.entries).map(|entry| entry.r#type).collect();
    emitted.maps.clear();
    for _ in 0..dice.below(5) {
        let entry = |dice: &mut Dice<'_>| MapEntry {
            offset: number(dice, &[0, 8]),
            r#type: dice.pick(&types).flatten(),
        };
        let entries = (0..dice.below(3)).map(|_| entry(dice)).collect();
        let return_address = number(dice, addresses);
        let frame_size = dice.chance(50).then(|| number(dice, &[16, 32]));
        emitted.maps.push(StackMap { return_address, frame_size, entries });
    }
    let tables = real.handlers.unwrap_or_default();
    let handlers: Vec<Handler> = tables.iter().flat_map(|table| table.handlers.clone()).collect();
    let targets: Vec<u32> = handlers.iter().map(|handler| handler.target).collect();
    let tables = (0..dice.below(3)).map(|_| {
        let handler = |dice: &mut Dice<'_>| {
            let handler = dice.pick(&handlers)?;
            Some(Handler { target: number(dice, &targets), ..handler })
        };
        let handlers = (0..dice.below(3)).filter_map(|_| handler(dice)).collect();
        let return_address = number(dice, addresses);
        Handlers { return_address, frame_size: None, handlers }
    });
    emitted.handlers = Some(tables.collect());
}

#[test]
fn tables_of_any_content_are_judged() {
    let subject = Subject::calls();
    let addresses = subject.addresses();
    let mut judged = [0; 2];
    for seed in 0..600 {
        let bytes = bytes(seed, 200);
        let mut dice = Dice::new(&bytes);
        let mut is_same = false;
        let report = subject.with(|emitted| {
            let real = emitted.clone();
            match dice.chance(95) {
                true => mix(emitted, &mut dice, &addresses),
                false => emitted.maps.reverse(),
            }
            is_same = means_the_same(emitted, &real);
        });
        assert_eq!(report.outcome == CodeOutcome::Verified, is_same, "seed {seed}");
        assert_eq!(report.findings.is_empty(), is_same, "seed {seed}");
        judged[usize::from(is_same)] += 1;
    }
    assert!(judged[0] > 500 && judged[1] > 5, "{judged:?}");
}
