//! The same, with faults.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_properties::mutants(bytes));
