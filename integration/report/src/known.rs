//! The part of a run that a baseline has, and what else a baseline says of a run.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use stackmap_verifier::findings::Severity;

use crate::result::{FunctionResult, HasCode};
use crate::verdict::Verdict;
use crate::visible::visible;

/// The number of results that a baseline has. The names and the order of the fields are those of
/// JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct Known {
    /// The number of violated functions of which all errors are known.
    pub violated: usize,
    /// The number of functions of which it is known that they cannot be decided.
    pub unsupported: usize,
    /// The number of known errors, in whatever functions.
    pub errors: usize,
    /// The number of known warnings.
    pub warnings: usize,
}

impl Known {
    /// Returns whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Known::default()
    }

    pub(crate) fn of<F: HasCode>(result: &FunctionResult<F>) -> Self {
        let known = |severity| {
            let found = result.findings.iter().filter(|found| found.code().severity() == severity);
            found.filter(|found| found.is_known()).count()
        };
        Known {
            violated: usize::from(result.verdict == Verdict::Violated && result.is_known()),
            unsupported: usize::from(result.verdict == Verdict::Unsupported && result.known),
            errors: known(Severity::Error),
            warnings: known(Severity::Warning),
        }
    }
}

impl AddAssign for Known {
    fn add_assign(&mut self, other: Known) {
        let Known { violated, unsupported, errors, warnings } = other;
        self.violated = self.violated.saturating_add(violated);
        self.unsupported = self.unsupported.saturating_add(unsupported);
        self.errors = self.errors.saturating_add(errors);
        self.warnings = self.warnings.saturating_add(warnings);
    }
}

impl<F: HasCode> FunctionResult<F> {
    /// Returns whether everything is known for which the function would fail a run: all of its
    /// errors, or that it cannot be decided.
    pub fn is_known(&self) -> bool {
        let mut errors =
            self.findings.iter().filter(|found| found.code().severity() == Severity::Error);
        match self.verdict {
            Verdict::Violated => errors.clone().next().is_some() && errors.all(HasCode::is_known),
            Verdict::Unsupported => self.known,
            Verdict::Verified | Verdict::Error => false,
        }
    }
}

/// A known defect. The names and the order of the fields are those of JSON.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name of the input.
    pub input: String,
    /// The code of the finding, or `unsupported`.
    pub what: String,
    /// The fingerprint.
    pub fingerprint: String,
    /// The number of times that it is there.
    pub count: usize,
    /// The name that the function had.
    pub function: String,
    /// The message, or the reason why the function could not be decided.
    pub text: String,
}

impl Entry {
    /// Returns the same entry with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(&self) -> Entry {
        let shown = |text: &str| visible(text).into_owned();
        let Entry { input, what, fingerprint, count, function, text } = self;
        Entry {
            input: shown(input),
            what: shown(what),
            fingerprint: shown(fingerprint),
            count: *count,
            function: shown(function),
            text: shown(text),
        }
    }
}

/// A run compared with a baseline, besides what is known. The names and the order of the fields are
/// those of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct Compared {
    /// The file of the baseline.
    pub file: String,
    /// What the baseline has, and the run no longer, in order.
    pub gone: Vec<Entry>,
    /// The number of entries about inputs that were not checked, or not completely.
    pub elsewhere: usize,
}

impl Compared {
    /// Returns the comparison of several slices of a run.
    #[must_use]
    pub fn and(mut self, other: Compared) -> Compared {
        self.gone.extend(other.gone);
        self.gone.sort();
        self.elsewhere = self.elsewhere.saturating_add(other.elsewhere);
        self
    }
}
