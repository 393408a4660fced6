//! The first pass: each function before and after spilling, as it is compiled.

use std::collections::BTreeSet;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use log::{LevelFilter, Log, Record};
use stackmap_clif::declared::Declared;
use stackmap_clif::expected::Source;
use stackmap_hook::{
    AtLeast, Hook, Logger, Settings, SharedSource, Silent, TARGET, Verified, hook_expecting,
};
use stackmap_report::{FunctionResult, Listing, Verdict};

use crate::Options;
use crate::dispatch::{Listener, listen, lock};
use crate::error::WasmError;
use crate::judged::Judged;
use crate::keep::Keeper;
use crate::order::order;
use crate::types::{FunctionTypes, ModuleTypes};
use crate::unspilled::translated;

/// The Cranelift in Wasmtime 48.
pub(crate) const CRANELIFT_MINOR: u32 = 135;

/// Hears the spiller's records, and those of functions that it did not run on.
struct Spiller {
    logger: Logger,
    hook: Hook,
    settings: Settings,
    sink: Arc<Sink>,
    verifying: Mutex<Duration>,
    /// On how many functions that were not spilled the verifier panicked.
    panics: AtomicUsize,
}

/// Where results go.
struct Sink {
    /// The types of the module, if they can be read.
    types: Option<Arc<ModuleTypes>>,
    keep: Keeper,
    judged: Mutex<Vec<Judged>>,
    /// The names of the functions that the spiller ran on.
    spilled: Mutex<BTreeSet<String>>,
}

impl Sink {
    fn add(&self, verified: Verified) {
        let Verified { result, declared, exempt, .. } = verified;
        let declared = Declared::parse(&declared);
        let declared = declared.map_or(Vec::new(), |declared| declared.values().to_vec());
        lock(&self.spilled).extend(result.function.clone());
        let is_kept = result.function.as_deref().is_some_and(|name| self.keep.keeps(name));
        let result = if is_kept { result } else { slim(result) };
        let mut judged = lock(&self.judged);
        judged.push(Judged { result, declared, exempt, types: self.types.clone() });
        self.keep.prune(&mut judged, false, slim_judged);
    }

    /// Whether a function yields references, but the spiller did not run on it.
    fn is_forgotten(&self, name: &str) -> bool {
        let types = self.types.as_ref().filter(|types| types.are_declared);
        let types = types.and_then(|types| types.function(name));
        types.is_some_and(FunctionTypes::yields_references) && !lock(&self.spilled).contains(name)
    }
}

impl Listener for Spiller {
    fn hear(&self, record: &Record<'_>) {
        let begin = Instant::now();
        if record.target() == TARGET {
            self.logger.log(record);
        } else if let Some(text) = translated(record, |name| self.sink.is_forgotten(name)) {
            self.unspilled(text);
        } else {
            return;
        }
        *lock(&self.verifying) += begin.elapsed();
    }
}

impl Spiller {
    /// Verifies a function that the spiller did not run on.
    fn unspilled(&self, text: String) {
        // What panics here must not unwind through the compiler.
        let verified = AssertUnwindSafe(|| {
            let types = self.sink.types.as_deref().map(|types| -> &dyn Source { types });
            self.sink.add(Verified::unspilled(text, &self.settings, types));
        });
        if catch_unwind(verified).is_err() {
            self.panics.fetch_add(1, Ordering::Relaxed);
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
/// if they can be read.
pub(crate) fn hear<T: Send>(
    options: &Options<'_>,
    threads: usize,
    types: Option<&Arc<ModuleTypes>>,
    compile: impl FnOnce() -> T + Send,
) -> Result<(T, Heard), WasmError> {
    let sink = Arc::new(Sink {
        types: types.cloned(),
        keep: options.keep.into(),
        judged: Mutex::default(),
        spilled: Mutex::default(),
    });
    let version = AtLeast::minor(CRANELIFT_MINOR);
    let settings = Settings { options: options.options, version, compiler: options.gc.compiler() };
    let source = types.map(|types| Arc::clone(types) as Arc<SharedSource>);
    let (silent, results) = (Box::new(Silent), sink.clone());
    let (logger, hook) =
        hook_expecting(silent, LevelFilter::Off, settings.clone(), source, move |verified| {
            results.add(verified);
        });
    let (verifying, panics) = (Mutex::default(), AtomicUsize::new(0));
    let spiller = Arc::new(Spiller { logger, hook, settings, sink, verifying, panics });
    let (result, panics) = listen(spiller.clone(), LevelFilter::Trace, threads, compile)?;

    let mut functions = mem::take(&mut *lock(&spiller.sink.judged));
    spiller.sink.keep.prune(&mut functions, true, slim_judged);
    // Threads finish in any order.
    functions.sort_by_cached_key(|spilled| order(&spilled.result));
    let verifying = *lock(&spiller.verifying);
    let verifier_panics = spiller.hook.seen().panics + spiller.panics.load(Ordering::Relaxed);
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

fn slim_judged(judged: &mut Judged) {
    judged.result = slim(judged.result.clone());
}
