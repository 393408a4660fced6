//! Generated functions verify, whichever allocator made the allocation.

use std::collections::BTreeSet;

/// Every case is verified for both.
const COLLECTORS: &[Collector] = &[Collector::Moving, Collector::NonMoving];

use regalloc2::{Algorithm, Function, Operand, OperandConstraint, OperandKind, OperandPos, VReg};
use stackmap_regalloc2::Root;
use stackmap_regalloc2_tests::case::{ALGORITHMS, Case, allocate};
use stackmap_regalloc2_tests::shapes::{self, Shape, Shaped};
use stackmap_regalloc2_tests::{checker, derive, machine};
use stackmap_verifier::{Collector, Options, Outcome, Stats};

use crate::mutants::{is_right, is_verified};

fn check<F: Function>(case: &Case<'_, F>, what: &str) -> Stats {
    let model = case.model().unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut stats = Stats::default();
    let are_mixed = derive::are_mixed(case.function, &case.references);
    for &collector in COLLECTORS {
        let options = Options { collector, ..Options::default() };
        let report = model.verify(&options);
        stats = report.stats;
        if are_mixed && collector == Collector::Moving {
            // A number may be in a root that is updated: the oracle knows.
            let is_verified = is_verified(&model, options, what);
            let is_right = is_right(&model, collector).or(is_verified);
            assert_eq!(is_verified, is_right, "{what}: {}", model.render(&report));
            continue;
        }
        let rendered = model.render(&report);
        assert_eq!(report.outcome, Outcome::Verified, "{what}, {collector:?}: {rendered}");
    }
    stats
}

/// The features that the cases must cover for the tests to be meaningful.
#[derive(Debug, Default)]
struct Seen {
    stats: Stats,
    register_roots: usize,
    wide_roots: usize,
    early_defs: usize,
    late_uses: usize,
    reuses: usize,
    fixed: usize,
    limits: usize,
    stack: usize,
    untracked: usize,
    edits: usize,
    passed: usize,
    loops: usize,
    irreducible: usize,
}

