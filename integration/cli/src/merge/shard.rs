//! A report of `check --format json`, in a file that may contain several.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use stackmap_report::{
    Compilation, Record, Run, Skipped, Summary, Versioned, WireLine, are_possible,
};

/// A complete report: its position, and its metadata.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    pub(super) path: PathBuf,
    /// The byte offset of its first line.
    pub(super) start: u64,
    /// The number of lines before its summary.
    records: usize,
    /// The inputs that it has results for, in order, by number and name.
    pub(super) inputs: Vec<(usize, String)>,
    pub(super) sums: Summary,
    /// The run that the report states it is, or is a slice of.
    pub(super) run: Run,
}

/// An error that makes a shard unusable.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}; nothing was merged", path.display())]
pub(super) struct ShardError {
    path: PathBuf,
    problem: ShardProblem,
}

#[derive(Debug, thiserror::Error)]
enum ShardProblem {
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    #[error("is empty: even a shard without results ends with a summary")]
    Empty,
    #[error("is truncated: there is no summary after line {0}")]
    Truncated(usize),
    #[error("line {line} is not one that `check --format json` writes: {error}")]
    NoRecord { line: usize, error: String },
    #[error("is corrupt: the summary on line {0} is not that of the lines before it")]
    Sums(usize),
    #[error("is corrupt: line {0} is out of order")]
    Order(usize),
    #[error("is corrupt: line {line} says {verdict}, and {but}")]
    Contradiction { line: usize, verdict: &'static str, but: &'static str },
    #[error("is corrupt: line {0} has another name for the input of the line before it")]
    Name(usize),
    #[error("was written by a version that does not say what it checked, and how")]
    NoRun,
}

impl From<ShardError> for io::Error {
    fn from(error: ShardError) -> Self {
        io::Error::new(ErrorKind::InvalidData, error)
    }
}

/// Finds the shards in a file, and reads them completely. The results are added to `read` even if
/// the shards are incomplete.
pub(super) fn survey(path: &Path, read: &mut Summary) -> Result<Vec<Shard>, ShardError> {
    read_through(path, read).map_err(|problem| ShardError { path: path.to_owned(), problem })
}

fn read_through(path: &Path, read: &mut Summary) -> Result<Vec<Shard>, ShardProblem> {
    let mut reader = BufReader::new(File::open(path).map_err(ShardProblem::Unreadable)?);
    let (mut shards, mut text) = (Vec::new(), Vec::new());
    let (mut offset, mut number) = (0, 0);
    let mut open = Open::at(0);
    loop {
        text.clear();
        let length = reader.read_until(b'\n', &mut text).map_err(ShardProblem::Unreadable)?;
        if length == 0 {
            break;
        }
        number += 1;
        offset += length as u64;
        match Versioned::read(&text) {
            // A line without a line end may be truncated.
            Err(_) if !text.ends_with(b"\n") => return Err(ShardProblem::Truncated(number - 1)),
            Err(error) => {
                return Err(ShardProblem::NoRecord { line: number, error: error.to_string() });
            }
            Ok(WireLine::Function(record)) => {
                if are_possible(record.stats) {
                    read.count(&*record);
                }
                open.add(&record, number)?;
            }
            Ok(WireLine::Input(compilation)) => open.compiled(&compilation, number)?,
            Ok(WireLine::Skipped(skipped)) => open.skipped(&skipped, number)?,
            Ok(WireLine::Summary(sums)) => {
                shards.push(
                    std::mem::replace(&mut open, Open::at(offset)).close(path, *sums, number)?,
                );
            }
        }
    }
    match (open.records, shards.is_empty()) {
        (0, false) => Ok(shards),
        (0, true) => Err(ShardProblem::Empty),
        (_, true | false) => Err(ShardProblem::Truncated(number)),
    }
}

/// A shard whose summary has not been read yet.
struct Open {
    start: u64,
    records: usize,
    inputs: Vec<(usize, String)>,
    summary: Summary,
}

impl Open {
    fn at(start: u64) -> Self {
        Open { start, records: 0, inputs: Vec::new(), summary: Summary::default() }
    }

    fn add(&mut self, record: &Record, line: usize) -> Result<(), ShardProblem> {
        if !are_possible(record.stats) {
            let error = "no function is that large".to_owned();
            return Err(ShardProblem::NoRecord { line, error });
        }
        if let Some(but) = record.contradiction() {
            let verdict = record.verdict.name();
            return Err(ShardProblem::Contradiction { line, verdict, but });
        }
        self.summary.count(record);
        self.line_of((record.index, &record.input), line)
    }

