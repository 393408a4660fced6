//! Bytes as choices of files for the command, and of its options.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder of our own");
    stackmap_tests::parsed(bytes, folder.path());
});
