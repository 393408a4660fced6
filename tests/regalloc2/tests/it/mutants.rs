//! Broken allocations and stack maps: the verifier's findings are exactly those of an oracle,
//! and those that do not concern references are found by regalloc2's checker.

use std::collections::BTreeMap;

use regalloc2::{Algorithm, Function};
use stackmap_oracle::oracle::{self, Verdict};
use stackmap_oracle::program::Built;
use stackmap_regalloc2::Model;
use stackmap_regalloc2_tests::case::{ALGORITHMS, Case, allocate};
use stackmap_regalloc2_tests::mutate::Fault;
use stackmap_regalloc2_tests::program::Program;
use stackmap_regalloc2_tests::random::Random;
use stackmap_regalloc2_tests::shapes::{self, Shape, Shaped};
use stackmap_regalloc2_tests::{checker, derive, machine};
use stackmap_verifier::{Collector, Options, Outcome, Unsupported};

/// Returns whether the oracle finds the model right, or `None` if the model is too large for
/// it.
pub(crate) fn is_right(model: &Model, collector: Collector) -> Option<bool> {
    let pair = Built {
        before: model.before.clone(),
        declared: model.declared.clone(),
        after: model.after.clone(),
    };
    match oracle::decide(&pair, collector) {
        Verdict::Right => Some(true),
        Verdict::Wrong { .. } => Some(false),
        Verdict::TooLarge => None,
        Verdict::Unsupported(reason) => panic!("the oracle refuses: {reason}"),
    }
}

/// Returns whether the pair is verified, or `None` if the verifier cannot decide.
pub(crate) fn is_verified(model: &Model, options: Options, what: &str) -> Option<bool> {
    let report = model.verify(&options);
    match report.outcome {
        Outcome::Verified => Some(true),
        Outcome::Violated => Some(false),
        // Objects do not move, and the root that keeps one alive depends on the path.
        Outcome::Unsupported(Unsupported::Undecided { .. })
            if options.collector == Collector::NonMoving =>
        {
            None
        }
        Outcome::Unsupported(_) | Outcome::Internal(_) => {
            panic!("{what}: {}", model.render(&report))
        }
    }
}

/// The numbers of harmful and of harmless mutants of each kind.
type Totals = BTreeMap<Fault, (usize, usize)>;

fn assert_floor(totals: &Totals, faults: &[Fault], harmful: usize, harmless: usize) {
    for fault in faults {
        let (found, passed) = totals.get(fault).copied().unwrap_or_default();
        assert!(found >= harmful, "{fault:?}: {found} harmful, of all {totals:?}");
        // Hardly an operand can be moved without harm.
        let few = matches!(fault, Fault::Undeclare | Fault::DropRoot | Fault::SwapMaps);
        assert!(passed >= harmless || few, "{fault:?}: {passed} harmless, of all {totals:?}");
    }
}

/// Runs `judge` on broken cases, and counts its answers.
fn broken(
    faults: &[Fault],
    seeds: std::ops::Range<u64>,
    widths: [usize; 3],
    mut judge: impl FnMut(&Case<'_, Program>, &str) -> Option<bool>,
) -> Totals {
    let shape = Shape { instructions: 20, ..Shape::SMALL };
    let mut totals = Totals::new();
    for seed in seeds {
        let shape = Shape { clobber_all: seed.is_multiple_of(3), ..shape };
        let Shaped { mut program, mut references, safepoints, .. } = shapes::function(seed, shape);
        program.widths = widths;
        // In the other cases, some parameters receive values that are not references.
        if seed.is_multiple_of(2) {
            derive::widen(&program, &mut references);
        }
        for algorithm in ALGORITHMS {
            let case = make(&program, algorithm, seed, &references, &safepoints);
            let mut random = Random::new(seed);
            for &fault in faults {
                for _ in 0..2 {
                    let Some(broken) = fault.strike(&case, &mut random) else { continue };
                    let what = format!("seed {seed}, {algorithm:?}, {fault:?}");
                    let count = totals.entry(fault).or_default();
                    match judge(&broken, &what) {
                        Some(false) => count.0 += 1,
                        Some(true) => count.1 += 1,
                        None => {}
                    }
                }
            }
        }
    }
    totals
}

fn make<'p, F: Function>(
    program: &'p F,
    algorithm: Algorithm,
    seed: u64,
    references: &std::collections::BTreeSet<regalloc2::VReg>,
    safepoints: &std::collections::BTreeSet<regalloc2::Inst>,
) -> Case<'p, F> {
    let env = machine::env(seed.is_multiple_of(2));
    let output = allocate(program, &env, algorithm)
        .unwrap_or_else(|error| panic!("seed {seed}, {algorithm:?}: {error}"));
    Case::new(program, env, output, references.clone(), safepoints)
}

