//! Mutants of pairs, in text and in memory, against a judge.
#![no_main]

use std::sync::Once;

/// Cranelift's reader panics on some of what it does not take. The property catches that;
/// the hook that the fuzzer sets would end the process first.
static QUIET: Once = Once::new();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    if let Err(unexplained) = stackmap_frontends::frontends(bytes) {
        eprintln!("{unexplained}");
        std::process::abort();
    }
});
