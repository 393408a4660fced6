//! One function alone.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_properties::after_only(bytes));
