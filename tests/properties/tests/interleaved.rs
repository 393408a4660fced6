//! Interleavings of recorded logs: none gives a wrong verdict, and many give one.

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_properties::interleaved::{Damage, LOGS, Lost, Totals, interleave};

const WHOLE: Damage = Damage { thread_ids: false, one_name: false, lost: None };

/// Runs functions of every version from `threads` threads.
fn run(threads: usize, damage: Damage) -> Totals {
    let mut sum = Totals::default();
    for (seed, log) in LOGS.iter().enumerate() {
        let bytes = bytes(seed as u64 + 1000 * threads as u64, 20_000);
        let totals = interleave(log, threads, 40, damage, &mut Dice::new(&bytes));
        sum.functions += totals.functions;
        sum.decided += totals.decided;
        sum.ambiguous += totals.ambiguous;
        assert_eq!(totals.wrong, [""; 0], "{threads} threads, {damage:?}");
    }
    sum
}

#[test]
fn every_version_is_there() {
    assert_eq!(LOGS.len(), 13);
    for log in LOGS.iter() {
        assert!(log.functions.len() > 50, "{}: {}", log.name, log.functions.len());
    }
}

#[test]
fn one_thread_is_as_certain_as_no_interleaving() {
    let one = run(1, WHOLE);
    assert_eq!(one.decided, one.functions, "{one:?}");
}

#[test]
fn threads_with_ids_are_as_certain_as_one() {
    for one_name in [false, true] {
        let several = run(4, Damage { thread_ids: true, one_name, ..WHOLE });
        assert_eq!(several.decided, several.functions, "{several:?}");
    }
}

#[test]
fn threads_without_ids_are_less_certain() {
    for one_name in [false, true] {
        let two = run(2, Damage { one_name, ..WHOLE });
        assert!(4 * two.decided > 3 * two.functions, "{two:?}");
        let five = run(5, Damage { one_name, ..WHOLE });
        assert!(2 * five.decided > five.functions && five.decided < two.decided, "{five:?}");
    }
}

#[test]
fn what_is_missing_of_a_log_costs_certainty() {
    for lost in [Lost::Head, Lost::Tail, Lost::Function] {
        for threads in [1, 3] {
            let several = run(threads, Damage { lost: Some(lost), ..WHOLE });
            assert!(3 * several.decided > several.functions, "{lost:?}, {several:?}");
        }
    }
}
