//! The process-wide logger, and what it hears during one compilation.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use log::{LevelFilter, Log, Metadata, Record};
use stackmap_hook::{AtLeast, Hook, Logger, Settings, TARGET, Verified, hook};
use stackmap_verifier::Outcome;

use crate::WasmError;

/// The Cranelift in Wasmtime 48.
const CRANELIFT_MINOR: u32 = 135;

/// The one that listens.
static LISTENER: RwLock<Option<Arc<Listener>>> = RwLock::new(None);

/// Held while one listens.
static TURN: Mutex<()> = Mutex::new(());

/// The process-wide logger: hands records to the one that listens.
struct Dispatch;

/// Hears the records of one compilation.
struct Listener {
    logger: Logger,
    hook: Hook,
    heard: Arc<Mutex<Vec<Verified>>>,
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

impl Log for Dispatch {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn log(&self, record: &Record<'_>) {
        if record.target() != TARGET {
            return;
        }
        let listener = LISTENER.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            let begin = Instant::now();
            listener.logger.log(record);
            *lock(&listener.verifying) += begin.elapsed();
        }
    }

    fn flush(&self) {}
}

/// What was heard.
pub(crate) struct Heard {
    /// Each function, in the order of its number.
    pub(crate) functions: Vec<Verified>,
    /// How many panicked.
    pub(crate) panics: usize,
    /// Time spent, summed over all threads.
    pub(crate) verifying: Duration,
}

/// Runs `compile`, and verifies what is compiled meanwhile.
pub(crate) fn listen<T>(
    options: stackmap_verifier::Options,
    compile: impl FnOnce() -> T,
) -> Result<(T, Heard), WasmError> {
    install()?;
    let turn = lock(&TURN);
    let heard: Arc<Mutex<Vec<Verified>>> = Arc::default();
    let sink = heard.clone();
    let settings = Settings { options, version: AtLeast::minor(CRANELIFT_MINOR) };
    let (logger, hook) = hook(Box::new(Silent), LevelFilter::Off, settings, move |verified| {
        lock(&sink).push(slim(verified));
    });
    let listener = Arc::new(Listener { logger, hook, heard, verifying: Mutex::default() });
    let speak = |listener| *LISTENER.write().unwrap_or_else(PoisonError::into_inner) = listener;
    speak(Some(listener.clone()));
    log::set_max_level(LevelFilter::Trace);
    let result = compile();
    log::set_max_level(LevelFilter::Off);
    speak(None);
    drop(turn);

    let mut functions = mem::take(&mut *lock(&listener.heard));
    // Threads finish in any order.
    functions.sort_by_cached_key(|verified| order(&verified.function));
    let verifying = *lock(&listener.verifying);
    Ok((result, Heard { functions, panics: listener.hook.seen().panics, verifying }))
}

/// Installs the dispatcher, once.
fn install() -> Result<(), WasmError> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    if log::STATIC_MAX_LEVEL < LevelFilter::Trace {
        return Err(WasmError::Silenced(log::STATIC_MAX_LEVEL));
    }
    let installed = INSTALLED.get_or_init(|| log::set_logger(&Dispatch).is_ok());
    installed.then_some(()).ok_or(WasmError::Logger)
}

/// Drops what nobody needs of a verified function.
fn slim(verified: Verified) -> Verified {
    let Verified { function, mut before, mut after, result } = verified;
    if let Ok(report) = &result
        && report.outcome == Outcome::Verified
    {
        before = String::new();
        if report.findings.is_empty() {
            after = String::new();
        }
    }
    Verified { function, before, after, result }
}

/// `u0:10` comes after `u0:9`.
fn order(name: &str) -> (Vec<u64>, String) {
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    (numbers.collect(), name.to_owned())
}

/// A thread that panicked leaves nothing half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
