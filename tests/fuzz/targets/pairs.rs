//! Pairs from the generator and the oracle's spiller.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_properties::pairs(bytes));
