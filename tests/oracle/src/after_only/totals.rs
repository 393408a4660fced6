//! Counts over many functions alone, and the table made of them.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use stackmap_verifier::Collector;

use super::faults::{Fault, put, sites};
use super::generate::{self, AfterOnlyFunction};
use super::law::{Agreed, Shown, Verdict, compare};
use super::{Draft, spilled};
use crate::dice::{Dice, bytes};

/// The number of random functions that the tests use and the documentation counts.
pub const RANDOM: u64 = 20_000;

/// The number of functions made by a spiller.
pub const SPILLED: u64 = 200;

/// The number of random bytes from which a function and its mutants are made.
const BYTES: usize = 2000;

/// The results of comparing functions.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Functions with more states than the oracle visits.
    pub too_large: usize,
    /// For each origin, the number of functions with each verdict.
    pub verdicts: BTreeMap<Origin, BTreeMap<Verdict, usize>>,
    /// The number of findings with each code.
    pub codes: Shown,
}

/// The origin of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It is made of random instructions.
    Random,
    /// A spiller made it.
    Spilled,
    /// A spiller made it, and a fault was put into it.
    Mutant(Fault),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Random => f.pad("random"),
            Origin::Spilled => f.pad("as spilled"),
            Origin::Mutant(fault) => fault.fmt(f),
        }
    }
}

impl Totals {
    /// Compares random functions, and functions made by a spiller with each kind of fault.
    ///
    /// # Errors
    ///
    /// The first function on which verifier and oracle disagree.
    pub fn of(collector: Collector) -> Result<Totals, String> {
        let mut totals = Totals::default();
        for seed in 0..RANDOM {
            totals.random(seed, collector).map_err(|what| format!("seed {seed}: {what}"))?;
        }
        for seed in 0..SPILLED {
            totals.spilled(seed, collector).map_err(|what| format!("seed {seed}: {what}"))?;
        }
        Ok(totals)
    }

    /// Compares a random function.
    ///
    /// # Errors
    ///
    /// A description of the disagreement between verifier and oracle.
    pub fn random(&mut self, seed: u64, collector: Collector) -> Result<(), String> {
        let bytes = bytes(seed, BYTES);
        let after_only = generate::program(&mut Dice::new(&bytes));
        self.judge(Origin::Random, &after_only, collector).map(drop)
    }

    /// Compares a function made by a spiller and, if it is right, a version of it with each
    /// kind of fault.
    ///
    /// # Errors
    ///
    /// A description of the disagreement between verifier and oracle.
    pub fn spilled(&mut self, seed: u64, collector: Collector) -> Result<(), String> {
        let bytes = bytes(seed, BYTES);
        let mut dice = Dice::new(&bytes);
        let after_only = spilled(&mut dice);
        if self.judge(Origin::Spilled, &after_only, collector)? != Some(Verdict::Verified) {
            return Ok(());
        }
        for (fault, mutant) in mutants(&mut dice, &after_only) {
            self.judge(Origin::Mutant(fault), &mutant, collector)?;
        }
        Ok(())
    }

    fn judge(
        &mut self,
        origin: Origin,
        after_only: &AfterOnlyFunction,
        collector: Collector,
    ) -> Result<Option<Verdict>, String> {
        let agreed = compare(after_only, collector)
            .map_err(|what| format!("{origin}, {collector:?}: {what}\n{after_only:#?}"))?;
        let Some(Agreed { verdict, shown }) = agreed else {
            self.too_large += 1;
            return Ok(None);
        };
        *self.verdicts.entry(origin).or_default().entry(verdict).or_default() += 1;
        shown.into_iter().for_each(|(code, count)| *self.codes.entry(code).or_default() += count);
        Ok(Some(verdict))
    }

    /// Returns the number of functions of an origin with a verdict.
    pub fn count(&self, origin: Origin, verdict: Verdict) -> usize {
        let verdicts = self.verdicts.get(&origin);
        verdicts.and_then(|verdicts| verdicts.get(&verdict)).copied().unwrap_or_default()
    }

    /// Returns the number of functions that were compared.
    pub fn compared(&self) -> usize {
        self.verdicts.values().flat_map(BTreeMap::values).sum()
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Totals) {
        self.too_large += other.too_large;
        for (origin, verdicts) in other.verdicts {
            let known = self.verdicts.entry(origin).or_default();
            verdicts.into_iter().for_each(|(verdict, n)| *known.entry(verdict).or_default() += n);
        }
        other.codes.into_iter().for_each(|(code, n)| *self.codes.entry(code).or_default() += n);
    }
}

/// The table of the documentation.
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| function | verified | violated | undecided |")?;
        writeln!(f, "|---|---:|---:|---:|")?;
        for &origin in self.verdicts.keys() {
            let count = |verdict| self.count(origin, verdict);
            let (right, wrong) = (count(Verdict::Verified), count(Verdict::Violated));
            writeln!(f, "| {origin} | {right} | {wrong} | {} |", count(Verdict::Undecided))?;
        }
        Ok(())
    }
}

/// Returns mutants of a function: one for each kind of fault that can be inserted.
pub fn mutants(
    dice: &mut Dice<'_>,
    after_only: &AfterOnlyFunction,
) -> Vec<(Fault, AfterOnlyFunction)> {
    let draft = Draft::new(&after_only.program);
    let sites = sites(&draft, &after_only.declared);
    let mutants = Fault::ALL.into_iter().filter_map(|fault| {
        let of_kind: Vec<_> = sites.iter().copied().filter(|site| site.fault == fault).collect();
        let program = put(&draft, dice.pick(&of_kind)?).build();
        Some((fault, AfterOnlyFunction { program, declared: after_only.declared.clone() }))
    });
    mutants.collect()
}
