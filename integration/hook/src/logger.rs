//! The logger itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use log::{Level, Log, Metadata, Record};
use stackmap_clif::declared::Declared;
use stackmap_clif::expected::Source;

use crate::counts::Counts;
use crate::pairing::{Ended, Pairing};
use crate::record::{RecordKind, TARGET, content};
use crate::settings::Settings;
use crate::verified::Verified;

thread_local! {
    /// The records that wait on this thread, by logger: there may be several.
    static WAITING: RefCell<BTreeMap<usize, Waiting>> = const { RefCell::new(BTreeMap::new()) };
}

/// The records that wait on a thread.
struct Waiting {
    pairing: Pairing,
    /// Whether the spiller's analysis tells something of the run that waits that is not
    /// known otherwise.
    listens: bool,
    counts: Arc<Counts>,
}

impl Drop for Waiting {
    /// The thread ends: the callback might need what is gone already.
    fn drop(&mut self) {
        let left = mem::take(&mut self.pairing).end();
        self.counts.dropped.fetch_add(left.len(), Ordering::AcqRel);
    }
}

/// Numbers loggers.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Knowledge about which values of functions are references, for all threads that compile.
pub type SharedSource = dyn Source + Send + Sync;

/// A logger that logs nothing: that of a program without one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Log for Silent {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn log(&self, _: &Record<'_>) {}

    fn flush(&self) {}
}

/// A logger that forwards to another, and verifies what the spiller logs.
pub struct Logger {
    inner: Box<dyn Log>,
    settings: Settings,
    source: Option<Arc<SharedSource>>,
    on_function: Box<dyn Fn(Verified) + Send + Sync>,
    counts: Arc<Counts>,
    number: usize,
}

impl Logger {
    pub(crate) fn new(
        inner: Box<dyn Log>,
        settings: Settings,
        source: Option<Arc<SharedSource>>,
        on_function: Box<dyn Fn(Verified) + Send + Sync>,
        counts: Arc<Counts>,
    ) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Logger { inner, settings, source, on_function, counts, number }
    }

    /// Whether the program's own maximum level lets a level through.
    fn passes(&self, level: Level) -> bool {
        level as usize <= self.counts.max_level.load(Ordering::Relaxed)
    }

    /// Looks at a record of the spiller's target.
    fn look(&self, record: &Record<'_>) {
        let Some(content) = content(record, self.listens()) else { return };
        // The callback may come here again, so nothing is borrowed when it runs. A
        // thread that is ending has nothing to keep records in.
        let ended = WAITING
            .try_with(|waiting| Some(self.add(&mut *waiting.try_borrow_mut().ok()?, content)));
        let Ok(Some(ended)) = ended else {
            self.counts.dropped.fetch_add(1, Ordering::AcqRel);
            return;
        };
        for ended in ended {
            self.finish(ended);
        }
    }

    /// Whether what the spiller's analysis logs is wanted.
    fn listens(&self) -> bool {
        let listens = |waiting: &RefCell<BTreeMap<usize, Waiting>>| {
            let waiting = waiting.try_borrow().ok()?;
            Some(waiting.get(&self.number)?.listens)
        };
        !self.settings.version.lists_just_the_declared()
            && WAITING.try_with(listens).ok().flatten().unwrap_or(false)
    }

    fn add(&self, waiting: &mut BTreeMap<usize, Waiting>, content: RecordKind) -> Vec<Ended> {
        let waiting = waiting.entry(self.number).or_insert_with(|| Waiting {
            pairing: Pairing::default(),
            listens: false,
            counts: self.counts.clone(),
        });
        if let RecordKind::Declared(set) = &content {
            let declared = Declared::parse(set);
            let version = self.settings.version;
            waiting.listens = declared.is_some_and(|declared| !declared.is_exact(version));
        }
        waiting.pairing.add(content)
    }

    /// Verifies what came to an end, and hands it over.
    fn finish(&self, ended: Ended) {
        if !matches!(ended, Ended::Run(..)) {
            self.counts.dropped.fetch_add(1, Ordering::AcqRel);
        }
        if matches!(ended, Ended::NoFunction) {
            return;
        }
        // What panics here must not unwind through the compiler.
        let verified = AssertUnwindSafe(|| {
            let source = self.source.as_deref().map(|source| -> &dyn Source { source });
            if let Some(verified) = Verified::of(ended, &self.settings, source) {
                (self.on_function)(verified);
            }
        });
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
