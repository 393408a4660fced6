//! Counts over many functions.

use std::collections::BTreeMap;
use std::fmt;

use cranelift_codegen::ir::Function;
use stackmap_cranelift::spill;
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Outcome, Report};

use crate::case::{Case, Reason, Shown, Tallied, Wrong, error};
use crate::explore::Budget;
use crate::generate::generate;
#[cfg(all(target_arch = "x86_64", unix))]
use crate::machine::Effort;
use crate::mutate::{Fault, mutate};
use crate::old;
use crate::plan::Obstacle;

/// The origin of a function after spilling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A sketch, spilled by 0.135.8.
    Sketch,
    /// A sketch, spilled by 0.132.0.
    OldSketch,
    /// A generated function, spilled by 0.135.8.
    Generated,
    /// A generated function, spilled by 0.132.0.
    OldGenerated,
    /// A function spilled by 0.135.8, with a fault.
    Mutant(Fault),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Sketch => f.write_str("sketches, 0.135.8"),
            Origin::OldSketch => f.write_str("sketches, 0.132.0"),
            Origin::Generated => f.write_str("generated, 0.135.8"),
            Origin::OldGenerated => f.write_str("generated, 0.132.0"),
            Origin::Mutant(fault) => f.write_str(fault.name()),
        }
    }
}

/// The results for the functions of one origin.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Verified, and the same in the interpreter.
    pub verified: usize,
    /// The number of these that behave the same as machine code, compiled both ways.
    pub verified_machine: usize,
    /// The number of these whose machine code is verified with its instructions, compiled both ways.
    pub verified_code: usize,
    /// Violated.
    pub violated: usize,
    /// The number of these that go wrong in the interpreter, by how they do.
    pub wrong: BTreeMap<Wrong, usize>,
    /// The number of these that go wrong as machine code.
    pub wrong_machine: usize,
    /// Violated, and run as machine code.
    pub tried_machine: usize,
    /// Violated, but not wrong in the interpreter, and why.
    pub reasons: BTreeMap<Reason, usize>,
    /// Not decided, or no pair.
    pub undecided: usize,
}

/// Counts over many functions.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// By origin.
    pub rows: BTreeMap<Origin, Row>,
    /// For each code, the number of violated functions that go wrong in the interpreter, and
    /// the numbers of those that do not, by reason.
    pub codes: BTreeMap<Code, (usize, BTreeMap<Reason, usize>)>,
    /// Violated functions that do not go wrong with any possible decisions, or only on dead
    /// paths, so that no execution shows the violation.
    pub never: usize,
    /// Sketches that cannot be run, and why.
    pub obstacles: BTreeMap<Obstacle, Vec<String>>,
    /// Sketches that cannot be run as machine code, and why.
    pub machine_obstacles: BTreeMap<Obstacle, Vec<String>>,
    /// Functions before spilling.
    pub functions: usize,
    /// Generated functions without a declared reference, or with a loop that nothing stops.
    pub discarded: usize,
    /// The number of these that were run with all possible decisions.
    pub exhausted: usize,
    /// The number of these that go wrong with the collector if they are not spilled.
    pub need_spilling: usize,
    /// The number of these that throw, loop, or branch on a table.
    pub features: BTreeMap<&'static str, usize>,
    /// The counts of all runs.
    pub done: Tallied,
}

/// A function on which verdict and execution disagree.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The name of the function.
    pub name: String,
    /// The origin of the function.
    pub origin: Origin,
    /// A description of the disagreement.
    pub what: String,
    /// Before and after.
    pub text: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({}): {}\n{}", self.name, self.origin, self.what, self.text)
    }
}

/// Boxed, since a disagreement is large.
type Agreed = Result<(), Box<Disagreement>>;

/// The number of random bytes from which a function and its mutants are made.
const BYTES: usize = 3000;

impl Totals {
    /// Runs a sketch after each of the spillers.
    ///
    /// # Errors
    ///
    /// A [`Disagreement`].
    pub fn sketch(&mut self, name: &str, text: &str, budget: Budget) -> Agreed {
        let Some(case) = self.case(name, text, false, budget, 0) else { return Ok(()) };
        if let Some(obstacle) = &case.0.plan.not_in_machine_code {
            self.machine_obstacles.entry(obstacle.clone()).or_default().push(name.to_owned());
        }
        self.both(name, text, &case, [Origin::Sketch, Origin::OldSketch])
    }

    /// Runs a generated function after each of the spillers, and with each fault.
    ///
    /// # Errors
    ///
    /// A [`Disagreement`].
    pub fn generated(&mut self, seed: u64, budget: Budget) -> Agreed {
        let bytes = bytes(seed, BYTES);
        let mut dice = Dice::new(&bytes);
        let Some(text) = generate(&mut dice) else {
            self.discarded += 1;
            return Ok(());
        };
        let name = format!("seed {seed}");
        let Some(case) = self.case(&name, &text, true, budget, seed) else { return Ok(()) };
        self.both(&name, &text, &case, [Origin::Generated, Origin::OldGenerated])?;
        for fault in Fault::ALL {
            if let Some(mutant) = mutate(&mut dice, &case.0.before, &case.1, fault) {
                self.add(&name, Origin::Mutant(fault), &case.0, &mutant)?;
            }
        }
        Ok(())
    }

