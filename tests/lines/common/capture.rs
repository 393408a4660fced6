//! What is logged: the declared sets that the spiller prints, and warnings.

use std::cell::RefCell;
use std::sync::Mutex;

use log::{Level, LevelFilter, Log, Metadata, Record};
use stackmap_clif::declared::Declared;

thread_local! {
    static SETS: RefCell<Vec<Vec<u32>>> = const { RefCell::new(Vec::new()) };
}

static WARNINGS: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Capture;

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let text = record.args().to_string();
        if record.level() == Level::Warn {
            WARNINGS.lock().expect("no panic").push(text.clone());
        }
        if let Some(set) = text.strip_prefix("values needing inclusion in stack maps: ") {
            let set = Declared::parse(set).expect("the spiller's own form");
            SETS.with_borrow_mut(|sets| sets.push(set.values().to_vec()));
        }
    }

    fn flush(&self) {}
}

/// Installs the logger.
fn install() {
    // It is set already if another test was first.
    let _ = log::set_logger(&Capture);
    log::set_max_level(LevelFilter::Trace);
}

/// Runs `run`, and returns all warnings of this process up to then.
pub(crate) fn warnings(run: impl FnOnce()) -> Vec<String> {
    install();
    run();
    WARNINGS.lock().expect("no panic").clone()
}

/// Returns the result of `build`, and the sets that the spiller printed on this thread.
pub(crate) fn sets<T>(build: impl FnOnce() -> T) -> (T, Vec<Vec<u32>>) {
    install();
    SETS.take();
    let built = build();
    (built, SETS.take())
}
