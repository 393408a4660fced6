//! Modules that `wasm-smith` makes, with garbage collection.

use arbitrary::Unstructured;
use stackmap_wasm::{Gc, Kind, Options};
use wasm_smith::{Config, Module};

use crate::total::Total;

/// The number of modules for each collector.
const SEEDS: u64 = 60;

/// The number of random bytes from which a module is made.
const BYTES: usize = 4096;

/// Bytes that depend on the seed alone (splitmix64).
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (0..BYTES / 8).flat_map(|_| next().to_le_bytes()).collect()
}

fn module(seed: u64) -> Vec<u8> {
    let config = Config {
        gc_enabled: true,
        reference_types_enabled: true,
        exceptions_enabled: true,
        tail_call_enabled: true,
        compact_imports_enabled: false,
        shared_everything_threads_enabled: false,
        custom_descriptors_enabled: false,
        min_funcs: 4,
        max_memory32_bytes: 1 << 20,
        ..Config::default()
    };
    let bytes = bytes(seed);
    Module::new(config, &mut Unstructured::new(&bytes)).unwrap().to_bytes()
}

#[test]
fn generated_modules_verify() {
    for gc in Gc::ALL {
        let mut total = Total::default();
        let options = Options { gc, ..Options::default() };
        for seed in 0..SEEDS {
            total.add(&format!("seed {seed}"), &module(seed), Kind::Binary, &options);
        }
        println!("{gc}: {:?}", total.sums);
        assert_eq!(total.failures, [], "{gc}");
        total.assert_verified();
        total.assert_at_least(60, 150, 8);
    }
}
