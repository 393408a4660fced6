//! The summary of all results.

use std::collections::HashMap;

use stackmap_report::{Record, Totals, Verdict};
use stackmap_verifier::findings::{Code, Severity};

/// The number of functions with findings whose names are listed.
const MOST_LISTED: usize = 3000;

/// The number of functions that are shown without regard to what is alike.
const FIRST: usize = 100;

/// The number of functions of a group that are shown after these.
const MOST_ALIKE: usize = 5;

/// The summary of all results.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) inputs: Vec<Input>,
    /// The groups of functions with findings, in the order of the input.
    pub(crate) groups: Vec<Group>,
    /// The numbers of groups by code and cause, and by whether all of it is known.
    by_cause: HashMap<(Code, String, bool), usize>,
    listed: usize,
    /// The number of functions that are shown.
    pub(crate) shown: usize,
    /// The number of those that are violated, by what is not known.
    pub(crate) violated: usize,
    /// The number of violated functions that are not shown.
    pub(crate) violated_left_out: usize,
    /// The number of functions with only warnings, or of which all is known, that are not shown.
    pub(crate) warned_left_out: usize,
    pub(crate) unjudged: usize,
    pub(crate) unjudged_left_out: usize,
}

/// An input and the sums over its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) totals: Totals,
    /// The number of the first of its functions that is shown.
    pub(crate) first: Option<usize>,
}

/// Functions whose first finding has the same code and cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) severity: Severity,
    pub(crate) code: Code,
    /// Its message, without the names in it.
    pub(crate) cause: String,
    /// Whether a baseline has all that is wrong with them.
    pub(crate) is_known: bool,
    /// The functions that are listed.
    pub(crate) entries: Vec<Entry>,
    /// The number of functions.
    pub(crate) count: usize,
    /// The number of those that are shown.
    shown: usize,
}

/// A function with findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) function: String,
    pub(crate) input: String,
    /// The message of its first finding.
    pub(crate) message: String,
    /// The number of its other findings.
    pub(crate) more: usize,
    /// The number under which it is shown, if it is.
    pub(crate) number: Option<usize>,
}

impl Contents {
    /// Counts a result for its input.
    pub(crate) fn count(&mut self, function: &Record) {
        if self.inputs.last().is_none_or(|input| input.index != function.index) {
            let (index, name, totals) = (function.index, function.input.clone(), Totals::default());
            self.inputs.push(Input { index, name, totals, first: None });
        }
        if let Some(input) = self.inputs.last_mut() {
            input.totals.count(function);
        }
    }

    /// Adds a function with findings, and returns the number under which it is shown, if it is.
    /// `most` is how many may be that are violated, and how many others.
    pub(crate) fn list(&mut self, function: &Record, most: (usize, usize)) -> Option<usize> {
        let first = function.findings.first()?;
        let is_known = function.is_known() || function.findings.iter().all(|found| found.known);
        let cause = cause(&first.message);
        let next = self.groups.len();
        let key = (first.code, cause.clone(), is_known);
        let group = *self.by_cause.entry(key).or_insert(next);
        if group == next {
            let (severity, code) = (first.severity, first.code);
            let entries = Vec::new();
            self.groups.push(Group {
                severity,
                code,
                cause,
                is_known,
                entries,
                count: 0,
                shown: 0,
            });
        }
        let is_violated = function.verdict == Verdict::Violated && !function.is_known();
        let (alike, most, left_out) = match is_violated {
            true => (self.violated, most.0, &mut self.violated_left_out),
            false => (self.shown - self.violated, most.1, &mut self.warned_left_out),
        };
        let group = self.groups.get_mut(group)?;
        group.count += 1;
        let has_room = alike < most.min(FIRST) || (alike < most && group.shown < MOST_ALIKE);
        let number = has_room.then_some(self.shown + 1);
        match has_room {
            true => {
                self.shown += 1;
                self.violated += usize::from(is_violated);
                group.shown += 1;
                if let Some(input) = self.inputs.last_mut() {
                    input.first = input.first.or(number);
                }
            }
            false => *left_out += 1,
        }
        // What is shown is listed, so that something leads to it.
        if self.listed < MOST_LISTED || has_room {
            self.listed += 1;
            group.entries.push(Entry {
                function: function.function.clone().unwrap_or_default(),
                input: function.input.clone(),
                message: first.message.clone(),
                more: function.findings.len() - 1,
                number,
            });
        }
        number
    }

    /// Returns the groups: first what is wrong and not known, then warnings, then what is known; and
    /// of these, the larger ones first.
    pub(crate) fn sorted(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|group| {
            (group.is_known, group.severity != Severity::Error, std::cmp::Reverse(group.count))
        });
        groups
    }
}

/// Returns a message without the names in it, which are in backquotes.
fn cause(message: &str) -> String {
    let parts = message.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { "`…`" } else { part }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_part_of_a_cause() {
        assert_eq!(cause("`v0` and `v1` share `ss0`"), "`…` and `…` share `…`");
        assert_eq!(cause("nothing"), "nothing");
    }
}
