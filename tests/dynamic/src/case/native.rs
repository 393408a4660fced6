//! Functions as machine code.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::OwnedTargetIsa;
use stackmap_code::{CodeOutcome, CodeReport, Instructions};

use super::{Case, Codes, Shown, difference, expect, wrong};
use crate::machine::{Effort, Machine, Unit, compile, isa};
use crate::world::{Collector, World};

impl Case {
    /// Runs a function as machine code, without the collector and with it, and compares the
    /// visible effects with those of the interpreter before spilling. The function before
    /// spilling is run as machine code, too. `None` if it cannot be run.
    ///
    /// # Errors
    ///
    /// Cranelift's error if it does not compile a function, or the difference if the function
    /// before spilling behaves differently from the interpreter.
    pub fn machine(
        &self,
        after: &Function,
        effort: Effort,
        steered: Option<&[u8]>,
    ) -> Option<Result<Shown, String>> {
        if self.plan.not_in_machine_code.is_some() {
            return None;
        }
        let machine = match self.linked(after, effort) {
            Ok(machine) => machine,
            Err(error) => return Some(Err(error)),
        };
        let run = |function, collector, tape: &[u8]| {
            machine.run(function, World::new(&self.plan, collector, tape, 0))
        };
        let extra = steered.and_then(|tape| Some((tape, expect(&self.before, &self.plan, tape)?)));
        let known = self.explored.tapes.iter().map(Vec::as_slice).zip(&self.expected);
        for (tape, expected) in extra.iter().map(|(tape, e)| (*tape, e)).chain(known) {
            let before = run(0, Collector::None, tape);
            if wrong(&expected.run, &before).is_some() {
                return Some(Err(difference(&expected.run, &before)));
            }
            for collector in [Collector::None, Collector::Moving] {
                let run = run(1, collector, tape);
                self.counts.borrow_mut().machine += run.counts;
                if let Some(wrong) = wrong(&expected.run, &run) {
                    return Some(Ok(Shown::Wrong(wrong, tape.to_vec())));
                }
            }
        }
        Some(Ok(Shown::Nothing))
    }

    /// Compiles the functions before and after spilling. The code must be verified, whether or not
    /// the spiller is right.
    fn linked(&self, after: &Function, effort: Effort) -> Result<Machine<'_>, String> {
        let isa = isa(effort)?;
        let mut units = Vec::new();
        for function in [&self.before, after] {
            let (context, report) = compile(function, &*isa)?;
            self.counts.borrow_mut().code += verdict(&report)?;
            let code = context.compiled_code().ok_or("it was not compiled")?;
            units.push(Unit::new(&context.func, code));
        }
        Machine::link(&units, &self.plan, isa).map_err(|error| format!("Cranelift: {error:?}"))
    }

    /// Runs machine code, without the collector and with it, and compares the visible effects with
    /// those of the interpreter before spilling.
    ///
    /// # Errors
    ///
    /// Cranelift's error if it does not link the code.
    pub fn executed(&self, unit: Unit, isa: OwnedTargetIsa) -> Result<Shown, String> {
        let machine = Machine::link(&[unit], &self.plan, isa);
        let machine = machine.map_err(|error| format!("Cranelift: {error:?}"))?;
        for (tape, expected) in self.explored.tapes.iter().zip(&self.expected) {
            for collector in [Collector::None, Collector::Moving] {
                let run = machine.run(0, World::new(&self.plan, collector, tape, 0));
                if let Some(wrong) = wrong(&expected.run, &run) {
                    return Ok(Shown::Wrong(wrong, tape.clone()));
                }
            }
        }
        Ok(Shown::Nothing)
    }
}

/// Returns the counts with one function's code.
///
/// # Errors
///
/// If it is not verified.
pub fn verdict(report: &CodeReport) -> Result<Codes, String> {
    match (&report.outcome, &report.instructions) {
        (CodeOutcome::Verified, Instructions::Checked { .. }) => {
            Ok(Codes { checked: 1, tables_only: 0 })
        }
        (CodeOutcome::Verified, Instructions::NotChecked(_)) => {
            Ok(Codes { checked: 0, tables_only: 1 })
        }
        (outcome, _) => Err(format!("the machine code: {outcome:?} {:?}", report.findings)),
    }
}
