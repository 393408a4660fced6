//! Verifies pairs of functions.

use stackmap_clif::log::{FunctionText, Recording};
use stackmap_clif::lower::{Comparison, LowerError, Lowered};
use stackmap_clif::pair::{ClifPair, ReadError, Text};
use stackmap_clif::verdict::{Doubtful, agreed};
use stackmap_html::Picture;
use stackmap_report::{Evidence, ExpectedReferences, FunctionResult, Line, Listing, Part, Reason};
use stackmap_verifier::model::Origin;
use stackmap_verifier::{Outcome, Report};

use crate::certificates;
use crate::checked::{Checked, Model, Program};
use crate::how::How;

/// Verifies a function of a log.
pub(crate) fn check_recording(input: &str, recording: &Recording, how: &How) -> Checked {
    let readings =
        recording.readings_of(Some(&how.compiler)).map(|reading| Judged::of(reading, how));
    let judged = readings.reduce(Judged::and).unwrap_or(Judged::Disagreeing);
    let listing = listing(input, recording);
    let reason = match judged {
        Judged::Report(pair, report) => match recording.certain(report) {
            Some(report) => {
                return reported(recording.name(), (*pair, report), listing, how);
            }
            None => Reason {
                text: in_doubt(recording),
                line: Some(recording.declared_line),
                column: None,
            },
        },
        Judged::Disagreeing => Reason {
            text: disagreeing(recording),
            line: Some(recording.declared_line),
            column: None,
        },
        Judged::Doubtful(doubtful) => {
            Reason { line: Some(recording.declared_line), ..doubtful_reason(&doubtful) }
        }
        Judged::Wrong(ReadError::Before(error)) => {
            let reason = read_reason(&ReadError::Before(error), &listing);
            let line = |line| listing.before.as_ref().unwrap_or(&listing.after).line(line);
            return FunctionResult::error(Some(recording.name()), in_log(reason, line)).into();
        }
        Judged::Wrong(ReadError::Declared(contradiction)) => {
            let line = Some(recording.declared_line);
            let reason = Reason { line, ..Reason::new(contradiction.to_string()) };
            return FunctionResult::error(Some(recording.name()), reason).into();
        }
        Judged::Wrong(error @ ReadError::References(_)) => {
            let reason = read_reason(&error, &listing);
            return refused(recording.name(), &error, reason).into();
        }
        Judged::Wrong(error) => {
            let line = |number| match &error {
                // The line may be behind the last line of the function.
                ReadError::After(_) => listing.after.line(number),
                ReadError::Unsupported(_)
                | ReadError::Before(_)
                | ReadError::Declared(_)
                | ReadError::References(_) => listing.line(number),
            };
            let reason = in_log(read_reason(&error, &listing), line);
            return refused(recording.name(), &error, reason).of_texts(listing).into();
        }
    };
    FunctionResult::unsupported(recording.name(), Evidence::Pair, reason).of_texts(listing).into()
}

/// Verifies a pair that has been read.
pub(crate) fn check_pair(
    function: String,
    pair: Result<ClifPair, ReadError>,
    listing: Listing,
    how: &How,
) -> Checked {
    match Judged::of(pair, how) {
        Judged::Report(pair, report) => reported(function, (*pair, report), listing, how),
        Judged::Doubtful(doubtful) => {
            let reason = doubtful_reason(&doubtful);
            FunctionResult::unsupported(function, Evidence::Pair, reason).of_texts(listing).into()
        }
        Judged::Wrong(error) => {
            let reason = read_reason(&error, &listing);
            refused(function, &error, reason).of_texts(listing).into()
        }
        Judged::Disagreeing => {
            let reason = Reason::new("the verdict depends on what is declared");
            FunctionResult::unsupported(function, Evidence::Pair, reason).of_texts(listing).into()
        }
    }
}

/// The outcome of one reading of a pair, or of several.
enum Judged {
    Report(Box<ClifPair>, Report),
    Doubtful(Doubtful),
    Wrong(ReadError),
    /// The readings have different outcomes.
    Disagreeing,
}

impl Judged {
    fn of(pair: Result<ClifPair, ReadError>, how: &How) -> Judged {
        match pair {
            Ok(pair) => match pair.judge(&how.options) {
                Ok((pair, report)) => Judged::Report(Box::new(pair), report),
                Err(doubtful) => Judged::Doubtful(doubtful),
            },
            Err(error) => Judged::Wrong(error),
        }
    }

    /// Combines the outcomes of two readings.
    fn and(self, other: Judged) -> Judged {
        match (self, other) {
            (Judged::Report(mut pair, one), Judged::Report(second, other)) => {
                pair.rests_on_line |= second.rests_on_line;
                match agreed(one, &other) {
                    Some(report) => Judged::Report(pair, report),
                    None => Judged::Disagreeing,
                }
            }
            (Judged::Wrong(one), Judged::Wrong(other)) if one == other => Judged::Wrong(one),
            (Judged::Doubtful(one), Judged::Doubtful(_)) => Judged::Doubtful(one),
            (
                Judged::Report(..) | Judged::Wrong(_) | Judged::Doubtful(_) | Judged::Disagreeing,
                _,
            ) => Judged::Disagreeing,
        }
    }
}

