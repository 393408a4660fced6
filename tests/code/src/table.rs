//! Injects faults, and counts which of them are found.

use std::collections::BTreeMap;
use std::fmt::Write;

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;
use stackmap_code::{CodeOutcome, Emitted, Options, verify, verify_compiled};
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::findings::Code;

use crate::compile::compile;
use crate::faults::{KINDS, means_the_same};
use crate::functions::{generated, right, sketches};
use crate::targets::{NAMES, target};

/// What became of the faults of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Those that change what the runtime does.
    pub harmful: usize,
    /// Those among them with a finding.
    pub found: usize,
    /// Those that change nothing.
    pub harmless: usize,
    /// Those among them whose code is verified.
    pub silent: usize,
    /// How often each code was reported.
    pub codes: BTreeMap<Code, usize>,
}

/// The scores, in the order of [`KINDS`].
pub type Scores = [Score; KINDS.len()];

/// Injects a fault of each kind into the code of each function, for each instruction set.
///
/// # Panics
///
/// If code is not verified without a fault.
pub fn scores() -> Scores {
    let mut scores = Scores::default();
    let functions: Vec<Function> =
        sketches().into_iter().chain(generated(0..24)).map(|(_, function)| function).collect();
    for name in NAMES {
        let isa = target(name, &[("opt_level", "speed")]);
        for (seed, function) in (0..).zip(&functions) {
            count(&mut scores, function, &*isa, seed);
        }
    }
    scores
}

fn count(scores: &mut Scores, function: &Function, isa: &dyn TargetIsa, seed: u64) {
    let Some(context) = compile(&right(function, isa), isa) else { return };
    verify_compiled(&context, isa).expect("it was compiled").assert_verified();
    let code = context.compiled_code().expect("it was compiled");
    let original = Emitted::of(code);
    let options = Options { check_clif: false, ..Options::default() };
    for (number, (kind, score)) in (0..).zip(KINDS.iter().zip(scores)) {
        let mut faulty = original.clone();
        let bytes = bytes(seed * 1000 + number, 64);
        if !(kind.inject)(&mut faulty, &mut Dice::new(&bytes)) {
            continue;
        }
        let report = verify(&context.func, isa, &faulty, &options).expect("it was lowered before");
        let is_harmless = means_the_same(&faulty, &original);
        let (all, right) = match is_harmless {
            true => (&mut score.harmless, &mut score.silent),
            false => (&mut score.harmful, &mut score.found),
        };
        *all += 1;
        *right += usize::from(match is_harmless {
            true => report.outcome == CodeOutcome::Verified,
            false => report.outcome == CodeOutcome::Violated,
        });
        for finding in &report.findings {
            *score.codes.entry(finding.code).or_default() += 1;
        }
    }
}

/// Returns the page of the documentation with these scores.
pub fn page(scores: &Scores) -> String {
    let mut page = HEAD.to_owned();
    for (kind, score) in KINDS.iter().zip(scores) {
        let codes: Vec<String> =
            score.codes.iter().map(|(code, count)| format!("{code}: {count}")).collect();
        let Score { harmful, found, harmless, silent, .. } = score;
        let (name, codes) = (kind.name, codes.join(", "));
        writeln!(page, "| {name} | {harmful} | {found} | {harmless} | {silent} | {codes} |")
            .expect("a string takes all");
    }
    page
}

const HEAD: &str = "\
# Faults in machine code

Printed by one command; do not edit:

```text
cargo run -p stackmap-code-tests --bin code_faults > docs/machine-code-faults.md
```

## Faults in the tables

Each [sketch](../tests/sketches), and functions that are generated, are compiled for x86-64,
aarch64, riscv64, s390x and Pulley. Into the stack maps and exception tables of each
function's code, one fault of each kind is put, if there is a place for it. It is *harmful*
if the runtime then does something else at some address, which is decided by comparing
what the tables mean before and after, and *harmless* if it does not. Of the former, all
should be *found*, and with the latter the code should be verified in *silence*. A test
fails if the numbers are others.

| fault | harmful | found | harmless | silent | reported |
|---|---:|---:|---:|---:|---|
";
