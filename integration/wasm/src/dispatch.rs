//! The process-wide logger, and who listens to a compilation.
//!
//! A compilation has threads of its own, so what others log is not heard.
//!
//! A panic of the compiler is heard as well, so that it becomes one line of a report
//! instead of several on standard error.

use std::cell::RefCell;
use std::mem;
use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use log::{LevelFilter, Log, Metadata, Record};
use rayon::ThreadPoolBuilder;

use crate::error::{WasmError, first_line};

thread_local! {
    /// The one that listens to this thread.
    static EARS: RefCell<Option<Arc<Ears>>> = const { RefCell::new(None) };
}

/// Held while one listens.
static TURN: Mutex<()> = Mutex::new(());

/// Hears the records of one compilation, on the threads that compile.
pub(crate) trait Listener: Send + Sync {
    /// A record.
    fn hear(&self, record: &Record<'_>);
}

struct Ears {
    listener: Arc<dyn Listener>,
    panics: Mutex<Vec<String>>,
}

/// The process-wide logger: hands records to the one that listens.
struct Dispatch;

impl Log for Dispatch {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        ears().is_some()
    }

    fn log(&self, record: &Record<'_>) {
        if let Some(ears) = ears() {
            ears.listener.hear(record);
        }
    }

    fn flush(&self) {}
}

/// The one that listens to this thread. Nobody listens to one that is ending.
fn ears() -> Option<Arc<Ears>> {
    EARS.try_with(|ears| ears.borrow().clone()).ok().flatten()
}

/// Runs `compile` on so many threads of its own, with `listener` listening to records up
/// to `level`. Also returns what was said in all panics on these threads, caught or not,
/// as one line each.
pub(crate) fn listen<T: Send>(
    listener: Arc<dyn Listener>,
    level: LevelFilter,
    threads: usize,
    compile: impl FnOnce() -> T + Send,
) -> Result<(T, Vec<String>), WasmError> {
    install()?;
    let turn = lock(&TURN);
    let ears = Arc::new(Ears { listener, panics: Mutex::default() });
    let hears = ears.clone();
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .start_handler(move |_| EARS.set(Some(hears.clone())))
        .build()
        .map_err(|error| WasmError::Threads(error.to_string()))?;
    log::set_max_level(level);
    let result = pool.install(compile);
    log::set_max_level(LevelFilter::Off);
    drop(turn);
    let panics = mem::take(&mut *lock(&ears.panics));
    Ok((result, panics))
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
    std::panic::set_hook(Box::new(move |info| match ears() {
        Some(ears) => lock(&ears.panics).push(panic_line(info)),
        None => own(info),
    }));
}

/// The message of a panic and its place, without the path of the registry on this machine.
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

/// A thread that panicked leaves nothing half done here.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