impl Seen {
    fn look<F: Function>(&mut self, case: &Case<'_, F>) {
        self.edits += case.output.edits.len();
        for root in case.safepoints.iter().flat_map(|safepoint| &safepoint.roots) {
            match root {
                Root::Register(_) => self.register_roots += 1,
                Root::Stack(_, class) => {
                    self.wide_roots += usize::from(case.function.spillslot_size(*class) > 1);
                }
            }
        }
        for inst in (0..case.function.num_insts()).map(regalloc2::Inst::new) {
            case.function.inst_operands(inst).iter().for_each(|operand| self.operand(operand));
        }
        let references: BTreeSet<VReg> = case.references.iter().copied().collect();
        for block in (0..case.function.num_blocks()).map(regalloc2::Block::new) {
            let params = case.function.block_params(block).iter();
            self.passed += params.filter(|param| references.contains(param)).count();
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match (operand.kind(), operand.pos()) {
            (OperandKind::Def, OperandPos::Early) => self.early_defs += 1,
            (OperandKind::Use, OperandPos::Late) => self.late_uses += 1,
            (OperandKind::Def, OperandPos::Late) | (OperandKind::Use, OperandPos::Early) => {}
        }
        match operand.constraint() {
            OperandConstraint::Reuse(_) => self.reuses += 1,
            OperandConstraint::Limit(_) => self.limits += 1,
            OperandConstraint::Stack => self.stack += 1,
            OperandConstraint::FixedReg(_) if operand.as_fixed_nonallocatable().is_some() => {
                self.untracked += 1;
            }
            OperandConstraint::FixedReg(_) => self.fixed += 1,
            OperandConstraint::Any | OperandConstraint::Reg => {}
        }
    }
}

/// Verifies the functions of some seeds.
fn verify(seeds: std::ops::Range<u64>, shape: Shape, algorithm: Algorithm) -> Seen {
    let mut seen = Seen::default();
    for seed in seeds {
        let Shaped { program, mut references, safepoints, loops } = shapes::function(seed, shape);
        seen.loops += loops.0;
        seen.irreducible += loops.1;
        // In every third case, some parameters receive values that are not references.
        if !seed.is_multiple_of(3) {
            derive::widen(&program, &mut references);
        }
        let env = machine::env(seed.is_multiple_of(2));
        let what = format!("seed {seed}, {algorithm:?}");
        let output =
            allocate(&program, &env, algorithm).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(checker::accepts(&program, &env, &output), "{what}: not an allocation");
        let case = Case::new(&program, env, output, references, &safepoints);
        seen.stats += check(&case, &what);
        seen.look(&case);
    }
    seen
}

#[test]
fn shaped() {
    for algorithm in ALGORITHMS {
        let seen = verify(0..250, Shape::SMALL, algorithm);
        assert!(seen.stats.safepoints > 1_500, "{seen:?}");
        assert!(seen.stats.roots > 4_000, "{seen:?}");
        assert!(seen.register_roots > 800, "{seen:?}");
        assert!(seen.wide_roots > 250, "{seen:?}");
        assert!(seen.early_defs > 300 && seen.late_uses > 600, "{seen:?}");
        assert!(seen.reuses > 300 && seen.fixed > 1_000, "{seen:?}");
        assert!(seen.stack > 500 && seen.untracked > 300, "{seen:?}");
        assert!(seen.loops > 150 && seen.irreducible > 20, "{seen:?}");
        assert!(seen.edits > 2_000 && seen.passed > 300, "{seen:?}");
    }
}

#[test]
fn no_reference_in_a_register_where_calls_clobber_all() {
    let shape = Shape { clobber_all: true, ..Shape::SMALL };
    for algorithm in ALGORITHMS {
        let seen = verify(250..500, shape, algorithm);
        assert!(seen.stats.roots > 4_000 && seen.wide_roots > 500, "{seen:?}");
        // Fixed stack slots are named like registers, and are not clobbered.
        assert!(seen.register_roots * 10 < seen.stats.roots, "{seen:?}");
    }
}

#[test]
fn operands_that_only_ion_allocates() {
    let shape = Shape { ion_only: true, ..Shape::SMALL };
    let seen = verify(500..650, shape, Algorithm::Ion);
    assert!(seen.limits > 200, "{seen:?}");
}

#[test]
fn larger_functions() {
    let shape = Shape { instructions: 2_000, block: 8, calls: 10, ..Shape::SMALL };
    for algorithm in ALGORITHMS {
        let seen = verify(650..653, shape, algorithm);
        assert!(seen.stats.instructions > 6_000, "{seen:?}");
    }
}

/// By the time the collector runs, a call has overwritten registers that held
/// references when it began. Each is listed once, in a map that was right.
#[test]
fn registers_that_a_call_overwrites_are_no_roots() {
    let shape = Shape { clobber_all: true, ..Shape::SMALL };
    let mut listed = 0;
    for seed in 250..350 {
        let Shaped { program, mut references, safepoints, .. } = shapes::function(seed, shape);
        derive::widen(&program, &mut references);
        let env = machine::env(seed.is_multiple_of(2));
        for algorithm in ALGORITHMS {
            let output = allocate(&program, &env, algorithm)
                .unwrap_or_else(|error| panic!("seed {seed}, {algorithm:?}: {error}"));
            let overwritten = derive::overwritten(&program, &output, &references, &safepoints);
            let case = Case::new(&program, env.clone(), output, references.clone(), &safepoints);
            for (inst, root) in overwritten {
                let mut wrong = case.clone();
                let map = wrong.safepoints.iter_mut().find(|safepoint| safepoint.inst == inst);
                map.unwrap().roots.push(root);
                let model = wrong.model().unwrap();
                for &collector in COLLECTORS {
                    let report = model.verify(&Options { collector, ..Options::default() });
                    let what = format!("seed {seed}, {algorithm:?}, {inst:?}, {root:?}");
                    assert_eq!(report.outcome, Outcome::Violated, "{what}");
                    listed += 1;
                }
            }
        }
    }
    assert!(listed > 500, "{listed}");
}

#[cfg(feature = "fuzzing")]
#[test]
fn fuzzed_by_regalloc2() {
    use stackmap_regalloc2_tests::case::choose;
    use stackmap_regalloc2_tests::fuzzed;
    use stackmap_regalloc2_tests::random::Random;

    let mut seen = Seen::default();
    let mut made = 0;
    for seed in 0..250 {
        let Some(function) = fuzzed::function(seed, 12) else { continue };
        made += 1;
        let (mut references, safepoints) = choose(&function, &mut Random::new(seed));
        // In every third case, some parameters receive values that are not references.
        if !seed.is_multiple_of(3) {
            derive::widen(&function, &mut references);
        }
        for algorithm in ALGORITHMS {
            let env = fuzzed::env();
            let what = format!("seed {seed}, {algorithm:?}");
            let output = allocate(&function, &env, algorithm)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            let case = Case::new(&function, env, output, references.clone(), &safepoints);
            seen.stats += check(&case, &what);
            seen.look(&case);
        }
    }
    assert!(made > 100, "{made}");
    assert!(seen.stats.roots > 10_000 && seen.register_roots > 5_000, "{seen:?}");
    assert!(seen.edits > 5_000 && seen.passed > 500, "{seen:?}");
}
