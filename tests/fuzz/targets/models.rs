//! Models that mean nothing.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_properties::models(bytes));
