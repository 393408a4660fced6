//! Counts over many pairs, and the table made of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::mutate::{self, mutate};
use stackmap_oracle::oracle::{Verdict, decide};
use stackmap_oracle::program::{Built, Pair};
use stackmap_oracle::spill;
use stackmap_verifier::certificate::{Certificate, check};
use stackmap_verifier::{Collector, Options, Outcome, certify};

use crate::tamper::{self, Kind};
use crate::truth::Truth;

/// The results for the tampered certificates of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Certificates of right pairs with a false statement; all are rejected.
    pub lies: usize,
    /// Certificates without a false statement that are rejected: they no longer suffice.
    pub insufficient: usize,
    /// Certificates without a false statement that are accepted.
    pub harmless: usize,
    /// Certificates checked against wrong pairs; all are rejected.
    pub wrong: usize,
}

/// The results of all attempts.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Right pairs, whose certificates are accepted.
    pub right: usize,
    /// Mutants that are wrong, or no pairs at all.
    pub wrong: usize,
    /// Pairs whose certificate would have too many claims.
    pub too_large: usize,
    /// By kind of tampering.
    pub scores: BTreeMap<Kind, Score>,
}

/// The number of random bytes from which a pair and its mutants are made.
const BYTES: usize = 2000;

/// One in this many tampered certificates is checked against a wrong pair.
const PART: usize = 7;

/// A pair with more tampered certificates than this is left out.
const MOST: usize = 8000;

impl Totals {
    /// Tampers with the certificate of the pair of one seed, and checks the results against the
    /// pair and against its mutants.
    ///
    /// # Errors
    ///
    /// A description of what the checker should have accepted or rejected.
    pub fn add(&mut self, seed: u64, collector: Collector) -> Result<(), String> {
        let bytes = bytes(seed, BYTES);
        let mut dice = Dice::new(&bytes);
        let (pair, _) = spill::pair(&mut dice);
        let Some(certificate) = proof(&pair, collector)? else { return Ok(()) };
        self.right += 1;
        let tampered = tamper::all(&pair.build(), &certificate);
        if tampered.len() > MOST {
            self.too_large += 1;
            return Ok(());
        }
        self.truthful(&pair, collector, &tampered)?;
        for &kind in mutate::Kind::ALL {
            if let Some(mutant) = mutate(&mut dice, &pair, kind) {
                self.mutant(&mutant, collector, &certificate, &tampered)?;
                // Where an undeclared value is a reference, lists of them get longer.
                if kind == mutate::Kind::Undeclare
                    && let Some(certificate) = proof(&mutant, collector)?
                {
                    let tampered = tamper::all(&mutant.build(), &certificate);
                    self.truthful(&mutant, collector, &tampered)?;
                }
            }
        }
        Ok(())
    }

    /// Checks that no accepted certificate contains a false statement.
    fn truthful(
        &mut self,
        pair: &Pair,
        collector: Collector,
        tampered: &[(Kind, Certificate)],
    ) -> Result<(), String> {
        let built = pair.build();
        let Some(truth) = Truth::of(&built, collector) else {
            self.too_large += 1;
            return Ok(());
        };
        for (kind, certificate) in tampered {
            let accepted = accepts(&built, collector, certificate);
            let score = self.scores.entry(*kind).or_default();
            match (truth.refutes(certificate), accepted) {
                (true, false) => score.lies += 1,
                (true, true) => return Err(described("a lie", *kind, pair, certificate)),
                (false, false) => score.insufficient += 1,
                (false, true) => score.harmless += 1,
            }
        }
        Ok(())
    }

    /// Checks that no certificate is accepted for a pair that the oracle finds wrong: neither
    /// the one that the solver makes for it, nor that of the original pair, nor one that
    /// differs from the latter in one thing.
    fn mutant(
        &mut self,
        mutant: &Pair,
        collector: Collector,
        original: &Certificate,
        tampered: &[(Kind, Certificate)],
    ) -> Result<(), String> {
        let built = mutant.build();
        match decide(&built, collector) {
            Verdict::TooLarge => self.too_large += 1,
            Verdict::Right => {
                self.right += usize::from(proof(mutant, collector)?.is_some());
            }
            Verdict::Wrong { .. } | Verdict::Unsupported(_) => {
                self.wrong += 1;
                let options = Options { collector, ..Options::default() };
                let (_, own) = certify(&built.before, &built.declared, &built.after, &options);
                for certificate in own.iter().chain([original]) {
                    if accepts(&built, collector, certificate) {
                        return Err(format!("a wrong pair is accepted:\n{mutant}{certificate:?}"));
                    }
                }
                // Since there are many, only a part of them is checked, a different one each
                // time.
                for (kind, certificate) in tampered.iter().skip(self.wrong % PART).step_by(PART) {
                    self.scores.entry(*kind).or_default().wrong += 1;
                    if accepts(&built, collector, certificate) {
                        return Err(described("a wrong pair", *kind, mutant, certificate));
                    }
                }
            }
        }
        Ok(())
    }

    /// The table, in Markdown.
    pub fn table(&self) -> String {
        let mut table = String::from(
            "| field | tampering | false, rejected | true, rejected | true, accepted | for a wrong pair, rejected |\n\
             |---|---|---:|---:|---:|---:|\n",
        );
        for &kind in Kind::ALL {
            let score = self.scores.get(&kind).copied().unwrap_or_default();
            let Score { lies, insufficient, harmless, wrong } = score;
            let (field, name) = (kind.field(), kind.name());
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "| `{field}` | {name} | {lies} | {insufficient} | {harmless} | {wrong} |"
            );
        }
        table
    }
}

/// Returns the certificate of a pair if the pair is verified; the checker must then accept it.
/// (Some pairs that the generator makes are wrong: they pass numbers for references.)
fn proof(pair: &Pair, collector: Collector) -> Result<Option<Certificate>, String> {
    let built = pair.build();
    let options = Options { collector, ..Options::default() };
    let (report, certificate) = certify(&built.before, &built.declared, &built.after, &options);
    match report.outcome {
        Outcome::Verified => {}
        Outcome::Violated | Outcome::Unsupported(_) => return Ok(None),
        Outcome::Internal(error) => return Err(format!("{error}:\n{pair}")),
    }
    let Some(certificate) = certificate else {
        // The pair may be right only because objects do not move and a `bitcast` is a copy.
        return match collector {
            Collector::NonMoving => Ok(None),
            Collector::Moving => Err("a verified pair without a certificate".to_owned()),
        };
    };
    match check(&built.before, &built.declared, &built.after, collector, &certificate) {
        Ok(()) => Ok(Some(certificate)),
        Err(why) => Err(format!("a right pair is rejected, {why}:\n{pair}{certificate:?}")),
    }
}

fn accepts(built: &Built, collector: Collector, certificate: &Certificate) -> bool {
    check(&built.before, &built.declared, &built.after, collector, certificate).is_ok()
}

fn described(what: &str, kind: Kind, pair: &Pair, certificate: &Certificate) -> String {
    let (field, name) = (kind.field(), kind.name());
    format!("the checker accepts {what} ({field}: {name}):\n{pair}{certificate:?}")
}
