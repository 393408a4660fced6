//! Adds up the results of many inputs.

use std::sync::{Mutex, PoisonError};

use stackmap_report::{Summary, Verdict};
use stackmap_wasm::{Failure, Gc, Kind, Options, Style, check};

/// The results of some inputs.
#[derive(Default)]
pub struct Total {
    /// Sums.
    pub sums: Summary,
    /// Each function that is not verified, with the input's name.
    pub wrong: Vec<String>,
    /// Modules that should have compiled, with the input's name.
    pub failures: Vec<(String, Failure)>,
}

impl Total {
    /// Checks one input. If it cannot be read at all, that is a failure on line 1.
    pub fn add(&mut self, name: &str, input: &[u8], kind: Kind, options: &Options<'_>) {
        let folder = tempfile::tempdir().expect("a folder");
        let options = &Options { optimized: Some(folder.path()), code: true, ..*options };
        let Total { sums, wrong, failures } = self;
        let sums = Mutex::new((sums, wrong));
        let checked = check(input, kind, options, &|function| {
            let (sums, wrong) = &mut *sums.lock().unwrap_or_else(PoisonError::into_inner);
            sums.count(&function.result);
            if function.result.verdict != Verdict::Verified {
                let text = function.result.render(Style::default());
                wrong.push(format!("{name}:{}: {text}", function.line));
            }
        });
        match checked {
            Ok(checked) => {
                sums.into_inner()
                    .unwrap_or_else(PoisonError::into_inner)
                    .0
                    .count_compiled(checked.compiled);
                let failed = checked.failures.into_iter();
                failures.extend(failed.map(|failure| (name.to_owned(), failure)));
            }
            Err(error) => failures.push((name.to_owned(), Failure { line: 1, core: None, error })),
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "{name}");
    }

    /// Returns the results of a module, compiled for each of Wasmtime's collectors.
    pub fn of_each_collector(name: &str, module: &[u8]) -> [(Gc, Total); 3] {
        Gc::ALL.map(|gc| {
            let mut total = Total::default();
            let options = Options { gc, threads: 1, ..Options::default() };
            total.add(name, module, Kind::Binary, &options);
            (gc, total)
        })
    }

    /// Returns whether everything compiled, and every function is verified at each level.
    pub fn is_right(&self) -> bool {
        self.wrong.is_empty() && self.failures.is_empty()
    }

    /// Asserts that at least this many functions were verified, and that verification was not
    /// trivial.
    pub fn assert_at_least(&self, functions: usize, safepoints: usize, roots: usize) {
        let spilled = &self.sums.first;
        let seen = (spilled.functions, spilled.stats.safepoints, spilled.stats.roots);
        assert!(
            seen.0 >= functions && seen.1 >= safepoints && seen.2 >= roots,
            "only {seen:?} functions, safepoints and roots",
        );
    }

    /// Asserts that at least so many references are expected, and that so many in a hundred of
    /// these are known: fewer are if Wasmtime lays out its code in another way.
    pub fn assert_resolved(&self, expected: usize, percent: usize) {
        let counts = self.sums.first.expected.unwrap_or_default();
        let is_most = counts.resolved * 100 >= counts.expected * percent;
        assert!(counts.expected >= expected && is_most, "{counts:?}");
    }

    /// Asserts that every function that the spiller ran on was proved right, and that none has
    /// a violation after optimization or in its machine code.
    pub fn assert_verified(&self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let Summary { first: spilled, optimized, code, .. } = &self.sums;
        assert_eq!(spilled.verified, spilled.functions);
        assert_eq!(optimized.functions, spilled.functions);
        assert_eq!(optimized.verified, spilled.functions);
        assert_eq!((code.functions, code.verified), (spilled.functions, spilled.functions));
        // There is a decoder for one instruction set.
        let unchecked = if cfg!(target_arch = "x86_64") { 0 } else { code.functions };
        assert_eq!(code.tables_only, unchecked, "of {}", code.functions);
    }
}
