//! Adds up what came of many inputs.

use std::sync::Mutex;

use stackmap_verifier::Outcome;
use stackmap_wasm::{Counts, Failure, Kind, Options, Style, check};

/// What came of some inputs.
#[derive(Default)]
pub(crate) struct Total {
    /// Sums.
    pub(crate) counts: Counts,
    /// Each function that is not verified, with the input's name.
    pub(crate) wrong: Vec<String>,
    /// Modules that should have compiled, with the input's name.
    pub(crate) failures: Vec<(String, Failure)>,
}

impl Total {
    /// Checks one input; if it cannot be read at all, that is a failure on line 1.
    pub(crate) fn add(&mut self, name: &str, input: &[u8], kind: Kind, options: &Options<'_>) {
        let folder = tempfile::tempdir().unwrap();
        let options = &Options { optimized: Some(folder.path()), ..*options };
        let wrong = Mutex::new(Vec::new());
        let result = check(input, kind, options, &|function| {
            let report = function.checked.report();
            if report.is_none_or(|report| report.outcome != Outcome::Verified) {
                let text = function.checked.render(Style::default());
                wrong.lock().unwrap().push(format!("{name}:{}: {text}", function.line));
            }
        });
        self.wrong.extend(wrong.into_inner().unwrap());
        match result {
            Ok(summary) => {
                self.counts += summary.counts;
                let failures = summary.failures.into_iter();
                self.failures.extend(failures.map(|failure| (name.to_owned(), failure)));
            }
            Err(error) => self.failures.push((name.to_owned(), Failure { line: 1, error })),
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{name}");
    }

    /// So much at least was looked at, and checking it was no formality.
    pub(crate) fn assert_at_least(&self, functions: usize, safepoints: usize, roots: usize) {
        let stats = &self.counts.spilled.stats;
        let seen = (self.counts.spilled.functions, stats.safepoints, stats.roots);
        assert!(
            seen.0 >= functions && seen.1 >= safepoints && seen.2 >= roots,
            "only {seen:?} functions, safepoints and roots",
        );
    }

    /// Every function that the spiller ran on was proved right, and nothing is wrong with
    /// it after optimisation.
    pub(crate) fn assert_verified(&self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let Counts { spilled, optimized, .. } = &self.counts;
        assert_eq!(spilled.verified, spilled.functions);
        assert_eq!(optimized.functions, spilled.functions);
        assert_eq!(optimized.verified, spilled.functions);
    }
}
