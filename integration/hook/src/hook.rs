//! Installing a hook, and asking it what it saw.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use log::{LevelFilter, Log};
use thiserror::Error;

use crate::counts::{Counts, Seen};
use crate::logger::{Logger, SharedSource};
use crate::settings::Settings;
use crate::verified::Verified;

/// Why a hook cannot be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InstallError {
    /// The program has installed a logger already.
    #[error("a logger is installed already; install it through the hook instead")]
    Logger,
    /// The `log` crate of this program drops the spiller's records at compile time.
    #[error(
        "the `log` crate is built to drop records above {0}, and the spiller's are at trace: \
         turn off its max_level_* and release_max_level_* features"
    )]
    Silenced(LevelFilter),
}

/// A handle on an installed hook. Dropping it leaves the hook in place.
#[derive(Clone, Debug)]
pub struct Hook(Arc<Counts>);

impl Hook {
    /// Returns the counts so far.
    pub fn seen(&self) -> Seen {
        self.0.seen()
    }

    /// Changes the program's own maximum level; to be used instead of
    /// `log::set_max_level`.
    pub fn set_max_level(&self, level: LevelFilter) {
        self.0.max_level.store(level as usize, Ordering::Relaxed);
    }

    /// Whether the spiller's records can come now: `false` if something lowered the
    /// global maximum level since the hook was installed.
    pub fn is_listening(&self) -> bool {
        log::max_level() == LevelFilter::Trace && log::STATIC_MAX_LEVEL == LevelFilter::Trace
    }
}

/// A logger to be installed by other means, and its handle. It sees what it is
/// given: the global maximum level must be trace.
///
/// `inner` is the program's own logger, and `inner_max` the maximum level that the
/// program would have set. `on_function` is called on the thread that compiled the
/// function, right after the spiller; it may log, and compile.
pub fn hook(
    inner: Box<dyn Log>,
    inner_max: LevelFilter,
    settings: Settings,
    on_function: impl Fn(Verified) + Send + Sync + 'static,
) -> (Logger, Hook) {
    hook_expecting(inner, inner_max, settings, None, on_function)
}

/// [`hook`], with a source of knowledge about which values of the functions are references.
pub fn hook_expecting(
    inner: Box<dyn Log>,
    inner_max: LevelFilter,
    settings: Settings,
    source: Option<Arc<SharedSource>>,
    on_function: impl Fn(Verified) + Send + Sync + 'static,
) -> (Logger, Hook) {
    let counts = Arc::new(Counts::default());
    let hook = Hook(counts.clone());
    hook.set_max_level(inner_max);
    (Logger::new(inner, settings, source, Box::new(on_function), counts), hook)
}

/// Installs a hook in front of the program's own logger, for the whole process.
///
/// The arguments are those of [`hook`].
///
/// # Errors
///
/// [`InstallError`] if there is a logger already, or if the records cannot come.
pub fn install(
    inner: Box<dyn Log>,
    inner_max: LevelFilter,
    settings: Settings,
    on_function: impl Fn(Verified) + Send + Sync + 'static,
) -> Result<Hook, InstallError> {
    if log::STATIC_MAX_LEVEL < LevelFilter::Trace {
        return Err(InstallError::Silenced(log::STATIC_MAX_LEVEL));
    }
    let (logger, hook) = hook(inner, inner_max, settings, on_function);
    // A logger lives as long as the process, as any that is installed.
    log::set_logger(Box::leak(Box::new(logger))).map_err(|_| InstallError::Logger)?;
    log::set_max_level(LevelFilter::Trace);
    Ok(hook)
}
