//! Every recorded log can be read.

mod logs;

use std::fs::File;
use std::io::BufReader;

use stackmap_clif::log::Recordings;
use stackmap_clif::lower::LowerError;
use stackmap_clif::pair::ReadError;

use logs::logs;

#[test]
fn every_recording_is_complete_and_lowers() {
    let logs = logs(&["corpus"]);
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
