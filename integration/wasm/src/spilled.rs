//! The first pass: each function before and after spilling, as it is compiled.

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use log::{LevelFilter, Log, Metadata, Record};
use stackmap_clif::declared::Declared;
use stackmap_hook::{
    AtLeast, Hook, Logger, Settings, SharedSource, TARGET, Verified, hook_expecting,
};
use stackmap_report::{FunctionResult, Listing, Verdict};

use crate::Options;
use crate::dispatch::{Listener, listen, lock};
use crate::error::WasmError;
use crate::judged::Judged;
use crate::types::ModuleTypes;

/// The Cranelift in Wasmtime 48.
pub(crate) const CRANELIFT_MINOR: u32 = 135;

/// Hears the spiller's records.
struct Spiller {
    logger: Logger,
    hook: Hook,
    heard: Arc<Mutex<Vec<Judged>>>,
    verifying: Mutex<Duration>,
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
    pub(crate) functions: Vec<Judged>,
    /// On how many functions the verifier panicked.
    pub(crate) verifier_panics: usize,
    /// The messages of all panics, the compiler's and the verifier's, one line each.
    pub(crate) panics: Vec<String>,
    /// Time spent verifying, summed over all threads.
    pub(crate) verifying: Duration,
}

/// Runs `compile` on so many threads, and verifies what they spill. `types` are those of the module,
/// if what they show should be declared.
pub(crate) fn hear<T: Send>(
    options: &Options<'_>,
    threads: usize,
    types: Option<&Arc<ModuleTypes>>,
    compile: impl FnOnce() -> T + Send,
) -> Result<(T, Heard), WasmError> {
    let heard: Arc<Mutex<Vec<Judged>>> = Arc::default();
    let sink = heard.clone();
    let keep = options.keep;
    let version = AtLeast::minor(CRANELIFT_MINOR);
    let settings = Settings { options: options.options, version };
    let of_functions = types.cloned();
    let source = types.map(|types| -> Arc<SharedSource> { types.clone() });
    let silent = Box::new(Silent);
    let (logger, hook) =
        hook_expecting(silent, LevelFilter::Off, settings, source, move |verified| {
            let Verified { result, declared, .. } = verified;
            let declared = Declared::parse(&declared);
            let declared = declared.map_or(Vec::new(), |declared| declared.values().to_vec());
            let result = if keep { result } else { slim(result) };
            lock(&sink).push(Judged { result, declared, types: of_functions.clone() });
        });
    let spiller = Arc::new(Spiller { logger, hook, heard, verifying: Mutex::default() });
    let (result, panics) = listen(spiller.clone(), LevelFilter::Trace, threads, compile)?;

    let mut functions = mem::take(&mut *lock(&spiller.heard));
    // Threads finish in any order.
    functions.sort_by_cached_key(|spilled| order(&spilled.result));
    let verifying = *lock(&spiller.verifying);
    let verifier_panics = spiller.hook.seen().panics;
    Ok((result, Heard { functions, verifier_panics, panics, verifying }))
}

/// Drops the texts that nobody needs of a verified function.
fn slim(mut result: FunctionResult) -> FunctionResult {
    if result.verdict == Verdict::Verified {
        result.texts = match result.findings.is_empty() {
            true => None,
            false => result.texts.map(|texts| Listing { before: None, ..texts }),
        };
    }
    result
}

/// The order of functions by their names: `u0:10` comes after `u0:9`.
pub(crate) fn order(result: &FunctionResult) -> (Vec<u64>, String) {
    let name = result.function.clone().unwrap_or_default();
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    (numbers.collect(), name)
}
