//! Random functions, through real spillers.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stackmap_generator::spillers(bytes));