    /// Spills a function and runs it before.
    fn case(
        &mut self,
        name: &str,
        text: &str,
        made_for_this: bool,
        budget: Budget,
        seed: u64,
    ) -> Option<(Case, Function)> {
        let spilled = spill::run(text).ok()?.into_iter().next()?.ok()?;
        match Case::new(&spilled.before, &spilled.declared, made_for_this, budget, seed) {
            Ok(case) => {
                self.functions += 1;
                self.exhausted += usize::from(case.explored.all);
                self.need_spilling += usize::from(case.needs_spilling());
                for feature in ["try_call", "br_table", "select"] {
                    *self.features.entry(feature).or_default() +=
                        usize::from(text.contains(feature));
                }
                Some((case, spilled.after))
            }
            Err(obstacle) => {
                self.obstacles.entry(obstacle).or_default().push(name.to_owned());
                None
            }
        }
    }

    fn both(
        &mut self,
        name: &str,
        text: &str,
        (case, after): &(Case, Function),
        [new, old]: [Origin; 2],
    ) -> Agreed {
        self.add(name, new, case, after)?;
        match old::spill(text) {
            Ok(after) => self.add(name, old, case, &after),
            Err(error) => Err(Box::new(Disagreement {
                name: name.to_owned(),
                origin: old,
                what: error.to_string(),
                text: text.to_owned(),
            })),
        }
    }

    /// Runs one function after spilling.
    fn add(&mut self, name: &str, origin: Origin, case: &Case, after: &Function) -> Agreed {
        let disagreement = |what: String| {
            let text = format!("{}\n{}", case.before.display(), after.display());
            Err(Box::new(Disagreement { name: name.to_owned(), origin, what, text }))
        };
        let report = case.verdict(after);
        let added = match report.as_ref().map(|report| (report, &report.outcome)) {
            Some((_, Outcome::Verified)) => self.verified(origin, case, after),
            Some((report, Outcome::Violated)) => self.violated(origin, case, after, report),
            Some((_, Outcome::Unsupported(_) | Outcome::Internal(_))) | None => {
                self.row(origin).undecided += 1;
                Ok(())
            }
        };
        let done = case.counts.take();
        self.done.interpreted += done.interpreted;
        self.done.machine += done.machine;
        self.done.code += done.code;
        added.or_else(disagreement)
    }

    fn row(&mut self, origin: Origin) -> &mut Row {
        self.rows.entry(origin).or_default()
    }

    fn verified(&mut self, origin: Origin, case: &Case, after: &Function) -> Result<(), String> {
        match case.interpreted(after, None) {
            Shown::Nothing => self.row(origin).verified += 1,
            Shown::OperandOnly => return Err("verified, but an operand is wrong".to_owned()),
            Shown::Wrong(wrong, tape) => {
                let difference = case.explain(after, &tape);
                return Err(format!("verified, but {wrong:?} with {tape:?}: {difference}"));
            }
        }
        #[cfg(all(target_arch = "x86_64", unix))]
        {
            let mut both = true;
            let before = case.counts.borrow().code;
            for effort in [Effort::None, Effort::Speed] {
                match case.machine(after, effort, None) {
                    None => both = false,
                    Some(Ok(Shown::Nothing)) => {}
                    Some(shown) => {
                        return Err(format!(
                            "verified, but as machine code ({effort:?}): {shown:?}"
                        ));
                    }
                }
            }
            let row = self.row(origin);
            row.verified_machine += usize::from(both);
            let is_checked = case.counts.borrow().code.tables_only == before.tables_only;
            row.verified_code += usize::from(both && is_checked);
        }
        Ok(())
    }

    fn violated(
        &mut self,
        origin: Origin,
        case: &Case,
        after: &Function,
        report: &Report,
    ) -> Result<(), String> {
        let finding = error(report);
        let steered = finding.and_then(|finding| case.steer(after, finding));
        let shown = case.interpreted(after, steered.as_deref());
        let reason = case.reason(&shown, after, finding, steered.as_deref());
        let code = finding.map(|finding| finding.code);
        if !matches!(shown, Shown::Wrong(..)) {
            self.never += usize::from(case.explored.all || reason == Reason::DeadPath);
        }
        let row = self.row(origin);
        row.violated += 1;
        let tape = match &shown {
            Shown::Wrong(wrong, tape) => {
                *row.wrong.entry(*wrong).or_default() += 1;
                Some(tape.clone())
            }
            Shown::OperandOnly | Shown::Nothing => {
                *row.reasons.entry(reason).or_default() += 1;
                steered
            }
        };
        if let Some(code) = code {
            let (wrong, reasons) = self.codes.entry(code).or_default();
            match shown {
                Shown::Wrong(..) => *wrong += 1,
                Shown::OperandOnly | Shown::Nothing => *reasons.entry(reason).or_default() += 1,
            }
        }
        #[cfg(all(target_arch = "x86_64", unix))]
        if let Some(shown) = case.machine(after, Effort::None, tape.as_deref()) {
            let row = self.row(origin);
            row.tried_machine += 1;
            row.wrong_machine += usize::from(matches!(shown?, Shown::Wrong(..)));
        }
        #[cfg(not(all(target_arch = "x86_64", unix)))]
        drop(tape);
        Ok(())
    }
}
