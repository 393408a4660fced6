//! The checker accepts the solver's certificates, and with [`Options::certify`] the
//! verdicts are the same.

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::garbage::garbage;
use stackmap_oracle::law::{Agreement, compare};
use stackmap_oracle::mutate::{Kind, mutate};
use stackmap_oracle::program::Built;
use stackmap_oracle::spill;
use stackmap_verifier::certificate::{Certificate, check};
use stackmap_verifier::{Collector, Options, Outcome, certify, verify};

const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// Returns whether the pair is certified, or `None` if it is not verified.
fn is_certified(built: &Built, collector: Collector) -> Option<bool> {
    let Built { before, declared, after } = built;
    let options = Options { collector, certify: true };
    let certified = verify(before, declared, after, &options);
    let plain = verify(before, declared, after, &Options { certify: false, ..options });
    assert_eq!(certified.outcome, plain.outcome, "{built:?}");
    assert!(!plain.certified);
    (plain.outcome == Outcome::Verified).then_some(certified.certified)
}

#[test]
fn everything_verified_is_certified() {
    let mut certified = 0;
    for collector in COLLECTORS {
        for seed in 0..500 {
            let bytes = bytes(seed, 2000);
            let mut dice = Dice::new(&bytes);
            let (pair, _) = spill::pair(&mut dice);
            let mutants = Kind::ALL.iter().filter_map(|&kind| mutate(&mut dice, &pair, kind));
            for pair in mutants.collect::<Vec<_>>().into_iter().chain([pair]) {
                match is_certified(&pair.build(), collector) {
                    Some(true) => certified += 1,
                    Some(false) => panic!("seed {seed}: not certified:\n{pair}"),
                    None => {}
                }
            }
        }
    }
    assert!(certified >= 5_000, "{certified}");
}

#[test]
fn garbage_is_certified_or_refused() {
    // Certificates of well-formed programs.
    let certificates: Vec<Certificate> = (0..20)
        .filter_map(|seed| {
            let (pair, _) = spill::pair(&mut Dice::new(&bytes(seed, 2000)));
            let Built { before, declared, after } = &pair.build();
            certify(before, declared, after, &Options::default()).1
        })
        .collect();
    assert!(certificates.len() >= 15);
    for seed in 0..5_000 {
        let built = garbage(&mut Dice::new(&bytes(seed, 600)));
        let Built { before, declared, after } = &built;
        for collector in COLLECTORS {
            let certified = is_certified(&built, collector);
            assert_ne!(certified, Some(false), "seed {seed}");
            for certificate in certificates.iter().chain([&Certificate::default()]) {
                if check(before, declared, after, collector, certificate).is_ok() {
                    assert_eq!(certified, Some(true), "seed {seed}: {built:?}");
                }
            }
        }
    }
}

#[test]
fn what_the_checker_accepts_is_right() {
    // The certificate of one pair, checked against others of the same shape.
    let mut tried = 0;
    for seed in 0..60 {
        let bytes = bytes(seed, 2000);
        let mut dice = Dice::new(&bytes);
        let (pair, _) = spill::pair(&mut dice);
        let family: Vec<_> =
            Kind::ALL.iter().filter_map(|&kind| mutate(&mut dice, &pair, kind)).collect();
        for collector in COLLECTORS {
            let options = Options { collector, certify: false };
            let certificates = family.iter().filter_map(|pair| {
                let Built { before, declared, after } = &pair.build();
                certify(before, declared, after, &options).1
            });
            for certificate in certificates {
                for pair in &family {
                    let Built { before, declared, after } = &pair.build();
                    tried += 1;
                    if check(before, declared, after, collector, &certificate).is_ok() {
                        let agreement = compare(pair, collector);
                        assert!(
                            matches!(
                                agreement,
                                Ok(Agreement::Right { .. } | Agreement::Undecided { wrong: false })
                            ),
                            "seed {seed}:\n{pair}"
                        );
                    }
                }
            }
        }
    }
    assert!(tried >= 20_000, "{tried}");
}
