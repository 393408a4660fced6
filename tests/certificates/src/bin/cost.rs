//! Measures the cost of certificates, in one run over recorded logs: `cost LOG...`.

use std::fs::File;
use std::io::BufReader;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use stackmap_clif::log::Recordings;
use stackmap_clif::lower::Lowered;
use stackmap_verifier::certificate::{Certificate, check};
use stackmap_verifier::{Collector, Options, certify, solve, verify};

const RUNS: u32 = 5;

fn main() -> ExitCode {
    let mut pairs: Vec<Lowered> = Vec::new();
    for path in std::env::args().skip(1) {
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::from(2);
            }
        };
        let recordings = Recordings::new(BufReader::new(file)).filter_map(Result::ok);
        let read = recordings.filter_map(|recording| recording.read().ok());
        pairs.extend(read.filter_map(|pair| pair.comparison.pair()));
    }
    let options = Options::default();
    let proofs: Vec<(&Lowered, Certificate)> = pairs
        .iter()
        .filter_map(|pair| {
            let (_, certificate) = certify(&pair.before, &pair.declared, &pair.after, &options);
            let certificate = certificate?;
            let passed = |c: &Certificate| {
                check(&pair.before, &pair.declared, &pair.after, Collector::Moving, c).is_ok()
            };
            passed(&certificate).then_some((pair, certificate))
        })
        .collect();
    // The shortest of several runs, which take turns.
    let mut best = [Duration::MAX; 4];
    for _ in 0..RUNS {
        let mut time = |column: usize, work: &dyn Fn(&Lowered, &Certificate)| {
            let start = Instant::now();
            proofs.iter().for_each(|(pair, certificate)| work(pair, certificate));
            best[column] = best[column].min(start.elapsed());
        };
        time(0, &|p, _| drop(verify(&p.before, &p.declared, &p.after, &options)));
        time(1, &|p, _| drop(solve(&p.before, &p.declared, &p.after, &options)));
        time(2, &|p, _| drop(certify(&p.before, &p.declared, &p.after, &options)));
        time(3, &|p, c| {
            let passed = check(&p.before, &p.declared, &p.after, Collector::Moving, c);
            assert_eq!(passed, Ok(()));
        });
    }
    let claims = |c: &Certificate| c.blocks.iter().map(|entry| entry.claims.len()).sum::<usize>();
    let claims: usize = proofs.iter().map(|(_, certificate)| claims(certificate)).sum();
    let instructions: usize = proofs.iter().map(|(pair, _)| pair.after.instruction_count()).sum();
    println!("{} functions, {instructions} instructions, {claims} claims\n", proofs.len());
    println!("| | time | to verify |\n|---|---:|---:|");
    for (what, time) in ["verify", "solve", "certify", "check"].into_iter().zip(best) {
        let ratio = time.as_secs_f64() / best[0].as_secs_f64();
        println!("| {what} | {:.1} ms | {ratio:.1} |", time.as_secs_f64() * 1e3);
    }
    ExitCode::SUCCESS
}
