//! Bytes that say how the records of several threads interleave.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_properties::interleaved(bytes));
