//! Of what a function shows by itself, the verifier says what some run shows.

use std::collections::BTreeMap;

use stackmap_oracle::alone::generate::program;
use stackmap_oracle::alone::{Shown, compare};
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::findings::Code;

const PROGRAMS: u64 = 30_000;

#[test]
fn what_is_said_of_a_function_alone_is_what_some_run_shows() {
    let (mut all, mut right, mut too_large) = (Shown::new(), 0, 0);
    for seed in 0..PROGRAMS {
        let bytes = bytes(seed, 600);
        let alone = program(&mut Dice::new(&bytes));
        match compare(&alone) {
            Ok(Some(shown)) => {
                right += u64::from(shown.is_empty());
                shown.into_iter().for_each(|(code, n)| *all.entry(code).or_default() += n);
            }
            Ok(None) => too_large += 1,
            Err(what) => panic!("seed {seed}: {what}\n{alone:#?}"),
        }
    }
    let floors = BTreeMap::from([
        (Code::StaleReference, 300),
        (Code::UninitializedRoot, 300),
        (Code::StaleRoot, 300),
        (Code::NonReferenceRoot, 100),
        (Code::DeadRoot, 300),
        (Code::AmbiguousReload, 100),
        (Code::StaleAddress, 40),
    ]);
    for (code, floor) in &floors {
        assert!(all.get(code).is_some_and(|count| count >= floor), "{code}: {all:?}");
    }
    assert_eq!(floors.len(), all.len(), "{all:?}");
    assert!(right >= 1000 && too_large * 100 <= PROGRAMS, "{right} right, {too_large} too large");
}
