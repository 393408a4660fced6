//! Writes models, certificates and the checker's answers, so that another program can check
//! them: `written SEEDS LOG...`, in the format of `docs/certificates.md`.
//!
//! Each seed yields a pair and its mutants, and each recording of a log one pair. For each pair
//! its own certificate and tampered ones are written, and for a mutant also the certificate of
//! the original pair. The name of a mutant that the oracle finds wrong begins with that
//! verdict: no certificate of it may be accepted.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::process::ExitCode;

use stackmap_certificate_text as text;
use stackmap_certificates::tamper;
use stackmap_clif::log::Recordings;
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::mutate::{Kind, mutate};
use stackmap_oracle::oracle::{Verdict, decide};
use stackmap_oracle::program::Built;
use stackmap_oracle::spill;
use stackmap_verifier::certificate::{Certificate, check};
use stackmap_verifier::{Collector, Options, certify};

const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// The maximum number of tampered certificates of one pair that are written.
const TAMPERED: usize = 60;

fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let Some(seeds) = arguments.next().and_then(|seeds| seeds.parse().ok()) else {
        eprintln!("written SEEDS LOG...");
        return Ok(ExitCode::from(2));
    };
    let mut out = BufWriter::new(io::stdout().lock());
    out.write_all(text::HEADER.as_bytes())?;
    for seed in 0..seeds {
        for collector in COLLECTORS {
            generated(&mut out, seed, collector)?;
        }
    }
    for path in arguments {
        let recordings = Recordings::new(BufReader::new(File::open(&path)?));
        for recording in recordings.filter_map(Result::ok) {
            let Some(pair) = recording.read().ok().and_then(|read| read.comparison.pair()) else {
                continue;
            };
            let built = Built { before: pair.before, declared: pair.declared, after: pair.after };
            for collector in COLLECTORS {
                function(&mut out, &path, &built, collector, None)?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn generated(out: &mut impl Write, seed: u64, collector: Collector) -> io::Result<()> {
    let bytes = bytes(seed, 2000);
    let mut dice = Dice::new(&bytes);
    let (pair, _) = spill::pair(&mut dice);
    let own = function(out, &format!("seed {seed}"), &pair.build(), collector, None)?;
    for &kind in Kind::ALL {
        if let Some(mutant) = mutate(&mut dice, &pair, kind) {
            let built = mutant.build();
            let wrong = match decide(&built, collector) {
                Verdict::Wrong { .. } => "wrong",
                Verdict::Right | Verdict::Unsupported(_) | Verdict::TooLarge => "other",
            };
            let name = format!("{wrong} mutant of seed {seed}, {kind:?}");
            function(out, &name, &built, collector, own.as_ref())?;
        }
    }
    Ok(())
}

/// Writes one pair with certificates, and returns its own.
fn function(
    out: &mut impl Write,
    name: &str,
    built: &Built,
    collector: Collector,
    other: Option<&Certificate>,
) -> io::Result<Option<Certificate>> {
    let Built { before, declared, after } = built;
    let options = Options { collector, ..Options::default() };
    let (_, own) = certify(before, declared, after, &options);
    let tampered = own.as_ref().map(|own| tamper::all(built, own)).unwrap_or_default();
    let every = tampered.len() / TAMPERED + 1;
    let tampered = tampered.iter().map(|(_, certificate)| certificate).step_by(every);
    let mut text = String::new();
    text::model(&mut text, name, before, declared, after, collector);
    for certificate in own.iter().chain(other).chain(tampered) {
        let is_accepted = check(before, declared, after, collector, certificate).is_ok();
        text::certificate(&mut text, certificate, is_accepted);
    }
    out.write_all(text.as_bytes())?;
    Ok(own)
}
