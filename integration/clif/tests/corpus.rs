//! Every recorded log can be read.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use stackmap_clif::log::Recordings;
use stackmap_clif::lower::LowerError;
use stackmap_clif::pair::ReadError;

fn logs() -> Vec<PathBuf> {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus");
    let mut folders = vec![PathBuf::from(corpus)];
    let mut logs = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "log") {
                logs.push(path);
            }
        }
    }
    logs.sort();
    logs
}

#[test]
fn every_recording_is_complete_and_lowers() {
    let logs = logs();
    assert!(!logs.is_empty());
    for path in logs {
        let mut count = 0;
        for recording in Recordings::new(BufReader::new(File::open(&path).unwrap())) {
            let recording = recording.unwrap_or_else(|error| panic!("{path:?}: {error}"));
            match recording.read() {
                Ok(pair) => assert_eq!(pair.doubtful, [], "{path:?}: {}", pair.name),
                // Before 0.131 the stack map of a `try_call` is not printed.
                Err(ReadError::Unsupported(LowerError::UnprintedStackMap { .. })) => {}
                Err(error) => panic!("{path:?}: {}: {error}", recording.name()),
            }
            count += 1;
        }
        assert!(count > 0, "{path:?}");
    }
}
