//! Recorded functions, back in memory.

use std::fs::File;
use std::io::{BufReader, Error};
use std::path::Path;

use cranelift_codegen::ir::{Function, Value};
use stackmap_clif::log::{Recording, Recordings};
use stackmap_clif::version::AtLeast;

use crate::sample::Sample;

/// The content of a log.
#[derive(Debug, Default)]
pub struct Recorded {
    /// The functions that were read.
    pub samples: Vec<Sample>,
    /// Functions that cranelift-reader rejects or reads differently on the two sides, or whose
    /// declared values are not certain.
    pub refused: usize,
}

/// Reads the functions of a log that the linked version of Cranelift wrote.
///
/// # Errors
///
/// If the file cannot be opened.
pub fn read(path: &Path) -> Result<Recorded, Error> {
    let mut recorded = Recorded::default();
    for recording in Recordings::new(BufReader::new(File::open(path)?)) {
        match recording.ok().and_then(|recording| sample(&recording)) {
            Some(sample) => recorded.samples.push(sample),
            None => recorded.refused += 1,
        }
    }
    Ok(recorded)
}

fn sample(recording: &Recording) -> Option<Sample> {
    if !recording.declared.is_exact(AtLeast::minor(135)) {
        return None;
    }
    let declared = recording.declared.values().iter().copied().map(Value::from_u32).collect();
    let before = parse(&recording.before.text)?;
    let after = parse(&recording.after.text)?;
    Some(Sample { name: recording.name(), before, declared, after })
}

fn parse(text: &str) -> Option<Function> {
    cranelift_reader::parse_functions(text).ok()?.pop()
}
