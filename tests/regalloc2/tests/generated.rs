//! Generated functions verify, whichever allocator made the allocation.

use regalloc2::{Algorithm, Function};
use stackmap_regalloc2_tests::case::{ALGORITHMS, Case, allocate, choose};
use stackmap_regalloc2_tests::random::Random;
use stackmap_regalloc2_tests::shapes::{self, Shape, Shaped};
use stackmap_regalloc2_tests::{checker, fuzzed, machine};
use stackmap_verifier::{Collector, Options, Outcome};

const COLLECTORS: [Collector; 1] = [Collector::Moving];

fn check<F: Function>(case: &Case<'_, F>, what: &str) {
    let model = case.model().unwrap_or_else(|error| panic!("{what}: {error}"));
    for collector in COLLECTORS {
        let report = model.verify(&Options { collector });
        assert_eq!(report.outcome, Outcome::Verified, "{what}:\n{}", model.render(&report));
    }
}

#[test]
fn shaped() {
    for seed in 0..300 {
        for clobber_all in [false, true] {
            let shape = Shape { clobber_all, ..Shape::SMALL };
            let Shaped { program, references, safepoints } = shapes::function(seed, shape);
            for algorithm in ALGORITHMS {
                let env = machine::env(seed % 2 == 0);
                let output = match allocate(&program, &env, algorithm) {
                    Ok(output) => output,
                    Err(error) => panic!("{seed} {algorithm:?} {error}"),
                };
                assert!(checker::accepts(&program, &env, &output));
                let case = Case::new(&program, env, output, references.clone(), &safepoints);
                check(&case, &format!("seed {seed}, {algorithm:?}"));
            }
        }
    }
}

#[test]
fn fuzzed_by_regalloc2() {
    let mut made = 0;
    for seed in 0..300 {
        let Some(function) = fuzzed::function(seed, 12) else { continue };
        made += 1;
        let (references, safepoints) = choose(&function, &mut Random::new(seed));
        for algorithm in ALGORITHMS {
            let env = fuzzed::env();
            let output = allocate(&function, &env, algorithm).unwrap();
            let case = Case::new(&function, env, output, references.clone(), &safepoints);
            check(&case, &format!("seed {seed}, {algorithm:?}"));
        }
    }
    assert!(made > 100, "{made}");
    let _ = Algorithm::Ion;
}
