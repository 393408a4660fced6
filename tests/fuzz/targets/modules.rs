//! Bytes as choices of a WebAssembly module, which Wasmtime compiles for each of its collectors.
#![no_main]

use stackmap_wasm_tests::generated::from_choices;
use stackmap_wasm_tests::total::Total;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(module) = from_choices(bytes) else { return };
    for (gc, total) in Total::of_each_collector("the module", &module) {
        assert!(total.is_right(), "{gc}: {:?}: {}", total.failures, total.wrong.join("\n"));
    }
});
