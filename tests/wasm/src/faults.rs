//! Faults put into optimized real functions, and which of them a function shows by itself.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use stackmap_oracle::after_only::faults::{Fault, Site, put, sites};
use stackmap_oracle::after_only::generate::AfterOnlyFunction;
use stackmap_oracle::after_only::{Draft, Verdict, compare};
use stackmap_verifier::model::Location;
use stackmap_verifier::{Collector, Options as Rule, Outcome, verify_after_only};
use stackmap_wasm::{Gc, Keep, Kind, ModuleFunction, Options, Summary, WasmError, check};

/// The maximum number of faults of a kind that are put into one function, each alone.
const MOST_SITES: usize = 20;

/// The maximum number of locations of a function that the oracle runs.
const MOST_LOCATIONS: usize = 60;

/// The results for the faults of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of faults.
    pub faults: usize,
    /// The number of faults with which the function is violated.
    pub found: usize,
    /// The number of faults with which it is undecided.
    pub undecided: usize,
    /// The number of faults that the oracle ran, with the same result.
    pub run: usize,
}

/// The results for all faults, for one collector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Functions that have a root and are verified without a fault.
    pub functions: usize,
    /// By kind.
    pub rows: BTreeMap<Fault, Row>,
}

impl Faults {
    /// Compiles an input for a collector, and puts each fault into each function, after
    /// optimization. `folder` is an empty one that can be written to.
    ///
    /// # Errors
    ///
    /// [`WasmError`] if the input cannot be used.
    ///
    /// # Panics
    ///
    /// If verifier and oracle disagree.
    pub fn add(
        &mut self,
        input: &[u8],
        kind: Kind,
        gc: Gc,
        folder: &std::path::Path,
    ) -> Result<Summary, WasmError> {
        let options =
            Options { gc, keep: Keep::All, optimized: Some(folder), ..Options::default() };
        let faults = Mutex::new(self);
        check(input, kind, &options, &|function| {
            let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
            faults.put_into(&function, rule(gc));
        })
    }

    /// Puts the faults into a function, unless it is one before optimization.
    fn put_into(&mut self, function: &ModuleFunction, collector: Collector) {
        let Some(model) = function.model_after_optimization() else { return };
        let (draft, declared) = (Draft::new(&model.program), model.declared);
        let by_kind = Fault::ALL.map(|fault| {
            let sites = sites(&draft, &declared).into_iter();
            sites.filter(|site| site.fault == fault).take(MOST_SITES).collect::<Vec<Site>>()
        });
        let is_right = judged(&draft, &declared, collector).0 == Verdict::Verified;
        if !is_right || by_kind.iter().all(Vec::is_empty) {
            return;
        }
        self.functions += 1;
        for site in by_kind.into_iter().flatten() {
            let (verdict, was_run) = judged(&put(&draft, site), &declared, collector);
            let row = self.rows.entry(site.fault).or_default();
            row.faults += 1;
            row.run += usize::from(was_run);
            match verdict {
                Verdict::Verified => {}
                Verdict::Violated => row.found += 1,
                Verdict::Undecided => row.undecided += 1,
            }
        }
    }
}

/// Returns the collector under which optimized code is verified: the optimizer knows whether
/// objects move.
fn rule(gc: Gc) -> Collector {
    match gc {
        Gc::Copying => Collector::Moving,
        Gc::ReferenceCounting | Gc::Null => Collector::NonMoving,
    }
}

/// The verdict on a function, and whether the oracle ran it and agreed.
fn judged(draft: &Draft, declared: &[Location], collector: Collector) -> (Verdict, bool) {
    let after_only = AfterOnlyFunction { program: draft.build(), declared: declared.to_vec() };
    if after_only.program.after().location_count() <= MOST_LOCATIONS {
        match compare(&after_only, collector) {
            Ok(Some(agreed)) => return (agreed.verdict, true),
            Ok(None) => {}
            Err(what) => panic!("{what}\n{after_only:#?}"),
        }
    }
    let options = Rule { collector, ..Rule::default() };
    let verdict =
        match verify_after_only(&after_only.program, &after_only.declared, &options).outcome {
            Outcome::Verified => Verdict::Verified,
            Outcome::Violated => Verdict::Violated,
            Outcome::Unsupported(_) | Outcome::Internal(_) => Verdict::Undecided,
        };
    (verdict, false)
}

/// The table of the documentation.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| fault | put in | found | undecided | run by the oracle, too |")?;
        writeln!(f, "|---|---:|---:|---:|---:|")?;
        for (fault, row) in &self.rows {
            let Row { faults, found, undecided, run } = row;
            writeln!(f, "| {fault} | {faults} | {found} | {undecided} | {run} |")?;
        }
        Ok(())
    }
}
