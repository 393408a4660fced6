//! On every generated pair, and on every mutant, the verifier agrees with the oracle.

use std::collections::BTreeMap;

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::garbage::garbage;
use stackmap_oracle::law::{Agreement, compare};
use stackmap_oracle::mutate::{Kind, mutate};
use stackmap_oracle::oracle::{self, Verdict};
use stackmap_oracle::program::Pair;
use stackmap_oracle::rename::rename;
use stackmap_oracle::spill;
use stackmap_oracle::totals::{SEEDS, Totals};
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Collector, Options, Outcome, verify};

/// The document whose tables must match the results.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mutants.md");

fn run(collector: Collector) -> Totals {
    Totals::of(SEEDS, collector).unwrap_or_else(|dispute| panic!("{dispute}"))
}

fn check(totals: &Totals, collector: Collector) {
    let document = std::fs::read_to_string(DOCUMENT).expect("docs/mutants.md");
    let is_in = |table: &str| document.contains(table);
    assert!(
        is_in(&totals.table()) && is_in(&totals.feature_table()),
        "docs/mutants.md is old; its first lines say how to print it:\n{}\n{}",
        totals.table(),
        totals.feature_table(),
    );
    assert!(totals.pairs >= 20_000, "only {} pairs", totals.pairs);
    assert!(totals.too_large * 100 <= totals.pairs, "{} too large", totals.too_large);
    match collector {
        Collector::Moving => assert_eq!((totals.undecided, totals.detours), (0, 0)),
        Collector::NonMoving => {
            assert!(totals.undecided * 100 <= totals.pairs, "{} undecided", totals.undecided);
        }
    }
    for &kind in Kind::ALL {
        let score = totals.scores.get(&Some(kind)).copied().unwrap_or_default();
        assert!(score.harmful >= 20, "{kind:?}: {score:?}");
        // Covering bytes beside a map entry is always harmful.
        let always_harmful = matches!(kind, Kind::WidenEntry | Kind::ShiftEntry);
        assert!(score.harmless >= 3 || always_harmful, "{kind:?}: {score:?}");
    }
    // Codes that only concern functions alone, or what is expected, are not reported for a pair
    // of which only the declared values are known.
    let after_only = [
        Code::AmbiguousReload,
        Code::HazardousLoad,
        Code::StaleAddress,
        Code::UndeclaredFlow,
        Code::UndeclaredByType,
    ];
    for code in Code::of_functions() {
        let found = totals.codes.get(&code).copied().unwrap_or_default();
        if after_only.contains(&code) {
            assert_eq!(found, 0, "{code}");
            continue;
        }
        // A copy from before a safepoint is valid if objects do not move.
        let floor =
            if code == Code::StaleReference && collector == Collector::NonMoving { 0 } else { 20 };
        assert!(found >= floor, "{code}: {found} of {:?}", totals.codes);
    }
    let answers = |kind, code| totals.answers.get(&(kind, code)).copied().unwrap_or_default();
    assert!(answers(Kind::DropEntry, Code::MissingRoot) >= 20);
    assert!(answers(Kind::MergeSlots, Code::SharedSlot) >= 20);
    assert!(answers(Kind::WidenEntry, Code::MalformedEntry) >= 20);
    assert!(answers(Kind::EmptySlot, Code::WrongValue) >= 20);
    assert!(answers(Kind::DropNull, Code::UninitializedRoot) >= 20);
    // A value that is not declared is not a reference, unless a declared one flows into it.
    assert!(answers(Kind::Undeclare, Code::NonReferenceRoot) >= 20);
    for feature in [
        "unreachable block",
        "irreducible loop",
        "undeclared reference",
        "empty block",
        "try_call",
        "duplicate successor",
        "critical edge",
        "self loop",
        "back edge to the entry",
        "null to a declared parameter",
        "null to an undeclared parameter",
        "number to a declared parameter",
        "declared null",
        "null",
        "null made again",
        "null put in a slot",
        "forwards all",
        "reference selected",
        "reference as condition",
        "several results",
        "split-edge block",
        "slot with two cells",
        "slots of several sizes",
        "block parameter",
        "br_table",
        "nested loops",
        "slot of the program",
        "escaping slot",
        "partial overlap",
    ] {
        let found = totals.features.get(feature).copied().unwrap_or_default();
        assert!(found >= 20, "{feature}: {found}");
    }
}

#[test]
fn the_verifier_agrees_with_the_oracle() {
    check(&run(Collector::Moving), Collector::Moving);
}

#[test]
fn the_verifier_agrees_with_the_oracle_if_nothing_moves() {
    check(&run(Collector::NonMoving), Collector::NonMoving);
}

