//! Counts over many functions, and the tables made of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::law::Agreement;
use stackmap_oracle::program::{Act, Pair};
use stackmap_oracle::totals::Totals as Mutants;
use stackmap_verifier::Collector;
use stackmap_verifier::findings::Code;

use crate::Function;
use crate::features;
use crate::spillers::{Version, run};

/// The number of functions that the test compares and the documentation counts.
pub const SEEDS: u64 = 1200;

/// The number of random bytes from which a function is made.
const BYTES: usize = 3000;

/// The results for one spiller's output.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Functions.
    pub functions: usize,
    /// Safepoints in them.
    pub safepoints: usize,
    /// Entries of the stack maps.
    pub roots: usize,
    /// Verified.
    pub verified: usize,
    /// Violated.
    pub violated: usize,
    /// Violated although all references are declared: the spiller's fault.
    pub miscompiled: usize,
    /// The number of these that have a slot shared by two references.
    pub shared: usize,
    /// Violated because only an alias of a reference is declared.
    pub alias_only: usize,
    /// No pair that either would judge.
    pub unsupported: usize,
    /// More states than the oracle visits.
    pub too_large: usize,
}

/// The results of comparing functions.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Functions.
    pub functions: usize,
    /// The results for each version's spiller.
    pub rows: BTreeMap<Version, Row>,
    /// The number of functions that have a feature.
    pub features: BTreeMap<&'static str, usize>,
    /// All pairs, with the mutants.
    pub mutants: Mutants,
}

/// The function of a seed, and dice for what is to become of it.
pub fn function(seed: u64) -> Function {
    Function::roll(&mut Dice::new(&bytes(seed, BYTES)))
}

impl Totals {
    /// Compares the spillers' output on the functions of the first seeds, and mutants of that
    /// output.
    ///
    /// # Errors
    ///
    /// As [`Self::add`].
    pub fn of(seeds: u64, collector: Collector) -> Result<Totals, String> {
        let mut totals = Totals::default();
        for seed in 0..seeds {
            totals.add(seed, collector)?;
        }
        Ok(totals)
    }

    /// Compares each spiller's output on one function, and one mutant of each kind of that
    /// output.
    ///
    /// # Errors
    ///
    /// A description of an input that a spiller or a front end rejects, or the first pair on
    /// which verifier and oracle disagree.
    pub fn add(&mut self, seed: u64, collector: Collector) -> Result<(), String> {
        let function = function(seed);
        let mut found = function.features.clone();
        for &version in Version::ALL {
            let spilled = run(&function, version)
                .map_err(|what| format!("seed {seed}, {version}: {what}\n{}", function.text))?;
            let pair = Pair::of(&spilled.built);
            found.extend(features::of_after(&pair));
            let dice_bytes = bytes(!seed, 500);
            let mut dice = Dice::new(&dice_bytes);
            let judged = self.mutants.judge(&mut dice, seed, &pair, collector);
            let agreement = judged.map_err(|dispute| {
                let (text, after) = (&function.text, &spilled.after);
                format!("{version}, {}{text}{after}", dispute.shrink(collector))
            })?;
            self.rows.entry(version).or_default().add(&function, &pair, &agreement);
        }
        self.functions += 1;
        for feature in found {
            *self.features.entry(feature).or_default() += 1;
        }
        Ok(())
    }

    /// Returns the outcomes for the functions as a Markdown table.
    pub fn outcomes(&self) -> String {
        let mut table = String::from(
            "| spiller | functions | safepoints | map entries | verified | violated \
             | all declared | shared slot | unsupported |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for (version, row) in &self.rows {
            let &Row { functions, safepoints, roots, verified, violated, .. } = row;
            let &Row { miscompiled, shared, unsupported, .. } = row;
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "| {version} | {functions} | {safepoints} | {roots} | {verified} | {violated} \
                 | {miscompiled} | {shared} | {unsupported} |"
            );
        }
        table
    }

    /// Returns the features of the functions as a Markdown table.
    pub fn feature_table(&self) -> String {
        let mut table = String::from("| feature | functions |\n|---|---:|\n");
        for (feature, count) in &self.features {
            let _ = writeln!(table, "| {feature} | {count} |");
        }
        table
    }
}

impl Row {
    fn add(&mut self, function: &Function, pair: &Pair, agreement: &Agreement) {
        self.functions += 1;
        for block in &pair.after.blocks {
            for act in block.instructions.iter().flat_map(|instruction| &instruction.acts) {
                if let Act::Safepoint { roots } = act {
                    self.safepoints += 1;
                    self.roots += roots.len();
                }
            }
        }
        match agreement {
            Agreement::Right { .. } => self.verified += 1,
            Agreement::Wrong { codes, .. } => {
                self.violated += 1;
                let alias_only = function.features.contains("only an alias declared");
                self.alias_only += usize::from(alias_only && codes.contains(&Code::MissingRoot));
                if function.is_well_declared {
                    self.miscompiled += 1;
                    self.shared += usize::from(codes.contains(&Code::SharedSlot));
                }
            }
            Agreement::Unsupported | Agreement::Undecided { .. } => self.unsupported += 1,
            Agreement::TooLarge => self.too_large += 1,
        }
    }
}
