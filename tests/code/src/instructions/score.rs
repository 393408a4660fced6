//! Injects faults into instructions, and counts which of them are found.

use std::collections::BTreeMap;

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;
use stackmap_code::{CodeOutcome, CodeReport, Replay, Unchecked, verify_instructions};
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::findings::Code;

use super::fault::KINDS;
use crate::compile::compile;
use crate::functions::{generated, right, sketches};
use crate::targets::target;

/// What became of the faults of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Those that may change something, if the code can be checked.
    pub harmful: usize,
    /// Those among them with a finding.
    pub found: usize,
    /// Those that change nothing that has an effect, which is shown, if the code can be checked.
    pub harmless: usize,
    /// Those among them without a finding.
    pub silent: usize,
    /// Those that make the code one that cannot be checked.
    pub unchecked: usize,
    /// How often each code was reported.
    pub codes: BTreeMap<Code, usize>,
}

/// The scores, in the order of [`KINDS`].
pub type Scores = [Score; KINDS.len()];

/// The instruction sets that have a decoder, and their names.
pub const SETS: [(&str, &str); 2] = [("x86_64", "x86-64"), ("pulley64", "Pulley")];

/// Injects faults of each kind into the code of each function, for an instruction set, without and
/// with optimization.
///
/// # Panics
///
/// If the instructions of code are not verified without a fault.
pub fn scores(set: &str) -> Scores {
    let mut scores = Scores::default();
    let functions: Vec<Function> =
        sketches().into_iter().chain(generated(0..48)).map(|(_, function)| function).collect();
    for level in ["none", "speed"] {
        let isa = target(set, &[("opt_level", level)]);
        for (seed, function) in (0..).zip(&functions) {
            count(&mut scores, function, &*isa, seed);
        }
    }
    scores
}

fn count(scores: &mut Scores, function: &Function, isa: &dyn TargetIsa, seed: u64) {
    let Some(context) = compile(&right(function, isa), isa) else { return };
    let function = &context.func;
    let replay = Replay::new(function, isa).expect("it was lowered before");
    let original = replay.code().buffer.data();
    match verify_instructions(function, isa, &replay, original) {
        Ok(report) => report.assert_verified(),
        // The address of a slot is used otherwise.
        Err(_) => return,
    }
    for (number, (kind, score)) in (0..).zip(KINDS.iter().zip(scores)) {
        let bytes = bytes(seed * 1000 + number, 64);
        let mut dice = Dice::new(&bytes);
        if let Some(faulty) = kind.inject(function, isa, &replay, &mut dice) {
            score.add(faulty.report, faulty.is_harmless);
        }
    }
}

impl Score {
    fn add(&mut self, found: Result<CodeReport, Unchecked>, is_harmless: bool) {
        let Ok(report) = found else {
            self.unchecked += 1;
            return;
        };
        let is_found = report.outcome == CodeOutcome::Violated;
        if is_harmless {
            self.harmless += 1;
            self.silent += usize::from(!is_found);
        } else {
            self.harmful += 1;
            self.found += usize::from(is_found);
        }
        for finding in report.findings {
            *self.codes.entry(finding.code).or_default() += 1;
        }
    }
}
