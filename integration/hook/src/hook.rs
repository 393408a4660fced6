//! Installing a hook, and asking it what it saw.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use log::{LevelFilter, Log};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::Options;
use thiserror::Error;

use crate::logger::Logger;
use crate::verified::Verified;

/// How to verify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What the collector does.
    pub options: Options,
    /// What is known of the version of Cranelift that the program embeds, such as
    /// `"0.131.0".parse()?`. From [`AtLeast::UNKNOWN`], the default, follows no wrong
    /// verdict, but perhaps none.
    pub version: AtLeast,
}

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

/// What has come so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Functions that the spiller ran on, and that were handed to the callback. If
    /// there are none after something with references was compiled, the records do
    /// not come.
    pub functions: usize,
    /// Callbacks, or verifications, that panicked. The panic went no further.
    pub panics: usize,
    /// How often records did not come in threes, so that some belong to no function
    /// that could be verified: the spiller panicked, a thread ended meanwhile, the hook
    /// came in the middle, or something made records of one thread another's. Each
    /// function of which there is a text was handed to the callback, with a
    /// [`Problem`](crate::Problem).
    pub dropped: usize,
}

/// Counts, shared by the logger and its handle.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) functions: AtomicUsize,
    pub(crate) panics: AtomicUsize,
    pub(crate) dropped: AtomicUsize,
    /// The program's own maximum level, as a number.
    pub(crate) max_level: AtomicUsize,
}

/// A handle on an installed hook. Dropping it leaves the hook in place.
#[derive(Clone, Debug)]
pub struct Hook(Arc<Counts>);

impl Hook {
    /// What has come so far.
    pub fn seen(&self) -> Seen {
        let Counts { functions, panics, dropped, max_level: _ } = &*self.0;
        Seen {
            functions: functions.load(Ordering::Acquire),
            panics: panics.load(Ordering::Acquire),
            dropped: dropped.load(Ordering::Acquire),
        }
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
    let counts = Arc::new(Counts::default());
    let hook = Hook(counts.clone());
    hook.set_max_level(inner_max);
    (Logger::new(inner, settings, Box::new(on_function), counts), hook)
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
