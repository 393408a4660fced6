//! Finds the spiller's records among the other lines of a log.

use std::collections::VecDeque;
use std::io::BufRead;

use super::error::{LogError, LogProblem};
use super::lines::{Damage, Line, Lines};
use super::marker::{self, Found, Marker};
use super::open::{Open, Side, Taken, in_one_line};
use super::origin::Origin;
use super::raw::LIMIT;
use super::record::{FunctionText, Loss, Record, RecordKind};
use super::remarks::Remarks;
use super::structure::{Message, Structures, TextPosition};
use crate::liveness::Step;

/// The maximum number of open records; if there are more, they will not end.
const LIMIT_OPEN: usize = 64;

/// An iterator over the records of a log.
#[derive(Debug)]
pub(super) struct Records<R> {
    lines: Lines<R>,
    state: State,
    ended: bool,
}

/// The state of reading a log.
#[derive(Debug)]
struct State {
    structures: Structures,
    remarks: Remarks,
    /// The records that continue, in the order in which they began.
    open: Vec<Open>,
    ready: VecDeque<Record>,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, remarks: Remarks, structures: Structures) -> Self {
        let state = State { structures, remarks, open: Vec::new(), ready: VecDeque::new() };
        Records { lines: Lines::new(input), state, ended: false }
    }

    /// Returns the next record.
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

    /// Offers a line to the open records.
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
            self.other(line);
            return;
        };
        if matches!(line.damage, Some(Damage::TooLong | Damage::Beyond(_))) {
            let origin = Origin::of(&line.text[..found.start], []);
            self.lost(found.marker, line.number, origin, LogProblem::TooLong(LIMIT));
            return;
        }
        let structure = (self.structures)(&line.text);
        let start = structure.as_ref().map(|structure| structure.start);
        match (start, structure.and_then(Message::of)) {
            (Some(start), Some(message)) => self.message(line, start, &message),
            _ => {
                let origin = Origin::of(&line.text[..found.start], []);
                self.record(found, line, &line.text, origin, (TextPosition::Line, found.start));
            }
        }
    }

    /// Reads a line on which no record begins, or no readable one.
    fn other(&mut self, line: &Line<'_>) {
        let problem = match line.damage {
            Some(Damage::Hidden(marker)) => Some((marker, LogProblem::Hidden)),
            Some(Damage::Beyond(marker)) => Some((marker, LogProblem::TooLong(LIMIT))),
            Some(Damage::NotUtf8 | Damage::TooLong) | None => {
                marker::cut(&line.text, line.is_last).map(|marker| (marker, LogProblem::Cut))
            }
        };
        match problem {
            Some((marker, what)) => {
                self.lost(marker, line.number, Origin::of(&line.text, []), what)
            }
            None => self.remarks.line(&line.text, line.number),
        }
    }

    /// Reads the record in a string of a structured line.
    fn message(&mut self, line: &Line<'_>, start: usize, message: &Message) {
        let Message { path, text, beside } = message;
        let Some(found) = marker::find(text) else { return };
        // Other text may precede the structure, or the record within it.
        let prefix = format!("{}{}", &line.text[..start], &text[..found.start]);
        let origin = Origin::of(&prefix, beside.iter().map(String::as_str));
        let place = TextPosition::Field(path.clone());
        self.record(found, line, text, origin, (place, found.start));
    }

    /// Reads the record that begins with a marker.
    fn record(
        &mut self,
        found: Found,
        line: &Line<'_>,
        text: &str,
        origin: Origin,
        (place, start): (TextPosition, usize),
    ) {
        let rest = &text[found.end..];
        if found.marker != Marker::Liveness && marker::begins_record(rest) {
            let second = marker::find(rest).map(|second| second.marker);
            for marker in [Some(found.marker), second].into_iter().flatten() {
                self.lost(marker, line.number, origin.clone(), LogProblem::TwoRecords);
            }
            return;
        }
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
                    let content = RecordKind::Liveness(step);
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

    /// Reports a record that cannot be read.
    fn lost(&mut self, marker: Marker, line: u32, origin: Origin, what: LogProblem) {
        let nothing = FunctionText { text: String::new(), line, in_one_line: false };
        let loss = match marker {
            Marker::Declared => Loss::Declared,
            Marker::Before => Loss::Before(nothing),
            Marker::After => Loss::After(nothing),
            Marker::Liveness => return,
        };
        let content = RecordKind::Lost(LogError { line, function: None, what }, loss);
        self.ready.push_back(Record { content, line, origin });
    }

    /// Ends all open records at the end of the log or at a read error.
    fn end(&mut self, failure: Option<LogError>) {
        let open = std::mem::take(&mut self.open);
        let said = !open.is_empty();
        let records = open.into_iter().map(|open| open.end(failure.as_ref()));
        self.ready.extend(records);
        if let Some(error) = failure.filter(|_| !said) {
            let (line, origin) = (error.line, Origin::default());
            let content = RecordKind::Lost(error, Loss::Rest);
            self.ready.push_back(Record { content, line, origin });
        }
    }
}
