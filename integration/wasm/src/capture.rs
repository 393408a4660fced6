//! The process-wide logger, and what it hears during one compilation.
//!
//! A compilation has threads of its own, so what others log is not heard.
//!
//! A panic of the compiler is heard as well, so that it becomes one line of a report
//! instead of several on standard error.

use std::cell::RefCell;
use std::mem;
use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use log::{LevelFilter, Log, Metadata, Record};
use rayon::ThreadPoolBuilder;
use stackmap_hook::{AtLeast, Hook, Logger, Settings, TARGET, Verified, hook};
use stackmap_verifier::Outcome;

use crate::error::{WasmError, first_line};

/// The Cranelift in Wasmtime 48.
const CRANELIFT_MINOR: u32 = 135;

thread_local! {
    /// The one that listens to this thread.
    static LISTENER: RefCell<Option<Arc<Listener>>> = const { RefCell::new(None) };
}

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
    panics: Mutex<Vec<String>>,
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
        if let Some(listener) = listener() {
            let begin = Instant::now();
            listener.logger.log(record);
            *lock(&listener.verifying) += begin.elapsed();
        }
    }

    fn flush(&self) {}
}

/// The one that listens to this thread. Nobody listens to one that is ending.
fn listener() -> Option<Arc<Listener>> {
    LISTENER.try_with(|listener| listener.borrow().clone()).ok().flatten()
}

/// What was heard.
pub(crate) struct Heard {
    /// Each function, in the order of its number.
    pub(crate) functions: Vec<Verified>,
    /// On how many functions the verifier panicked.
    pub(crate) verifier_panics: usize,
    /// What was said in all panics, the compiler's and the verifier's, as one line each.
    pub(crate) panics: Vec<String>,
    /// Time spent verifying, summed over all threads.
    pub(crate) verifying: Duration,
}

/// Runs `compile` on so many threads of its own, and verifies what they compile. Keeps
/// the text of all functions, or only of those it found something in.
pub(crate) fn listen<T: Send>(
    options: stackmap_verifier::Options,
    keep: bool,
    threads: usize,
    compile: impl FnOnce() -> T + Send,
) -> Result<(T, Heard), WasmError> {
    install()?;
    let turn = lock(&TURN);
    let heard: Arc<Mutex<Vec<Verified>>> = Arc::default();
    let sink = heard.clone();
    let settings = Settings { options, version: AtLeast::minor(CRANELIFT_MINOR) };
    let (logger, hook) = hook(Box::new(Silent), LevelFilter::Off, settings, move |verified| {
        lock(&sink).push(if keep { verified } else { slim(verified) });
    });
    let listener = Arc::new(Listener {
        logger,
        hook,
        heard,
        verifying: Mutex::default(),
        panics: Mutex::default(),
    });
    let listens = listener.clone();
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .start_handler(move |_| LISTENER.set(Some(listens.clone())))
        .build()
        .map_err(|error| WasmError::Threads(error.to_string()))?;
    log::set_max_level(LevelFilter::Trace);
    let result = pool.install(compile);
    log::set_max_level(LevelFilter::Off);
    drop(turn);

    let mut functions = mem::take(&mut *lock(&listener.heard));
    // Threads finish in any order.
    functions.sort_by_cached_key(|verified| order(&verified.function));
    let heard = Heard {
        functions,
        verifier_panics: listener.hook.seen().panics,
        panics: mem::take(&mut *lock(&listener.panics)),
        verifying: *lock(&listener.verifying),
    };
    Ok((result, heard))
}

/// Installs the dispatcher, and what hears panics, once.
fn install() -> Result<(), WasmError> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    if log::STATIC_MAX_LEVEL < LevelFilter::Trace {
        return Err(WasmError::Silenced(log::STATIC_MAX_LEVEL));
    }
    let installed = INSTALLED.get_or_init(|| {
        let installed = log::set_logger(&Dispatch).is_ok();
        if installed {
            hear_panics();
        }
        installed
    });
    installed.then_some(()).ok_or(WasmError::Logger)
}

/// Lets panics go to the one that listens to their thread, and to the program's own hook
/// if none does.
fn hear_panics() {
    let own = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| match listener() {
        Some(listener) => lock(&listener.panics).push(panic_line(info)),
        None => own(info),
    }));
}

/// What a panic says, and where, without the place of the registry on this machine.
fn panic_line(info: &PanicHookInfo<'_>) -> String {
    let message = first_line(info.payload_as_str().unwrap_or("a panic without a message"));
    let Some(location) = info.location() else { return message };
    let file = location.file();
    let file = match file.split_once("/registry/src/").and_then(|(_, file)| file.split_once('/')) {
        Some((_, file)) => file,
        None => file,
    };
    format!("{message} ({file}:{})", location.line())
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
fn order(name: &str) -> (Vec<u64>, String) {
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    (numbers.collect(), name.to_owned())
}

/// A thread that panicked leaves nothing half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
