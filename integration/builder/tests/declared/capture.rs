//! The declared sets that the spiller itself prints.

use std::cell::RefCell;

use log::{LevelFilter, Log, Metadata, Record};
use stackmap_clif::declared::Declared;

thread_local! {
    static SETS: RefCell<Vec<Vec<u32>>> = const { RefCell::new(Vec::new()) };
}

struct Capture;

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let text = record.args().to_string();
        if let Some(set) = text.strip_prefix("values needing inclusion in stack maps: ") {
            let set = Declared::parse(set).expect("the spiller's own form");
            SETS.with_borrow_mut(|sets| sets.push(set.values().to_vec()));
        }
    }

    fn flush(&self) {}
}

/// Returns the result of `build`, and the sets that the spiller printed on this thread.
pub(crate) fn sets<T>(build: impl FnOnce() -> T) -> (T, Vec<Vec<u32>>) {
    // It is set already if another test was first.
    let _ = log::set_logger(&Capture);
    log::set_max_level(LevelFilter::Trace);
    SETS.take();
    let built = build();
    (built, SETS.take())
}
