//! The sums of a run, and the rule for its exit status.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stackmap_verifier::findings::{Code, Severity};

use crate::compiled::Compiled;
use crate::known::Compared;
use crate::levels::Levels;
use crate::result::{FunctionResult, HasCode};
use crate::run::Run;
use crate::slice::Slice;
use crate::totals::Totals;
use crate::verdict::Evidence;

/// The exit status if there is a violation, whatever else happened.
pub const WRONG: u8 = 1;

/// The exit status if something could not be judged, read or written.
pub const TROUBLE: u8 = 2;

/// The sums of a run. The names and the order of the fields are those of the last line of
/// JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Sums over all results.
    #[serde(flatten)]
    pub all: Totals,
    /// Sums over functions before optimization, which are all results except [`Self::optimized`] and
    /// [`Self::code`]. Not in JSON.
    #[serde(skip)]
    pub first: Totals,
    /// Sums over functions after optimization. These functions are also counted before
    /// optimization. In JSON only if there are any.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub optimized: Totals,
    /// Sums over the machine code of functions. These functions are also counted before it. In JSON
    /// only if there are any.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub code: Totals,
    /// The number of warnings that are not known, by code. Not in JSON: every line of a function
    /// has its findings.
    #[serde(skip)]
    pub new_warnings: BTreeMap<Code, usize>,
    /// The number of inputs.
    pub inputs: usize,
    /// The number of inputs without anything to check. In JSON only if there are any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: usize,
    /// The slice of the inputs that the run covered, if it did not cover all.
    #[cfg_attr(feature = "formats", schemars(with = "Option<String>"))]
    pub partition: Option<Slice>,
    /// Sums over the compiled modules, if there was WebAssembly. In JSON only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wasm: Option<Compiled>,
    /// The comparison with a baseline, if there is one. In JSON only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Compared>,
    /// The file with settings of the run, if there is one. In JSON only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// The options by which the user says what is not checked. In JSON only if there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
    /// The run that this is, or is a slice of. Not written by older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
}

fn is_empty(totals: &Totals) -> bool {
    *totals == Totals::default()
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Summary {
    /// Counts one result.
    pub fn count<F: HasCode>(&mut self, result: &FunctionResult<F>) {
        self.all.count(result);
        let is_new = |found: &&F| found.code().severity() == Severity::Warning && !found.is_known();
        for found in result.findings.iter().filter(is_new) {
            *self.new_warnings.entry(found.code()).or_default() += 1;
        }
        match (result.evidence, result.optimized) {
            (Evidence::Code, _) => self.code.count(result),
            (Evidence::Pair | Evidence::AfterOnly | Evidence::None, true) => {
                self.optimized.count(result);
            }
            (Evidence::Pair | Evidence::AfterOnly | Evidence::None, false) => {
                self.first.count(result);
            }
        }
    }

    /// Counts the compiled modules of one input.
    pub fn count_compiled(&mut self, compiled: Compiled) {
        *self.wasm.get_or_insert_default() += compiled;
    }

    /// Returns whether another summary has the same JSON form.
    pub fn is_written_as(&self, other: &Summary) -> bool {
        self.written() == other.written()
    }

    /// Returns the same summary without the fields that are not in JSON.
    fn written(&self) -> Summary {
        let (all, first) = (self.all.written(), Totals::default());
        let (optimized, code) = (self.optimized.written(), self.code.written());
        let new_warnings = BTreeMap::new();
        Summary { all, first, optimized, code, new_warnings, ..self.clone() }
    }

    /// Returns whether there is a violation that is not known, or such a warning that is denied.
    pub fn is_wrong(&self, levels: &Levels) -> bool {
        let is_denied = |(code, count): (&Code, &usize)| *count > 0 && levels.denies(*code);
        self.all.violated > self.all.known.violated || self.new_warnings.iter().any(is_denied)
    }

    /// Returns the exit status: 1 for a violation (or a warning that is denied), whatever
    /// else there is; else 2 if something could not be judged or there was nothing to judge; else
    /// 0. What is known counts for neither.
    ///
    /// An empty slice is not an error: if there are more slices than inputs, some are empty.
    /// `merge` detects the case that all of them were.
    pub fn exit_code(&self, levels: &Levels) -> u8 {
        match self.is_wrong(levels) {
            true => WRONG,
            false => self.exit_code_but_for_violations(),
        }
    }

    /// Returns the exit status if nothing were violated.
    pub fn exit_code_but_for_violations(&self) -> u8 {
        let Totals { errors, unsupported, known, .. } = self.all;
        match errors > 0 || unsupported > known.unsupported || self.checked_nothing() {
            true => TROUBLE,
            false => 0,
        }
    }

    /// Returns whether nothing was judged, or there was nothing to check in what was.
    pub fn checked_nothing(&self) -> bool {
        // Of a module that somebody else compiled, there are only results after optimization.
        let first = if self.first.judged() == 0 { &self.optimized } else { &self.first };
        let empty_slice = self.partition.is_some() && self.inputs == self.skipped;
        (first.judged() == 0 && !empty_slice) || first.checked_nothing()
    }
}
