//! Bytes read as CLIF text.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_properties::text(bytes));
