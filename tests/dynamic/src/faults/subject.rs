//! The code of one function, and its faults.

use std::path::Path;
use std::sync::Arc;

use cranelift_codegen::Context;
use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::OwnedTargetIsa;
use stackmap_code::{CodeOutcome, Emitted, Options, Replay, Unchecked, verify};
use stackmap_code_tests::faults::{self, changed_calls, means_the_same};
use stackmap_code_tests::instructions;
use stackmap_cranelift::spill;
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::Outcome;

use super::kind::Kind;
use crate::case::{Case, verdict};
use crate::explore::Budget;
use crate::generate::generate;
use crate::machine::{Effort, Unit, compile, isa};

/// A function, and how it is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which {
    /// The name of a sketch, or the seed that a function is generated from.
    pub name: String,
    /// With or without optimization.
    pub effort: Effort,
}

/// The code of one function, which is verified, and so is its pair.
pub(super) struct Subject {
    pub(super) case: Case,
    pub(super) after: Function,
    isa: OwnedTargetIsa,
    context: Context,
    replay: Replay,
}

/// Code with a fault.
pub(super) struct Faulty {
    pub(super) unit: Unit,
    /// Whether it is found; the reason if the code cannot be checked.
    pub(super) found: Result<bool, Unchecked>,
    /// Whether a program shows that nothing with an effect depends on the fault.
    pub(super) is_harmless: bool,
    /// The blocks in whose code it is; `None` if it is in what is run in any case.
    pub(super) blocks: Option<Vec<u32>>,
}

impl Subject {
    /// Compiles and verifies; `None` if the function cannot be run, or is not verified.
    ///
    /// # Errors
    ///
    /// If the pair is verified, and the code is not.
    pub(super) fn new(which: &Which) -> Result<Option<Self>, String> {
        let Some((case, after)) = case(&which.name) else { return Ok(None) };
        let is_verified =
            case.verdict(&after).is_some_and(|report| report.outcome == Outcome::Verified);
        if !is_verified || case.plan.not_in_machine_code.is_some() {
            return Ok(None);
        }
        let isa = isa(which.effort)?;
        let (context, report) = compile(&after, &*isa)?;
        if verdict(&report)?.checked == 0 {
            return Ok(None);
        }
        let replay = Replay::new(&context.func, &*isa).map_err(|error| error.to_string())?;
        Ok(Some(Subject { case, after, isa, context, replay }))
    }

    pub(super) fn isa(&self) -> OwnedTargetIsa {
        Arc::clone(&self.isa)
    }

    /// Puts a fault into the code, if there is a place for it.
    pub(super) fn inject(&self, kind: &Kind, seed: u64) -> Option<Faulty> {
        let bytes = bytes(seed, 64);
        let mut dice = Dice::new(&bytes);
        match kind {
            Kind::Tables(kind) => self.inject_tables(kind, &mut dice),
            Kind::Instructions(kind) => self.inject_instructions(kind, &mut dice),
        }
    }

    fn inject_tables(&self, kind: &faults::Kind, dice: &mut Dice<'_>) -> Option<Faulty> {
        let (function, code) = (&self.context.func, self.context.compiled_code()?);
        let original = Emitted::of(code);
        let mut faulty = original.clone();
        (kind.inject)(&mut faulty, dice).then_some(())?;
        let report = verify(
            function,
            &*self.isa,
            &faulty,
            &Options { check_clif: false, ..Options::default() },
        )
        .ok()?;
        let found = Ok(report.outcome == CodeOutcome::Violated);
        let is_harmless = means_the_same(&faulty, &original);
        let calls = changed_calls(self.replay.code(), &faulty);
        let blocks = calls.into_iter().filter_map(|call| function.layout.inst_block(call));
        let blocks = Some(blocks.map(|block| block.as_u32()).collect());
        let mut unit = Unit::new(function, code);
        unit.replace_tables(code, &faulty);
        Some(Faulty { unit, found, is_harmless, blocks })
    }

    fn inject_instructions(
        &self,
        kind: &instructions::Kind,
        dice: &mut Dice<'_>,
    ) -> Option<Faulty> {
        let function = &self.context.func;
        let faulty = kind.inject(function, &*self.isa, &self.replay, dice)?;
        let code = faulty.lowered.as_ref().unwrap_or(&self.replay).code();
        let mut unit = Unit::new(function, code);
        unit.bytes = faulty.bytes;
        let found = faulty.report.map(|report| report.outcome == CodeOutcome::Violated);
        let blocks: Vec<u32> = faulty.blocks.iter().map(|block| block.as_u32()).collect();
        let blocks = (!blocks.is_empty()).then_some(blocks);
        Some(Faulty { unit, found, is_harmless: faulty.is_harmless, blocks })
    }
}

/// The number of random bytes from which a function is made.
const BYTES: usize = 3000;

/// Returns a function before and after spilling.
fn case(name: &str) -> Option<(Case, Function)> {
    let (text, seed) = match name.parse() {
        Ok(seed) => (generate(&mut Dice::new(&bytes(seed, BYTES)))?, Some(seed)),
        Err(_) => {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sketches");
            (crate::sketches(&folder).ok()?.remove(name)?, None)
        }
    };
    let spilled = spill::run(&text).ok()?.into_iter().next()?.ok()?;
    let (before, declared) = (&spilled.before, &spilled.declared);
    let seeded = seed.is_some();
    let case = Case::new(before, declared, seeded, Budget::SMALL, seed.unwrap_or(0)).ok()?;
    Some((case, spilled.after))
}
