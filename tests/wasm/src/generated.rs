//! Modules that `wasm-smith` makes, with garbage collection, exceptions and tail calls.

use arbitrary::Unstructured;
use wasm_smith::{Config, Module};

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

/// Returns the module of a seed, always the same one.
///
/// # Errors
///
/// As [`Module::new`]: never, as far as is known, since random bytes may end early.
pub fn module(seed: u64) -> arbitrary::Result<Vec<u8>> {
    from_choices(&bytes(seed))
}

/// Returns the module that these bytes choose.
///
/// # Errors
///
/// As [`Module::new`]: if the bytes do not choose one.
pub fn from_choices(bytes: &[u8]) -> arbitrary::Result<Vec<u8>> {
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
    Ok(Module::new(config, &mut Unstructured::new(bytes))?.to_bytes())
}
