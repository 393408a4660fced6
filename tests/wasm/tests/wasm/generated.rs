//! Modules that `wasm-smith` makes, with garbage collection.

use stackmap_wasm::{Gc, Kind, Options};
use stackmap_wasm_tests::generated::module;

use stackmap_wasm_tests::total::Total;

/// The number of modules for each collector.
const SEEDS: u64 = 60;

#[test]
fn generated_modules_verify() {
    for gc in Gc::ALL {
        let mut total = Total::default();
        let options = Options { gc, ..Options::default() };
        for seed in 0..SEEDS {
            total.add(
                &format!("seed {seed}"),
                &module(seed).expect("a module"),
                Kind::Binary,
                &options,
            );
        }
        println!("{gc}: {:?}", total.sums);
        assert_eq!(total.failures, [], "{gc}");
        total.assert_verified();
        total.assert_at_least(60, 150, 8);
    }
}
