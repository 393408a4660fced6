//! The program's logger gets the same records with the hook as without.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use log::{Level, LevelFilter, Log, Metadata, Record};
use stackmap_cranelift::spill;
use stackmap_hook::{Settings, hook};

/// A program's logger: keeps what it gets. It does not log one target, and says so.
struct Own(Kept);

type Kept = Arc<Mutex<Vec<String>>>;

const REFUSED: &str = "refused";

impl Log for Own {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() != REFUSED
    }

    fn log(&self, record: &Record<'_>) {
        let (level, target, args) = (record.level(), record.target(), record.args());
        let place = (record.module_path(), record.file(), record.line());
        // Cranelift logs how long its passes take, which differs from run to run.
        let text = args.to_string();
        let text = text.rsplit_once(": ").filter(|(_, time)| time.ends_with("ms"));
        let text = text.map_or_else(|| args.to_string(), |(pass, _)| format!("{pass}: some time"));
        self.0.lock().unwrap().push(format!("{level} {target} {place:?} {text}"));
    }

    fn flush(&self) {
        self.0.lock().unwrap().push("flush".to_owned());
    }
}

/// The logger of this process, which can be exchanged.
struct Current(RwLock<Option<Box<dyn Log>>>);

static CURRENT: Current = Current(RwLock::new(None));

impl Log for Current {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.0.read().unwrap().as_ref().is_some_and(|logger| logger.enabled(metadata))
    }

    fn log(&self, record: &Record<'_>) {
        if let Some(logger) = &*self.0.read().unwrap() {
            logger.log(record);
        }
    }

    fn flush(&self) {
        if let Some(logger) = &*self.0.read().unwrap() {
            logger.flush();
        }
    }
}

/// A program that logs, and compiles.
fn program() -> Vec<bool> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sketches");
    let text = std::fs::read_to_string(path.join("H8_alias_from_use_var.clif")).unwrap();
    let mut enabled = Vec::new();
    for level in Level::iter() {
        log::log!(level, "a record at {level}");
        log::log!(target: REFUSED, level, "a record of another target");
        enabled.push(log::log_enabled!(level));
        enabled.push(log::log_enabled!(target: REFUSED, level));
        enabled.push(log::log_enabled!(target: "cranelift_frontend::frontend::safepoints", level));
    }
    spill::run(&text).unwrap().remove(0).unwrap();
    log::logger().flush();
    enabled
}

#[test]
fn a_program_logs_the_same_with_the_hook_as_without() {
    log::set_logger(&CURRENT).unwrap();
    for max in LevelFilter::iter() {
        let (plain, hooked): (Kept, Kept) = Default::default();

        *CURRENT.0.write().unwrap() = Some(Box::new(Own(plain.clone())));
        log::set_max_level(max);
        let plainly_enabled = program();

        let (logger, handle) =
            hook(Box::new(Own(hooked.clone())), max, Settings::default(), |_| {});
        *CURRENT.0.write().unwrap() = Some(Box::new(logger));
        log::set_max_level(LevelFilter::Trace);
        assert_eq!(program(), plainly_enabled, "{max}");
        assert_eq!(handle.seen().functions, 1, "{max}");

        assert_eq!(*hooked.lock().unwrap(), *plain.lock().unwrap(), "{max}");

        // A program that changes its level through the handle.
        handle.set_max_level(LevelFilter::Off);
        let before = hooked.lock().unwrap().len();
        program();
        assert_eq!(hooked.lock().unwrap()[before..], ["flush"]);
    }
}
