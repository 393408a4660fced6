//! Injects faults into instructions, and counts which of them are found.

use std::collections::BTreeMap;

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;
use stackmap_code::{CodeOutcome, CodeReport, Replay, Unchecked, verify_instructions};
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::findings::Code;

use super::harmless::{is_same, is_unused};
use super::{bytes as code, lowered};
use crate::compile::compile;
use crate::functions::{generated, sketches};
use crate::targets::target;

/// A kind of fault.
pub struct Kind {
    /// Its name, in words.
    pub name: &'static str,
    inject: Inject,
}

/// Where a fault is.
#[derive(Clone, Copy)]
enum Inject {
    /// In the bytes of the code.
    Bytes(code::Inject),
    /// In the function that is lowered.
    Function(lowered::Inject),
}

/// All kinds.
pub const KINDS: [Kind; 15] = [
    Kind { name: "drop a load", inject: Inject::Bytes(code::drop_load) },
    Kind { name: "drop a store", inject: Inject::Bytes(code::drop_store) },
    Kind { name: "load another root", inject: Inject::Bytes(code::redirect_load) },
    Kind { name: "store to another root", inject: Inject::Bytes(code::redirect_store) },
    Kind {
        name: "load into a register that nothing uses",
        inject: Inject::Bytes(code::reload_elsewhere),
    },
    Kind { name: "access what is beside a root", inject: Inject::Bytes(code::shift_access) },
    Kind { name: "store something else to a root", inject: Inject::Bytes(code::foreign_store) },
    Kind { name: "load something else from a root", inject: Inject::Bytes(code::foreign_load) },
    Kind { name: "store over half of a root", inject: Inject::Bytes(code::overlapping_store) },
    Kind { name: "do not lower the stack pointer", inject: Inject::Bytes(code::lose_stack) },
    Kind {
        name: "merge a reload with an older one",
        inject: Inject::Function(lowered::merge_reload),
    },
    Kind { name: "use what is older than a reload", inject: Inject::Function(lowered::use_older) },
    Kind { name: "lose a store", inject: Inject::Function(lowered::drop_store) },
    Kind { name: "load before a call", inject: Inject::Function(lowered::hoist_load) },
    Kind { name: "store behind a call", inject: Inject::Function(lowered::sink_store) },
];

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

/// Injects faults of each kind into the code of each function, for x86-64, without and with
/// optimization.
///
/// # Panics
///
/// If the instructions of code are not verified without a fault.
pub fn scores() -> Scores {
    let mut scores = Scores::default();
    let functions: Vec<Function> =
        sketches().into_iter().chain(generated(0..48)).map(|(_, function)| function).collect();
    for level in ["none", "speed"] {
        let isa = target("x86_64", &[("opt_level", level)]);
        for (seed, function) in (0..).zip(&functions) {
            count(&mut scores, function, &*isa, seed);
        }
    }
    scores
}

fn count(scores: &mut Scores, function: &Function, isa: &dyn TargetIsa, seed: u64) {
    let Some(context) = compile(function, isa) else { return };
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
        let injected = match kind.inject {
            Inject::Bytes(inject) => inject(replay.code(), &mut dice).map(|faulty| {
                let is_harmless = is_unused(function, replay.code(), &faulty);
                (verify_instructions(function, isa, &replay, &faulty), is_harmless)
            }),
            Inject::Function(inject) => inject(function, &mut dice).map(|faulty| {
                let replay = Replay::new(&faulty, isa).expect("it can be lowered");
                let code = replay.code().buffer.data();
                let is_harmless = is_same(function, &faulty);
                (verify_instructions(function, isa, &replay, code), is_harmless)
            }),
        };
        if let Some((found, is_harmless)) = injected {
            score.add(found, is_harmless);
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
