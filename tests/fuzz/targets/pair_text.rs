//! Bytes read as the text form of pairs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_properties::pair_text(bytes));