fn agrees_with_the_oracle<F: Function>(
    case: &Case<'_, F>,
    collector: Collector,
    what: &str,
) -> Option<bool> {
    let model = case.model().unwrap_or_else(|error| panic!("{what}: {error}"));
    let right = is_right(&model, collector)?;
    let verified = is_verified(&model, Options { collector, ..Options::default() }, what)?;
    assert_eq!(right, verified, "{what}, {collector:?}");
    Some(verified)
}

#[test]
fn broken_stack_maps() {
    let totals = broken(&Fault::MAPS, 0..200, [1, 1, 2], |case, what| {
        // The allocation is unchanged, and regalloc2's checker accepts it.
        assert!(checker::accepts(case.function, &case.env, &case.output), "{what}");
        agrees_with_the_oracle(case, Collector::Moving, what)
    });
    assert_floor(&totals, &Fault::MAPS, 40, 10);
}

#[test]
fn broken_stack_maps_of_a_collector_that_moves_nothing() {
    let mut undecided = 0;
    let totals = broken(&Fault::MAPS, 600..750, [1, 1, 2], |case, what| {
        let found = agrees_with_the_oracle(case, Collector::NonMoving, what);
        undecided += usize::from(found.is_none());
        found
    });
    let faults = [Fault::DropRoot, Fault::MoveRoot, Fault::AddRoot, Fault::SwapMaps];
    assert_floor(&totals, &faults, 30, 10);
    let all: usize = totals.values().map(|(harmful, harmless)| harmful + harmless).sum();
    assert!(undecided * 50 < all, "{undecided} of {all}");
}

#[test]
fn broken_allocations_with_references() {
    let totals = broken(&Fault::ALLOCATION, 200..400, [1, 1, 2], |case, what| {
        agrees_with_the_oracle(case, Collector::Moving, what)
    });
    assert_floor(&totals, &Fault::ALLOCATION, 60, 10);
}

/// Without references, the verifier agrees with regalloc2's checker; [`checker`] describes how
/// that is run. Wide slots are left out, since the checker does not see that they overlap.
#[test]
fn broken_allocations_without_references() {
    let mut beside = 0;
    let totals = broken(&Fault::ALLOCATION, 400..550, [1, 1, 1], |case, what| {
        let mut case = case.clone();
        case.references.clear();
        case.safepoints.clear();
        let verified = agrees_with_the_oracle(&case, Collector::Moving, what)?;
        let accepted = checker::accepts_plugged(case.function, &case.env, &case.output);
        if verified != accepted {
            let conflict = checker::has_conflict(case.function, &case.output);
            assert!(accepted && conflict, "{what}: verified {verified}, accepted {accepted}");
            beside += 1;
        }
        Some(verified)
    });
    assert_floor(&totals, &Fault::ALLOCATION, 40, 10);
    let all: usize = totals.values().map(|(harmful, harmless)| harmful + harmless).sum();
    assert!(beside * 50 < all, "{beside} of {all}");
}
