//! The first pass: each function before and after spilling, as it is compiled.

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use log::{LevelFilter, Log, Metadata, Record};
use stackmap_clif::declared::Declared;
use stackmap_hook::{AtLeast, Hook, Logger, Settings, TARGET, Verified, hook};
use stackmap_verifier::Outcome;

use crate::Options;
use crate::dispatch::{Listener, listen, lock};
use crate::error::WasmError;

/// The Cranelift in Wasmtime 48.
pub(crate) const CRANELIFT_MINOR: u32 = 135;

/// Hears the spiller's records.
struct Spiller {
    logger: Logger,
    hook: Hook,
    heard: Arc<Mutex<Vec<Spilled>>>,
    verifying: Mutex<Duration>,
}

/// A function of the first pass.
#[derive(Debug)]
pub(crate) struct Spilled {
    pub(crate) verified: Verified,
    /// The numbers of its declared values, if they are asked for.
    pub(crate) declared: Vec<u32>,
}

/// Forwards to nobody.
struct Silent;

impl Log for Silent {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }
    fn log(&self, _: &Record<'_>) {}
    fn flush(&self) {}
}

impl Listener for Spiller {
    fn hear(&self, record: &Record<'_>) {
        if record.target() == TARGET {
            let begin = Instant::now();
            self.logger.log(record);
            *lock(&self.verifying) += begin.elapsed();
        }
    }
}

/// The records that were heard.
pub(crate) struct Heard {
    /// Each function, in the order of its number.
    pub(crate) functions: Vec<Spilled>,
    /// On how many functions the verifier panicked.
    pub(crate) verifier_panics: usize,
    /// The messages of all panics, the compiler's and the verifier's, one line each.
    pub(crate) panics: Vec<String>,
    /// Time spent verifying, summed over all threads.
    pub(crate) verifying: Duration,
}

/// Runs `compile` on so many threads, and verifies what they spill.
pub(crate) fn hear<T: Send>(
    options: &Options<'_>,
    threads: usize,
    compile: impl FnOnce() -> T + Send,
) -> Result<(T, Heard), WasmError> {
    let heard: Arc<Mutex<Vec<Spilled>>> = Arc::default();
    let sink = heard.clone();
    let (keep, wanted) = (options.keep, options.optimized.is_some());
    let version = AtLeast::minor(CRANELIFT_MINOR);
    let settings = Settings { options: options.options, version };
    let (logger, hook) = hook(Box::new(Silent), LevelFilter::Off, settings, move |verified| {
        let declared = wanted.then(|| Declared::parse(&verified.declared)).flatten();
        let declared = declared.map_or(Vec::new(), |declared| declared.values().to_vec());
        let verified = if keep { verified } else { slim(verified) };
        lock(&sink).push(Spilled { verified, declared });
    });
    let spiller = Arc::new(Spiller { logger, hook, heard, verifying: Mutex::default() });
    let (result, panics) = listen(spiller.clone(), LevelFilter::Trace, threads, compile)?;

    let mut functions = mem::take(&mut *lock(&spiller.heard));
    // Threads finish in any order.
    functions.sort_by_cached_key(|spilled| order(&spilled.verified.function));
    let verifying = *lock(&spiller.verifying);
    let verifier_panics = spiller.hook.seen().panics;
    Ok((result, Heard { functions, verifier_panics, panics, verifying }))
}

/// Drops what nobody needs of a verified function.
fn slim(verified: Verified) -> Verified {
    let Verified { function, mut declared, mut before, mut after, result } = verified;
    if let Ok(report) = &result
        && report.outcome == Outcome::Verified
    {
        declared = String::new();
        before = String::new();
        if report.findings.is_empty() {
            after = String::new();
        }
    }
    Verified { function, declared, before, after, result }
}

/// `u0:10` comes after `u0:9`.
pub(crate) fn order(name: &str) -> (Vec<u64>, String) {
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    (numbers.collect(), name.to_owned())
}
