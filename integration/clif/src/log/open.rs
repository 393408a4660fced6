//! A record that continues in the following lines.

use super::error::{LogError, LogProblem};
use super::lines::{Damage, Line};
use super::margin::Margin;
use super::marker;
use super::origin::{Origin, program};
use super::raw::LIMIT;
use super::record::{FunctionText, Loss, Record, RecordKind};
use super::structure::{Structures, TextPosition};

/// The maximum number of lines of other programs between the first line of a record and its second.
const BETWEEN: usize = 64;

/// The function of a pair that a record contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// A record of a function whose end has not been read yet.
#[derive(Clone, Debug)]
pub(super) struct Open {
    side: Side,
    /// The line number of the record's first line.
    line: u32,
    origin: Origin,
    place: TextPosition,
    /// The text before the record in its first line.
    prefix: String,
    /// The margin of the other lines; unknown until the second line has been read.
    margin: Option<Margin>,
    /// Lines after the first that do not seem to belong to the record.
    between: Vec<String>,
    function: FunctionText,
}

/// The result of offering a line to an open record.
#[derive(Debug)]
pub(super) enum Taken {
    /// The line does not belong to this record.
    No,
    /// The line belongs to this record, and more lines follow.
    Line,
    /// The line is the last of this record, or shows that no more lines will follow.
    End {
        record: Box<Record>,
        /// Whether the line belongs to the record.
        with_line: bool,
    },
}

impl Open {
    pub(super) fn new(
        side: Side,
        line: u32,
        origin: Origin,
        place: TextPosition,
        prefix: &str,
    ) -> Open {
        Open {
            side,
            line,
            origin,
            place,
            prefix: prefix.to_owned(),
            margin: None,
            between: Vec::new(),
            function: FunctionText { text: String::new(), line, in_one_line: false },
        }
    }

    /// Takes the next line of the log, if it belongs to this record.
    pub(super) fn take(&mut self, line: &Line<'_>, structures: Structures) -> Taken {
        if self.origin.program.is_some() && program(&line.text) != self.origin.program.as_deref() {
            return Taken::No;
        }
        let Some(text) = self.place.text(&line.text, structures) else { return Taken::No };
        let Some(margin) = &self.margin else { return self.first(line, &text) };
        let Some((content, width)) = margin.strip(&text) else {
            // A logger that indents lines indents all of them. Lines of other programs may come
            // between those of a program that is named in each line.
            return match margin.is_blank() {
                true => self.cut_off(LogProblem::Truncated),
                false => Taken::No,
            };
        };
        if marker::find(content).is_some() {
            return self.cut_off(LogProblem::Truncated);
        }
        self.push(line.damage, content, width)
    }

    /// Takes a line, if it is the first of the function.
    fn first(&mut self, line: &Line<'_>, text: &str) -> Taken {
        let Some(start) = text.find("function ") else { return self.other(text) };
        let margin = Margin::new(&text[..start]);
        if !self.is_margin(&margin) {
            return self.other(text);
        }
        let follows = match margin.is_blank() {
            true => self.between.is_empty(),
            false => self.between.iter().all(|between| margin.strip_head(between).is_none()),
        };
        if !follows {
            return self.cut_off(LogProblem::NoFunction);
        }
        let width = text[..start].chars().count();
        self.margin = Some(margin);
        self.function.line = line.number;
        self.between.clear();
        self.push(line.damage, &text[start..], width)
    }

    /// Returns whether a margin is possible for a record with this prefix: text that a log
    /// collector adds also precedes the record's first line.
    fn is_margin(&self, margin: &Margin) -> bool {
        margin.is_blank() || margin.strip_head(&self.prefix).is_some()
    }

    /// Skips a line that comes where the first line of the function is expected.
    fn other(&mut self, text: &str) -> Taken {
        // The same prefix means the same program: it has moved on to another message.
        let goes_on = marker::find(text)
            .is_some_and(|found| Margin::new(&self.prefix) == Margin::new(&text[..found.start]));
        if goes_on || self.between.len() == BETWEEN {
            return self.cut_off(LogProblem::NoFunction);
        }
        self.between.push(text.chars().take(2 * self.prefix.chars().count()).collect());
        Taken::No
    }

    /// Takes the content of a line; `width` is the width of its margin in characters.
    fn push(&mut self, damage: Option<Damage>, content: &str, width: usize) -> Taken {
        let problem = match damage {
            Some(Damage::TooLong | Damage::Beyond(_)) => Some(LogProblem::TooLong(LIMIT)),
            Some(Damage::Hidden(_)) => Some(LogProblem::Hidden),
            // The invalid bytes may also be in the margin only.
            Some(Damage::NotUtf8) if content.contains('\u{fffd}') => Some(LogProblem::NotUtf8),
            Some(Damage::NotUtf8) | None => None,
        };
        if let Some(problem) = problem {
            let record = Box::new(self.lost(problem));
            return Taken::End { record, with_line: true };
        }
        let text = &mut self.function.text;
        text.extend(std::iter::repeat_n(' ', width));
        // Key-value pairs may follow the message.
        let ends = content.starts_with('}');
        text.push_str(if ends { "}" } else { content });
        text.push('\n');
        if !ends {
            return Taken::Line;
        }
        let function = std::mem::replace(&mut self.function, nothing(self.line));
        let content = match self.side {
            Side::Before => RecordKind::Before(function),
            Side::After => RecordKind::After(function),
        };
        let record = Record { content, line: self.line, origin: self.origin.clone() };
        Taken::End { record: Box::new(record), with_line: true }
    }

    fn cut_off(&mut self, problem: LogProblem) -> Taken {
        Taken::End { record: Box::new(self.lost(problem)), with_line: false }
    }

    /// Returns the record if the log ends here.
    pub(super) fn end(mut self, failure: Option<&LogError>) -> Record {
        let problem = match (failure, &self.margin) {
            (Some(error), _) => error.what.clone(),
            (None, None) if !self.between.is_empty() => LogProblem::NoFunction,
            (None, Some(_) | None) => LogProblem::Truncated,
        };
        self.lost(problem)
    }

    fn lost(&mut self, what: LogProblem) -> Record {
        let function = std::mem::replace(&mut self.function, nothing(self.line));
        let error = LogError { line: self.line, function: function.name(), what };
        let loss = match self.side {
            Side::Before => Loss::Before(function),
            Side::After => Loss::After(function),
        };
        let content = RecordKind::Lost(error, loss);
        Record { content, line: self.line, origin: self.origin.clone() }
    }
}

fn nothing(line: u32) -> FunctionText {
    FunctionText { text: String::new(), line, in_one_line: false }
}

/// Reads a record whose function, including line ends, follows the marker in the record's first
/// line.
pub(super) fn in_one_line(side: Side, line: &Line<'_>, origin: Origin, rest: &str) -> Record {
    // The prefix of the record does not precede the lines within it.
    let mut open = Open::new(side, line.number, Origin::default(), TextPosition::Line, "");
    for text in rest.lines().skip(1) {
        let inner =
            Line { text: text.into(), number: line.number, damage: line.damage, is_last: false };
        match open.take(&inner, |_| None) {
            Taken::No | Taken::Line => {}
            Taken::End { mut record, .. } => {
                record.origin = origin;
                if let RecordKind::Before(function) | RecordKind::After(function) =
                    &mut record.content
                {
                    function.in_one_line = true;
                }
                return *record;
            }
        }
    }
    Record { origin, ..open.end(None) }
}
