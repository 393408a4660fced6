//! Bytes read as a log.

use stackmap_clif::log::{FunctionText, LogError, LogOptions, Recording, Recordings};
use stackmap_clif::pair::ReadError;

use crate::reader::Chunks;
use crate::text::points_into;
use crate::verdict::{COLLECTORS, verdict};

type Results = Vec<Result<Recording, LogError>>;

/// Any log is read to its end without a panic. The recordings depend neither on how the bytes
/// are split nor on the lines before. Every recording gets a verdict, or an error whose
/// position is in it.
pub fn log(bytes: &[u8]) {
    // Whether `;! declare` lines count may depend on the first line: here they do.
    let options = || LogOptions { declare_lines: true, ..LogOptions::default() };
    let results: Results = Recordings::with(bytes, options()).collect();
    let seed = bytes.iter().fold(0, |sum: u64, &byte| sum.wrapping_mul(31) + u64::from(byte));
    let in_chunks: Results = Recordings::with(Chunks::new(bytes, seed), options()).collect();
    assert_eq!(results, in_chunks, "read in chunks");

    let lines = bytes.split(|&byte| byte == b'\n').count();
    let lines = u32::try_from(lines).expect("a fuzzer's input is short");
    for line in results.iter().flat_map(lines_of) {
        assert!((1..=lines).contains(&line), "line {line} of {lines}");
    }
    let below = [b"a line of something else\n", bytes].concat();
    let below: Results = Recordings::with(&*below, options()).map(one_line_up).collect();
    assert_eq!(results, below, "read below another line");

    results.iter().flatten().for_each(judge);
}

/// All lines a result names.
fn lines_of(result: &Result<Recording, LogError>) -> Vec<u32> {
    match result {
        Ok(recording) => {
            let mut lines = vec![recording.declared_line];
            lines.extend(recording.others.iter().map(|other| other.line));
            lines.extend([recording.before.line, recording.after.line]);
            lines
        }
        Err(error) => vec![error.line],
    }
}

fn one_line_up(mut result: Result<Recording, LogError>) -> Result<Recording, LogError> {
    match &mut result {
        Ok(recording) => {
            recording.declared_line -= 1;
            recording.others.iter_mut().for_each(|other| other.line -= 1);
            recording.before.line -= 1;
            recording.after.line -= 1;
        }
        Err(error) => error.line -= 1,
    }
    result
}

fn judge(recording: &Recording) {
    let inside = |error, function: &FunctionText| points_into(error, &function.text, function.line);
    match recording.read() {
        Ok(pair) => {
            for (pair, collector) in
                pair.model().into_iter().flat_map(|p| COLLECTORS.map(|c| (p, c)))
            {
                verdict(&pair.before, &pair.references(&pair.declared), &pair.after, collector);
            }
        }
        Err(ReadError::Declared(_) | ReadError::References(_)) => {}
        Err(ReadError::Before(error)) => inside(&error, &recording.before),
        Err(ReadError::After(error)) => inside(&error, &recording.after),
        Err(ReadError::Unsupported(_)) => {}
    }
}