    fn compiled(&mut self, compilation: &Compilation, line: usize) -> Result<(), ShardProblem> {
        self.summary.count_compiled(compilation.compiled);
        self.line_of((compilation.index, &compilation.input), line)
    }

    fn skipped(&mut self, skipped: &Skipped, line: usize) -> Result<(), ShardProblem> {
        self.summary.skipped += 1;
        self.line_of((skipped.index, &skipped.input), line)
    }

    fn line_of(&mut self, (input, name): (usize, &str), line: usize) -> Result<(), ShardProblem> {
        self.records += 1;
        match self.inputs.last() {
            Some((last, known)) if *last == input => {
                if known != name {
                    return Err(ShardProblem::Name(line));
                }
            }
            Some((last, _)) if *last > input => return Err(ShardProblem::Order(line)),
            Some(_) | None => self.inputs.push((input, name.to_owned())),
        }
        Ok(())
    }

    /// Checks that the summary is that of the lines before it; otherwise some lines are missing.
    /// Every input has at least one line.
    fn close(self, path: &Path, sums: Summary, line: usize) -> Result<Shard, ShardProblem> {
        let Open { start, records, inputs, summary } = self;
        let (partition, run, baseline) = (sums.partition, sums.run.clone(), sums.baseline.clone());
        let (config, assumed) = (sums.config.clone(), sums.assumed.clone());
        let expected =
            Summary { inputs: inputs.len(), partition, run, baseline, config, assumed, ..summary };
        if !expected.is_written_as(&sums) {
            return Err(ShardProblem::Sums(line));
        }
        let run = sums.run.clone().ok_or(ShardProblem::NoRun)?;
        Ok(Shard { path: path.to_owned(), start, records, inputs, sums, run })
    }
}

/// A line of a shard that is not its summary.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Function(Box<Record>),
    Input(Compilation),
    Skipped(Skipped),
}

impl Entry {
    /// Returns the number of the input that the entry is about.
    pub(super) fn index(&self) -> usize {
        match self {
            Entry::Function(record) => record.index,
            Entry::Input(compilation) => compilation.index,
            Entry::Skipped(skipped) => skipped.index,
        }
    }

    /// Returns the same entry with the numbers of inputs shifted by an offset.
    pub(super) fn after(mut self, inputs: usize) -> Entry {
        let index = match &mut self {
            Entry::Function(record) => &mut record.index,
            Entry::Input(compilation) => &mut compilation.index,
            Entry::Skipped(skipped) => &mut skipped.index,
        };
        *index = index.saturating_add(inputs);
        self
    }
}

/// The number of lines that are read at a time.
const BATCH: usize = 64;

/// The records of a shard. The file is open only while lines are read: there may be more shards
/// than files that can be open at a time.
pub(super) struct Records {
    path: PathBuf,
    /// The byte offset of the next line that has not been read.
    offset: u64,
    lines: VecDeque<Vec<u8>>,
    left: usize,
    number: usize,
}

impl Records {
    pub(super) fn of(shard: &Shard) -> Self {
        let Shard { path, start, records, .. } = shard;
        let lines = VecDeque::new();
        Records { path: path.clone(), offset: *start, lines, left: *records, number: 0 }
    }

    /// Reads further lines; none at the end of the file.
    fn refill(&mut self) -> io::Result<()> {
        let mut reader = BufReader::new(File::open(&self.path)?);
        reader.seek(SeekFrom::Start(self.offset))?;
        while self.lines.len() < BATCH {
            let mut line = Vec::new();
            let length = reader.read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            self.offset += length as u64;
            self.lines.push_back(line);
        }
        Ok(())
    }

    /// Reads a line, which was a valid record when it was read before.
    fn read(&mut self) -> Result<Entry, ShardProblem> {
        if self.lines.is_empty() {
            self.refill().map_err(ShardProblem::Unreadable)?;
        }
        let text = self.lines.pop_front().unwrap_or_default();
        self.number += 1;
        let line = self.number;
        match Versioned::read(&text) {
            Ok(WireLine::Function(record)) => Ok(Entry::Function(record)),
            Ok(WireLine::Input(compilation)) => Ok(Entry::Input(compilation)),
            Ok(WireLine::Skipped(skipped)) => Ok(Entry::Skipped(skipped)),
            Ok(WireLine::Summary(_)) => Err(ShardProblem::Sums(line)),
            Err(error) => Err(ShardProblem::NoRecord { line, error: error.to_string() }),
        }
    }
}

impl Iterator for Records {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<io::Result<Entry>> {
        self.left = self.left.checked_sub(1)?;
        let record = self.read();
        Some(record.map_err(|problem| ShardError { path: self.path.clone(), problem }.into()))
    }
}
