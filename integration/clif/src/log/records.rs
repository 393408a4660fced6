//! Finds the records among whatever else is in a log.

use std::collections::VecDeque;
use std::io::BufRead;

use super::error::{LogError, LogProblem};
use super::lines::{Damage, Line, Lines};
use super::marker::{self, Found, Marker};
use super::open::{Open, Side, Taken, in_one_line};
use super::origin::Origin;
use super::raw::LIMIT;
use super::record::{Content, FunctionText, Loss, Record};
use super::remarks::Remarks;
use super::structure::{Message, Place, Structures};
use crate::liveness::Step;
use crate::version::AtLeast;

/// So many records can be open at a time; if there are more, they will not end.
const LIMIT_OPEN: usize = 64;

/// Finds records.
#[derive(Debug)]
pub(super) struct Records<R> {
    lines: Lines<R>,
    state: State,
    ended: bool,
}

/// What has been read.
#[derive(Debug)]
struct State {
    structures: Structures,
    remarks: Remarks,
    /// Records that go on, in the order in which they began.
    open: Vec<Open>,
    ready: VecDeque<Record>,
}

impl<R: BufRead> Records<R> {
    /// Reads a log that a Cranelift of this version wrote, if that is known.
    pub(super) fn new(input: R, version: Option<AtLeast>, structures: Structures) -> Self {
        let remarks = Remarks::new(version);
        let state = State { structures, remarks, open: Vec::new(), ready: VecDeque::new() };
        Records { lines: Lines::new(input), state, ended: false }
    }

    /// The next record.
    pub(super) fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(record) = self.state.ready.pop_front() {
                return Some(record);
            }
            if self.ended {
                return None;
            }
            match self.lines.next() {
                Ok(Some(line)) => self.state.line(&line),
                Ok(None) => {
                    self.ended = true;
                    self.state.end(None);
                }
                Err(error) => {
                    self.ended = true;
                    let line = self.lines.number().saturating_add(1);
                    let what = LogProblem::Io(error.to_string());
                    self.state.end(Some(LogError { line, function: None, what }));
                }
            }
        }
    }
}

impl State {
    fn line(&mut self, line: &Line<'_>) {
        if !self.is_taken(line) {
            self.begin(line);
        }
    }

    /// Offers a line to the records that go on.
    fn is_taken(&mut self, line: &Line<'_>) -> bool {
        let mut next = 0;
        while let Some(open) = self.open.get_mut(next) {
            match open.take(line, self.structures) {
                Taken::No => next += 1,
                Taken::Line => return true,
                Taken::End { record, with_line } => {
                    self.open.remove(next);
                    self.ready.push_back(*record);
                    if with_line {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Reads a line that may begin a record.
    fn begin(&mut self, line: &Line<'_>) {
        let Some(found) = marker::find(&line.text) else {
            self.remarks.line(&line.text);
            return;
        };
        if line.damage == Some(Damage::TooLong) {
            self.too_long(found, line);
            return;
        }
        let structure = (self.structures)(&line.text);
        let start = structure.as_ref().map(|structure| structure.start);
        match (start, structure.and_then(Message::of)) {
            (Some(start), Some(message)) => self.message(line, start, &message),
            _ => {
                let origin = Origin::of(&line.text[..found.start], []);
                self.record(found, line, &line.text, origin, (Place::Line, found.start));
            }
        }
    }

    /// Reads the record in a string of a line.
    fn message(&mut self, line: &Line<'_>, start: usize, message: &Message) {
        let Message { path, text, beside } = message;
        let Some(found) = marker::find(text) else { return };
        // Something else may stand before the structure, or before the record in it.
        let prefix = format!("{}{}", &line.text[..start], &text[..found.start]);
        let origin = Origin::of(&prefix, beside.iter().map(String::as_str));
        let place = Place::Field(path.clone());
        self.record(found, line, text, origin, (place, found.start));
    }

    /// Reads the record that begins with a marker.
    fn record(
        &mut self,
        found: Found,
        line: &Line<'_>,
        text: &str,
        origin: Origin,
        (place, start): (Place, usize),
    ) {
        let rest = &text[found.end..];
        let side = match found.marker {
            Marker::Before => Side::Before,
            Marker::After => Side::After,
            Marker::Declared => {
                let content = self.remarks.declared(rest, line.number);
                self.ready.push_back(Record { content, line: line.number, origin });
                return;
            }
            Marker::Liveness => {
                if let Some(step) = Step::parse(rest) {
                    let content = Content::Liveness(step);
                    self.ready.push_back(Record { content, line: line.number, origin });
                }
                return;
            }
        };
        if rest.contains('\n') {
            self.ready.push_back(in_one_line(side, line, origin, rest));
            return;
        }
        if self.open.len() == LIMIT_OPEN {
            let first = self.open.remove(0);
            self.ready.push_back(first.end(None));
        }
        self.open.push(Open::new(side, line.number, origin, place, &text[..start]));
    }

    /// Reports a record whose line is too long to be read.
    fn too_long(&mut self, found: Found, line: &Line<'_>) {
        let nothing = FunctionText { text: String::new(), line: line.number, in_one_line: false };
        let loss = match found.marker {
            Marker::Declared => Loss::Declared,
            Marker::Before => Loss::Before(nothing),
            Marker::After => Loss::After(nothing),
            Marker::Liveness => return,
        };
        let what = LogProblem::TooLong(LIMIT);
        let content = Content::Lost(LogError { line: line.number, function: None, what }, loss);
        let origin = Origin::of(&line.text[..found.start], []);
        self.ready.push_back(Record { content, line: line.number, origin });
    }

    /// Nothing more will come, perhaps because of an error.
    fn end(&mut self, failure: Option<LogError>) {
        let open = std::mem::take(&mut self.open);
        let said = !open.is_empty();
        let records = open.into_iter().map(|open| open.end(failure.as_ref()));
        self.ready.extend(records);
        if let Some(error) = failure.filter(|_| !said) {
            let (line, origin) = (error.line, Origin::default());
            let content = Content::Lost(error, Loss::Rest);
            self.ready.push_back(Record { content, line, origin });
        }
    }
}
