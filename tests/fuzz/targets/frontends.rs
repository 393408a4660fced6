//! Mutants of pairs, in text and in memory, against a judge.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(unexplained) = stackmap_frontends::frontends(bytes) {
        eprintln!("{unexplained}");
        std::process::abort();
    }
});
