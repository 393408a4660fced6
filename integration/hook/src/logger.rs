//! The logger itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use log::{Level, Log, Metadata, Record};

use crate::hook::{Counts, Settings};
use crate::pairing::Pairing;
use crate::record::{TARGET, content};
use crate::verified::Verified;

thread_local! {
    /// What waits on this thread, for each logger: there may be several.
    static PAIRINGS: RefCell<BTreeMap<usize, Pairing>> = const { RefCell::new(BTreeMap::new()) };
}

/// Numbers loggers.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A logger that forwards to another, and verifies what the spiller logs.
pub struct Logger {
    inner: Box<dyn Log>,
    settings: Settings,
    on_function: Box<dyn Fn(Verified) + Send + Sync>,
    counts: Arc<Counts>,
    number: usize,
}

impl Logger {
    pub(crate) fn new(
        inner: Box<dyn Log>,
        settings: Settings,
        on_function: Box<dyn Fn(Verified) + Send + Sync>,
        counts: Arc<Counts>,
    ) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Logger { inner, settings, on_function, counts, number }
    }

    /// Whether the program's own maximum level lets a level through.
    fn passes(&self, level: Level) -> bool {
        level as usize <= self.counts.max_level.load(Ordering::Relaxed)
    }

    /// Looks at a record of the spiller's target.
    fn look(&self, record: &Record<'_>) {
        let Some(content) = content(record) else { return };
        // The callback may come here again, so nothing is borrowed when it runs. A
        // thread that is ending has nothing to keep records in.
        let ended = PAIRINGS.try_with(|pairings| {
            let mut pairings = pairings.try_borrow_mut().ok()?;
            pairings.entry(self.number).or_default().add(content)
        });
        let Ok(Some(run)) = ended else { return };
        // What panics here must not unwind through the compiler.
        let verified = AssertUnwindSafe(|| (self.on_function)(Verified::of(run, &self.settings)));
        if catch_unwind(verified).is_err() {
            self.counts.panics.fetch_add(1, Ordering::AcqRel);
        }
        self.counts.functions.fetch_add(1, Ordering::AcqRel);
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.passes(metadata.level()) && self.inner.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.passes(record.level()) {
            self.inner.log(record);
        }
        if record.target() == TARGET {
            self.look(record);
        }
    }

    fn flush(&self) {
        self.inner.flush();
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Logger { settings, counts, .. } = self;
        f.debug_struct("Logger")
            .field("settings", settings)
            .field("counts", counts)
            .finish_non_exhaustive()
    }
}
