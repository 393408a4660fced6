//! Interleavings of recorded logs: none gives a wrong verdict, and many give one.

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_properties::interleaved::{Damage, LOGS, Lost, Tally, interleave};

const WHOLE: Damage = Damage { thread_ids: false, one_name: false, lost: None };

/// Functions of every version, from so many threads.
fn run(threads: usize, damage: Damage) -> Tally {
    let mut sum = Tally::default();
    for (seed, log) in LOGS.iter().enumerate() {
        let bytes = bytes(seed as u64 + 1000 * threads as u64, 20_000);
        let tally = interleave(log, threads, 40, damage, &mut Dice::new(&bytes));
        sum.functions += tally.functions;
        sum.decided += tally.decided;
        sum.ambiguous += tally.ambiguous;
        assert_eq!(tally.wrong, [""; 0], "{threads} threads, {damage:?}");
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
    println!("{one:?}");
    assert!(one.decided * 100 > one.functions * 85, "{one:?}");
}

#[test]
fn threads_with_ids_are_as_certain_as_one() {
    for damage in
        [Damage { thread_ids: true, ..WHOLE }, Damage { thread_ids: true, one_name: true, ..WHOLE }]
    {
        let several = run(4, damage);
        println!("{several:?}");
        assert!(several.decided * 100 > several.functions * 85, "{several:?}");
    }
}

#[test]
fn threads_without_ids_are_less_certain_and_never_wrong() {
    for threads in 2..6 {
        let several = run(threads, WHOLE);
        println!("{threads} {several:?}");
        assert!(several.decided > 0, "{several:?}");
        for one_name in [false, true] {
            for lost in [None, Some(Lost::Head), Some(Lost::Tail), Some(Lost::Function)] {
                println!(
                    "{threads} {lost:?} {:?}",
                    run(threads, Damage { one_name, lost, ..WHOLE })
                );
            }
        }
    }
}