fn reported(
    function: String,
    (pair, report): (ClifPair, Report),
    listing: Listing,
    how: &How,
) -> Checked {
    let pictures = pictures(&pair, &report, how);
    let certificate = certificate(&function, &pair, &report, how);
    let outcome = report.outcome.clone();
    let mut result = FunctionResult::new(function, Evidence::Pair, report, listing);
    result.stated = result.verdict.is_judged() && pair.rests_on_line;
    result.expected =
        pair.expected.map(|counts| ExpectedReferences::new(counts.expected, counts.resolved));
    let model = how.keep.then(|| model(pair, &outcome, how)).flatten();
    Checked { result, pictures, model, certificate }
}

/// Returns the model of a pair, if there is one.
fn model(pair: ClifPair, outcome: &Outcome, how: &How) -> Option<Model> {
    let declared = pair.references_for(pair.model()?, outcome);
    let Comparison::Pair(lowered) = pair.comparison else { return None };
    let Lowered { before, after, .. } = *lowered;
    let program = Program::Pair(Box::new((before, declared, after)));
    Some(Model { program, options: how.options })
}

/// Returns the model of a pair and its certificate, as text, if that is asked for.
fn certificate(function: &str, pair: &ClifPair, report: &Report, how: &How) -> Option<String> {
    let model = pair.model().filter(|_| how.write)?;
    let declared = pair.references_for(model, &report.outcome);
    let Lowered { before, after, .. } = model;
    certificates::written(function, before, &declared, after, &how.options)
}

fn pictures(pair: &ClifPair, report: &Report, how: &How) -> Vec<Picture> {
    if !how.draw || report.findings.is_empty() {
        return Vec::new();
    }
    let Some(model) = pair.model() else { return Vec::new() };
    let declared = pair.references_for(model, &report.outcome);
    let Lowered { before, after, .. } = model;
    stackmap_html::pictures(before, &declared, after, &how.options, &report.findings)
}

/// Returns the result for a pair that cannot be judged.
fn refused(function: String, error: &ReadError, reason: Reason) -> FunctionResult {
    match error {
        ReadError::Before(_)
        | ReadError::After(_)
        | ReadError::Declared(_)
        | ReadError::References(_) => FunctionResult::error(Some(function), reason),
        ReadError::Unsupported(_) => FunctionResult::unsupported(function, Evidence::Pair, reason),
    }
}

/// Returns the reason why a pair cannot be judged. `listing` is that of the function after.
fn read_reason(error: &ReadError, listing: &Listing) -> Reason {
    match error {
        ReadError::Before(error) | ReadError::After(error) => {
            let (line, column) = (Some(error.line), Some(error.column));
            Reason { text: error.what.to_string(), line, column }
        }
        ReadError::Declared(contradiction) => Reason::new(contradiction.to_string()),
        ReadError::References(bad) => {
            Reason { line: Some(bad.line), ..Reason::new(bad.to_string()) }
        }
        ReadError::Unsupported(error) => {
            let first = Origin { line: listing.after.first_line, column: 1, length: 0 };
            Reason::at(unsupported(error), error.origin().unwrap_or(first))
        }
    }
}

/// Returns the message for a function that cannot be judged, with a helpful option if there is one.
pub(crate) fn unsupported(error: &LowerError) -> String {
    if let LowerError::UnprintedStackMap { site } = error
        && site.text.contains("try_call")
    {
        return format!("{error} (say what wrote it with `--cranelift VERSION`)");
    }
    error.to_string()
}

fn doubtful_reason(doubtful: &Doubtful) -> Reason {
    Reason::new(format!(
        "{doubtful} (say what wrote the log with `--cranelift VERSION`, or which are declared \
         with a line `;! declare v0 v3` before the record; with `--declare-lines`, what is wrong \
         with such a line is said)"
    ))
}

/// Returns the message for a verdict that differs among the sets of declared values that may be the
/// function's.
fn disagreeing(recording: &Recording) -> String {
    let mut lines: Vec<u32> = recording.others.iter().map(|other| other.line).collect();
    lines.push(recording.declared_line);
    lines.sort_unstable();
    let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
    format!(
        "ambiguous interleaving: the function's declared values may be those of any of the \
         lines {}, and the verdict depends on which (a logger that prints thread ids tells \
         threads apart)",
        lines.join(", ")
    )
}

/// Returns the message for a violation in records that need not belong together.
fn in_doubt(recording: &Recording) -> String {
    let Recording { declared_line, before, after, .. } = recording;
    format!(
        "ambiguous interleaving: records are missing in the log, and if several threads wrote \
         it, the declared values on line {declared_line} and the functions on the lines {} and {} \
         may not belong together; if they do, the function is wrong (a logger that prints thread \
         ids tells threads apart)",
        before.line, after.line
    )
}

/// Returns the texts that findings about a function point into.
fn listing(input: &str, recording: &Recording) -> Listing {
    let [before, after] = recording.texts();
    let part = |text: Text<'_>, function: &FunctionText| Part {
        first_line: text.line,
        on_line: function.in_one_line.then_some(function.line),
        ..Part::new(input, text.text)
    };
    Listing { after: part(after, &recording.after), before: Some(part(before, &recording.before)) }
}

/// Returns the reason with a line number of the log.
fn in_log(reason: Reason, line: impl Fn(u32) -> Line) -> Reason {
    let Some(Line { number, of_function: Some(line) }) = reason.line.map(line) else {
        return reason;
    };
    let text = format!("{} (line {line} of the function)", reason.text);
    Reason { text, line: Some(number), column: None }
}
