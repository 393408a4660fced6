//! On pairs in which the spiller was told of some references only, the verifier agrees with the
//! oracle, and blames what nobody declared.

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::generate;
use stackmap_oracle::law::{Agreement, compare_expecting};
use stackmap_oracle::mutate::{Kind, mutate};
use stackmap_oracle::program::{Built, Pair};
use stackmap_oracle::spill::{Style, spill};
use stackmap_verifier::findings::Code;
use stackmap_verifier::model::Value;
use stackmap_verifier::pair::{Declared, Expected};
use stackmap_verifier::{Collector, Options, Outcome, Report, verify, verify_expecting};

/// A pair, and the values that the spiller was not told of. They are among the declared values of
/// the pair, which are the references to begin with.
fn forgotten(dice: &mut Dice<'_>) -> (Pair, Vec<usize>) {
    let mut source = generate::source(dice);
    let references = source.declared.clone();
    let expected: Vec<usize> = references.iter().copied().filter(|_| dice.chance(40)).collect();
    source.declared.retain(|value| !expected.contains(value));
    let style = Style::choose(dice);
    let mut pair = spill(dice, source, style);
    pair.before.declared = references;
    (pair, expected)
}

fn report(built: &Built, declared: &[Value], expected: &[Value], collector: Collector) -> Report {
    let reason = || "expected".to_owned();
    let expected = expected.iter().map(|&value| Expected { value, reason: reason() });
    let expected: Vec<Expected> = expected.collect();
    let known = Declared { values: declared, expected: &expected };
    let options = Options { collector, certify: true };
    verify_expecting(&built.before, known, &built.after, &options)
}

#[test]
fn the_verifier_agrees_with_the_oracle_on_what_nobody_declared() {
    let (mut right, mut found, mut others) = (0, 0, 0);
    for seed in 0..3000 {
        let bytes = bytes(seed, 2500);
        let mut dice = Dice::new(&bytes);
        let (pair, expected) = forgotten(&mut dice);
        let kind = dice.pick(Kind::ALL).filter(|_| seed % 3 == 0);
        let mutant = kind.and_then(|kind| mutate(&mut dice, &pair, kind));
        let pair = mutant.unwrap_or(pair);
        // A mutant may have lost some of its references.
        let expected = expected.into_iter().filter(|value| pair.before.declared.contains(value));
        let expected: Vec<Value> = expected.map(Value::new).collect();
        for collector in [Collector::Moving, Collector::NonMoving] {
            let built = pair.build();
            let agreement = compare_expecting(&built, &expected, collector)
                .unwrap_or_else(|dispute| panic!("seed {seed}, {collector:?}: {dispute}\n{pair}"));
            match agreement {
                Agreement::Right { .. } => right += 1,
                Agreement::Wrong { codes, .. } if codes.contains(&Code::UndeclaredByType) => {
                    assert!(!expected.is_empty());
                    found += 1;
                }
                Agreement::Wrong { .. } => others += 1,
                Agreement::Unsupported | Agreement::Undecided { .. } | Agreement::TooLarge => {}
            }
        }
    }
    assert!(right >= 2000 && found >= 200 && others >= 200, "{right}, {found}, {others}");
}

#[test]
fn what_is_expected_is_blamed_only_if_it_is_not_declared() {
    for seed in 0..1500 {
        let bytes = bytes(seed, 2500);
        let (pair, expected) = forgotten(&mut Dice::new(&bytes));
        let built = pair.build();
        let expected: Vec<Value> = expected.into_iter().map(Value::new).collect();
        let collector = Collector::Moving;
        let options = Options { collector, certify: true };
        let all = verify(&built.before, &built.declared, &built.after, &options);
        let told: Vec<Value> =
            built.declared.iter().copied().filter(|value| !expected.contains(value)).collect();
        let forgotten = report(&built, &told, &expected, collector);
        // The verdict does not depend on why a value is a reference; a proof is one of both.
        assert_eq!(forgotten.outcome, all.outcome, "seed {seed}\n{pair}");
        assert_eq!(forgotten.certified, all.certified, "seed {seed}\n{pair}");
        assert_eq!(forgotten.certified, forgotten.outcome == Outcome::Verified, "seed {seed}");
        let names: Vec<String> =
            expected.iter().map(|&value| built.before.value_name(value).to_string()).collect();
        for finding in forgotten.findings.iter().filter(|f| f.code == Code::UndeclaredByType) {
            assert!(finding.values.iter().all(|value| names.contains(value)), "seed {seed}");
        }
        // Declared as well as expected is declared.
        let both = report(&built, &built.declared, &expected, collector);
        assert_eq!(both.findings, all.findings, "seed {seed}\n{pair}");
    }
}