/// If a spiller makes several faults, each one that some path shows before the two programs
/// diverge is reported.
#[test]
fn the_verifier_agrees_with_the_oracle_on_several_faults_at_once() {
    let changes = [
        Kind::SwapTargets,
        Kind::RedirectEdge,
        Kind::DropAct,
        Kind::Compute,
        Kind::ForeignSpill,
        Kind::ShiftAccess,
    ];
    let mut found: BTreeMap<Code, usize> = BTreeMap::new();
    let mut unsupported = 0;
    for seed in 0..1000 {
        let bytes = bytes(seed, 3000);
        let mut dice = Dice::new(&bytes);
        let (mut pair, _) = spill::pair(&mut dice);
        for _ in 0..dice.between(2, 5) {
            let kinds = if dice.chance(70) { &changes } else { Kind::ALL };
            let mutant = dice.pick(kinds).and_then(|kind| mutate(&mut dice, &pair, kind));
            pair = mutant.unwrap_or(pair);
        }
        for collector in [Collector::Moving, Collector::NonMoving] {
            match compare(&pair, collector) {
                Ok(Agreement::Wrong { codes, .. }) => {
                    codes.into_iter().for_each(|code| *found.entry(code).or_default() += 1);
                }
                Ok(Agreement::Unsupported) => unsupported += 1,
                Ok(Agreement::Right { .. } | Agreement::Undecided { .. } | Agreement::TooLarge) => {
                }
                Err(disagreement) => panic!("seed {seed}: {disagreement}\n{pair}"),
            }
        }
    }
    let found = |code| found.get(&code).copied().unwrap_or_default();
    assert!(found(Code::ChangedProgram) >= 500, "{}", found(Code::ChangedProgram));
    assert!(found(Code::MisplacedAccess) >= 200, "{}", found(Code::MisplacedAccess));
    assert!(unsupported > 0);
}

/// The oracle visits states. Here it walks paths, and must give the same answer.
#[test]
fn the_oracle_agrees_with_walking_every_path() {
    let [mut right, mut wrong, mut looped] = [0, 0, 0];
    for seed in 0..400 {
        let bytes = bytes(seed, 3000);
        let mut dice = Dice::new(&bytes);
        let (pair, _) = spill::pair(&mut dice);
        let mutants: Vec<Pair> =
            Kind::ALL.iter().filter_map(|&kind| mutate(&mut dice, &pair, kind)).collect();
        for pair in mutants {
            let built = pair.build();
            let collector = if seed % 2 == 0 { Collector::Moving } else { Collector::NonMoving };
            let walk = |visits| oracle::walk(&built, collector, visits, 2000);
            match oracle::decide(&built, collector) {
                Verdict::Right => {
                    let walked = walk(3);
                    assert_ne!(walked, Some(true), "{collector:?}\n{pair}");
                    right += usize::from(walked.is_some());
                }
                Verdict::Wrong { path, .. } => {
                    let visits = |block| path.iter().filter(|other| *other == block).count();
                    let visits = path.iter().map(visits).max().unwrap_or(1);
                    let walked = walk(visits);
                    assert_ne!(walked, Some(false), "{collector:?}\n{pair}");
                    wrong += usize::from(walked.is_some());
                    looped += usize::from(walked.is_some() && visits > 1);
                }
                Verdict::Unsupported(_) | Verdict::TooLarge => {}
            }
        }
    }
    assert!(right >= 500 && wrong >= 500 && looped >= 50, "{right} {wrong} {looped}");
}

/// Returns the verdict, and the codes of the findings.
fn said(pair: &Pair, collector: Collector) -> (&'static str, Vec<Code>) {
    let built = pair.build();
    let report = verify(
        &built.before,
        &built.declared,
        &built.after,
        &Options { collector, ..Options::default() },
    );
    let verdict = match report.outcome {
        Outcome::Verified => "verified",
        Outcome::Violated => "violated",
        Outcome::Unsupported(_) => "unsupported",
        Outcome::Internal(_) => "internal",
    };
    let mut codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    (verdict, codes)
}

#[test]
fn names_do_not_matter() {
    for collector in [Collector::Moving, Collector::NonMoving] {
        names_do_not_matter_to(collector);
    }
}

fn names_do_not_matter_to(collector: Collector) {
    let mut outcomes = [0, 0];
    let (mut found, mut other_codes) = (0, 0);
    for seed in 0..100 {
        let bytes = bytes(seed, 8000);
        let mut dice = Dice::new(&bytes);
        let (pair, _) = spill::pair(&mut dice);
        let mutants = Kind::ALL.iter().filter_map(|&kind| mutate(&mut dice, &pair, kind));
        let mutants: Vec<Pair> = mutants.collect();
        for pair in mutants {
            let renamed = rename(&mut dice, &pair);
            // A very small pair has only one possible naming.
            if pair == renamed {
                continue;
            }
            let (one, codes) = said(&pair, collector);
            let (other, renamed_codes) = said(&renamed, collector);
            assert_eq!(one, other, "{pair}{renamed}");
            // One of several shortest paths is shown, and the first failure on another may be a
            // different one.
            found += usize::from(!codes.is_empty());
            other_codes += usize::from(codes != renamed_codes);
            match one {
                "verified" => outcomes[0] += 1,
                "violated" => outcomes[1] += 1,
                _ => {}
            }
        }
    }
    assert!(outcomes.iter().all(|&count| count >= 300), "{outcomes:?}");
    assert!(found >= 500 && other_codes * 100 <= found, "{other_codes} of {found}");
}

#[test]
fn garbage_does_no_harm() {
    let mut unsupported = 0;
    for seed in 0..10_000 {
        let bytes = bytes(seed, 600);
        let built = garbage(&mut Dice::new(&bytes));
        for collector in [Collector::Moving, Collector::NonMoving] {
            let options = Options { collector, ..Options::default() };
            let report = verify(&built.before, &built.declared, &built.after, &options);
            match report.outcome {
                Outcome::Unsupported(_) => unsupported += 1,
                Outcome::Verified | Outcome::Violated => {}
                Outcome::Internal(error) => panic!("seed {seed}: {error}"),
            }
        }
    }
    assert!(unsupported >= 10_000, "{unsupported}");
}
