//! Finds the three records among whatever else is in a log.

use std::io::BufRead;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::error::{LogError, LogProblem};
use super::lines::{LIMIT, Line, Lines};
use crate::declared::{Declared, declare_line};
use crate::version::AtLeast;

const DECLARED: &str = "values needing inclusion in stack maps: ";
const BEFORE: &str = "before inserting safepoint spills and reloads:";
const AFTER: &str = "after inserting safepoint spills and reloads:";

/// The text of a function, and where it is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionText {
    /// The text, from `function` to the closing brace.
    pub text: String,
    /// The line of the log that its first line is.
    pub line: u32,
}

impl FunctionText {
    /// Its first line: name and signature.
    pub(super) fn header(&self) -> &str {
        self.text.lines().next().unwrap_or("").trim_end()
    }

    /// Its name.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.header().strip_prefix("function ")?.split('(').next()?.trim();
        Some(name.to_owned())
    }
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Declared(Declared, AtLeast),
    Before(FunctionText),
    After(FunctionText),
    /// It cannot be read.
    Lost(LogError, Loss),
}

/// Which record was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    Declared,
    /// With as much of the function as there is.
    Before(FunctionText),
    After(FunctionText),
    /// All that would have come.
    Rest,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) content: Content,
    pub(super) line: u32,
    /// The thread that wrote it, if the log says: `ThreadId(3)` in the prefix.
    pub(super) thread: Option<u64>,
}

/// Finds records.
#[derive(Debug)]
pub(super) struct Records<R> {
    input: Input<R>,
    known: Known,
}

/// What is read.
#[derive(Debug)]
struct Input<R> {
    lines: Lines<R>,
    failed: bool,
}

/// What earlier lines say of the records that come.
#[derive(Debug)]
struct Known {
    /// From the last line that names a version.
    version: AtLeast,
    /// From a `;! declare` line, for the next record of declared values.
    declare: Option<Vec<u32>>,
}

#[derive(Clone, Copy)]
enum Marker {
    Declared,
    Before,
    After,
}

/// Finds the part that the two longer markers have in common, and the other one.
/// Every line of a log is searched for these.
static SPILLS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("inserting safepoint "));
static NEEDING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(DECLARED));

/// Where a line says which record it begins.
fn marker(line: &str) -> Option<(usize, usize, Marker)> {
    // Each marker has a colon, and few other lines do.
    memchr::memchr(b':', line.as_bytes())?;
    if let Some(start) = NEEDING.find(line.as_bytes()) {
        return Some((start, start + DECLARED.len(), Marker::Declared));
    }
    SPILLS.find(line.as_bytes())?;
    [(BEFORE, Marker::Before), (AFTER, Marker::After)].into_iter().find_map(|(text, marker)| {
        let start = line.find(text)?;
        Some((start, start + text.len(), marker))
    })
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Records {
            input: Input { lines: Lines::new(input), failed: false },
            known: Known { version: AtLeast::UNKNOWN, declare: None },
        }
    }

    /// The next record.
    pub(super) fn next(&mut self) -> Option<Record> {
        loop {
            let (text, line) = match self.input.line() {
                Ok(Some((Line::Text(text), line))) => (text, line),
                // What cannot be read is no record: the three are plain text.
                Ok(Some((Line::NotUtf8 | Line::TooLong, _))) => continue,
                Ok(None) => return None,
                Err(error) => {
                    let (line, content) = (error.line, Content::Lost(error, Loss::Rest));
                    return Some(Record { content, line, thread: None });
                }
            };
            let Some((start, end, marker)) = marker(text) else {
                self.known.remark(text);
                continue;
            };
            let thread = thread(&text[..start]);
            let content = match marker {
                Marker::Declared => self.known.declared(&text[end..], line),
                Marker::Before => self.input.function(line, Content::Before, Loss::Before),
                Marker::After => self.input.function(line, Content::After, Loss::After),
            };
            return Some(Record { content, line, thread });
        }
    }
}

impl Known {
    /// A line that is no record may say what the next ones leave open.
    fn remark(&mut self, line: &str) {
        if let Some(Ok(values)) = declare_line(line) {
            self.declare = Some(values);
        }
        if let Some((_, version)) = line.split_once("cranelift-frontend 0.") {
            let minor = version.split(|c: char| !c.is_ascii_digit()).next();
            if let Some(minor) = minor.and_then(|minor| minor.parse().ok()) {
                self.version = AtLeast::minor(minor);
            }
        }
    }

    /// Reads the declared values on line `line`.
    fn declared(&mut self, text: &str, line: u32) -> Content {
        self.declared_values(text).unwrap_or_else(|what| {
            Content::Lost(LogError { line, function: None, what }, Loss::Declared)
        })
    }

    fn declared_values(&mut self, text: &str) -> Result<Content, LogProblem> {
        let declare = self.declare.take();
        let declared = Declared::parse(text).ok_or(LogProblem::DeclaredSet)?;
        let version = self.version.max(Declared::version(text, &declared));
        let Some(values) = declare else { return Ok(Content::Declared(declared, version)) };
        match values.iter().find(|value| !declared.values().contains(value)) {
            Some(value) => Err(LogProblem::DeclareLine(format!("v{value}"))),
            None => Ok(Content::Declared(Declared::exactly(values), version)),
        }
    }
}

impl<R: BufRead> Input<R> {
    /// The next line of the log and its number; nothing more after an error.
    fn line(&mut self) -> Result<Option<(Line<'_>, u32)>, LogError> {
        if self.failed {
            return Ok(None);
        }
        let number = self.lines.number().saturating_add(1);
        match self.lines.next() {
            Ok(line) => Ok(line.map(|line| (line, number))),
            Err(error) => {
                self.failed = true;
                let what = LogProblem::Io(error.to_string());
                Err(LogError { line: number, function: None, what })
            }
        }
    }

    /// Reads the function that follows a record's first line, `line`.
    fn function(
        &mut self,
        line: u32,
        content: fn(FunctionText) -> Content,
        loss: fn(FunctionText) -> Loss,
    ) -> Content {
        let mut function = FunctionText { text: String::new(), line: line.saturating_add(1) };
        match self.function_lines(&mut function) {
            Ok(()) => content(function),
            Err(what) => {
                let error = LogError { line, function: function.name(), what };
                Content::Lost(error, loss(function))
            }
        }
    }

    fn function_lines(&mut self, function: &mut FunctionText) -> Result<(), LogProblem> {
        loop {
            let text = match self.line() {
                Ok(Some((Line::Text(text), _))) => text,
                Ok(Some((Line::NotUtf8, _))) => return Err(LogProblem::NotUtf8),
                Ok(Some((Line::TooLong, _))) => return Err(LogProblem::TooLong(LIMIT)),
                Ok(None) => return Err(LogProblem::Truncated),
                Err(error) => return Err(error.what),
            };
            let is_first = function.text.is_empty();
            if marker(text).is_some() || (is_first && !text.starts_with("function ")) {
                self.lines.give_back();
                let what = if is_first { LogProblem::NoFunction } else { LogProblem::Truncated };
                return Err(what);
            }
            function.text.push_str(text);
            function.text.push('\n');
            if text.trim_end() == "}" {
                return Ok(());
            }
        }
    }
}

/// The number in `ThreadId(3)`.
///
/// Nothing else in a prefix is taken for a thread: what looks like a name may be
/// a counter, and two keys for one thread would tear its records apart.
fn thread(prefix: &str) -> Option<u64> {
    let (_, id) = prefix.split_once("ThreadId(")?;
    id.split_once(')')?.0.parse().ok()
}
