//! Counts over many pairs, and the table made of them.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use stackmap_verifier::Collector;
use stackmap_verifier::findings::Code;

use crate::dice::{Dice, bytes};
use crate::features::features;
use crate::law::{Agreement, Disagreement, compare};
use crate::mutate::{Kind, mutate};
use crate::program::Pair;
use crate::shrink::shrink;
use crate::spill;

/// The results for the mutants of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The oracle says they are wrong.
    pub harmful: usize,
    /// Of these, reported as violated.
    pub detected: usize,
    /// The oracle says they are right.
    pub harmless: usize,
    /// Of these, verified.
    pub silent: usize,
    /// Neither can judge them.
    pub unsupported: usize,
}

/// The results of comparing pairs.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Pairs, mutants included.
    pub pairs: usize,
    /// Pairs with more states than the oracle visits.
    pub too_large: usize,
    /// Pairs the verifier did not decide.
    pub undecided: usize,
    /// Pairs with a witness that is longer than it has to be.
    pub detours: usize,
    /// The results for pairs as the spiller made them (`None`), and for each kind of mutant.
    pub scores: BTreeMap<Option<Kind>, Score>,
    /// The number of pairs that have a finding with this code.
    pub codes: BTreeMap<Code, usize>,
    /// For each mutant, the number of times that each code was reported.
    pub answers: BTreeMap<(Kind, Code), usize>,
    /// The number of generated pairs that have a feature.
    pub features: BTreeMap<&'static str, usize>,
}

/// A pair on which verifier and oracle disagree.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// The seed of the random bytes from which it was made.
    pub seed: u64,
    /// The fault that was made in it, if any.
    pub kind: Option<Kind>,
    /// The pair.
    pub pair: Box<Pair>,
    /// The disagreement.
    pub disagreement: Disagreement,
}

impl fmt::Display for Dispute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.map_or("as spilled", Kind::name);
        writeln!(f, "seed {}, {kind}:\n{}{}", self.seed, self.pair, self.disagreement)
    }
}

impl Dispute {
    /// The same disagreement over a smaller pair.
    pub fn shrink(mut self, collector: Collector) -> Dispute {
        let interesting =
            |pair: &Pair| compare(pair, collector).is_err_and(|d| d.is_like(&self.disagreement));
        let pair = shrink((*self.pair).clone(), interesting);
        if let Err(disagreement) = compare(&pair, collector) {
            self.disagreement = disagreement;
            self.pair = Box::new(pair);
        }
        self
    }
}

/// The number of pairs that the tests make and the documentation counts, each with about twenty
/// mutants.
pub const SEEDS: u64 = 1600;

/// The number of random bytes from which a pair and its mutants are made.
const BYTES: usize = 2000;

impl Totals {
    /// Compares the pairs of the first seeds, and their mutants.
    ///
    /// # Errors
    ///
    /// The first pair on which verifier and oracle disagree, made small.
    pub fn of(seeds: u64, collector: Collector) -> Result<Totals, Dispute> {
        let mut totals = Totals::default();
        for seed in 0..seeds {
            totals.add(seed, collector).map_err(|dispute| dispute.shrink(collector))?;
        }
        Ok(totals)
    }

    /// Compares the pair of one seed, and one mutant of each kind.
    ///
    /// # Errors
    ///
    /// The first pair on which verifier and oracle disagree.
    pub fn add(&mut self, seed: u64, collector: Collector) -> Result<(), Dispute> {
        let bytes = bytes(seed, BYTES);
        let mut dice = Dice::new(&bytes);
        let (pair, _) = spill::pair(&mut dice);
        for feature in features(&pair) {
            *self.features.entry(feature).or_default() += 1;
        }
        self.judge(&mut dice, seed, &pair, collector).map(drop)
    }

    /// Compares a pair, and one mutant of each kind. Returns the result on the pair itself.
    ///
    /// # Errors
    ///
    /// As [`Self::add`].
    pub fn judge(
        &mut self,
        dice: &mut Dice<'_>,
        seed: u64,
        pair: &Pair,
        collector: Collector,
    ) -> Result<Agreement, Dispute> {
        for &kind in Kind::ALL {
            if let Some(mutant) = mutate(dice, pair, kind) {
                self.compare(seed, Some(kind), &mutant, collector)?;
            }
        }
        self.compare(seed, None, pair, collector)
    }

    fn compare(
        &mut self,
        seed: u64,
        kind: Option<Kind>,
        pair: &Pair,
        collector: Collector,
    ) -> Result<Agreement, Dispute> {
        let agreement = compare(pair, collector).map_err(|disagreement| Dispute {
            seed,
            kind,
            pair: Box::new(pair.clone()),
            disagreement,
        })?;
        self.pairs += 1;
        let score = self.scores.entry(kind).or_default();
        match &agreement {
            Agreement::Right { warnings } => {
                score.harmless += 1;
                score.silent += 1;
                warnings.iter().for_each(|&code| *self.codes.entry(code).or_default() += 1);
            }
            Agreement::Wrong { codes, detour, .. } => {
                self.detours += usize::from(*detour);
                score.harmful += 1;
                score.detected += 1;
                for &code in codes {
                    *self.codes.entry(code).or_default() += 1;
                    if let Some(kind) = kind {
                        *self.answers.entry((kind, code)).or_default() += 1;
                    }
                }
            }
            Agreement::Unsupported => score.unsupported += 1,
            Agreement::Undecided { wrong } => {
                self.undecided += 1;
                match wrong {
                    true => score.harmful += 1,
                    false => score.harmless += 1,
                }
            }
            Agreement::TooLarge => self.too_large += 1,
        }
        Ok(agreement)
    }

    /// Returns the features of the generated pairs as a Markdown table.
    pub fn feature_table(&self) -> String {
        let mut table = String::from("| feature | pairs |\n|---|---:|\n");
        for (feature, count) in &self.features {
            // Writing to a string cannot fail.
            let _ = writeln!(table, "| {feature} | {count} |");
        }
        table
    }

    /// The table of mutants, in Markdown.
    pub fn table(&self) -> String {
        let mut table = String::from(
            "| fault | harmful | detected | harmless | silent | unsupported | codes |\n\
             |---|---:|---:|---:|---:|---:|---|\n",
        );
        for &kind in Kind::ALL {
            let score = self.scores.get(&Some(kind)).copied().unwrap_or_default();
            let Score { harmful, detected, harmless, silent, unsupported } = score;
            let codes: Vec<String> = self
                .answers
                .iter()
                .filter(|((of, _), _)| *of == kind)
                .map(|((_, code), count)| format!("{code} ×{count}"))
                .collect();
            let (name, codes) = (kind.name(), codes.join(", "));
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "| {name} | {harmful} | {detected} | {harmless} | {silent} | {unsupported} | {codes} |"
            );
        }
        table
    }
}
