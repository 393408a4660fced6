//! A spiller that does what it must not: the hook says that something is wrong.

use std::path::Path;
use std::sync::{Arc, Mutex};

use log::{Level, LevelFilter, Log, Metadata, Record};
use stackmap_hook::{Settings, Style, TARGET, Verdict, Verified, hook};

/// A logger that keeps nothing.
struct Own;

impl Log for Own {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, _: &Record<'_>) {}

    fn flush(&self) {}
}

/// The first words of each of the spiller's records.
const BEGINNINGS: [&str; 3] =
    ["values needing inclusion", "before inserting safepoint", "after inserting safepoint"];

/// The records of a log of one function.
fn records(log: &str) -> Vec<&str> {
    let mut starts: Vec<usize> =
        BEGINNINGS.iter().map(|b| log.find(b).expect("a record")).collect();
    starts.push(log.len());
    starts.windows(2).map(|ends| log[ends[0]..ends[1]].trim_end()).collect()
}

/// The results of a fixture whose records are logged one after the other.
fn verified(fixture: &str) -> Verified {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(fixture);
    let log = std::fs::read_to_string(path).unwrap();
    let seen: Arc<Mutex<Vec<Verified>>> = Arc::default();
    let kept = seen.clone();
    let (logger, _hook) =
        hook(Box::new(Own), LevelFilter::Off, Settings::default(), move |found| {
            kept.lock().unwrap().push(found);
        });
    for text in records(&log) {
        let mut record = Record::builder();
        let record = record.level(Level::Trace).target(TARGET);
        logger.log(&record.args(format_args!("{text}")).build());
    }
    let mut seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1, "{fixture}");
    seen.remove(0)
}

#[test]
fn what_the_spiller_must_not_do_is_wrong() {
    for code in ["SM010", "SM011"] {
        let wrong = verified(&format!("{code}/fires.log"));
        assert!(wrong.result.is_wrong(), "{code}: {}", wrong.result.render(Style::default()));
        let right = verified(&format!("{code}/near_miss.log"));
        assert!(!right.result.is_wrong(), "{code}: {}", right.result.render(Style::default()));
        assert_eq!(right.result.verdict, Verdict::Verified, "{code}");
    }
}

#[test]
fn it_is_rendered_with_the_lines_it_is_about() {
    let wrong = verified("SM011/fires.log");
    let text = wrong.result.render(Style::default());
    assert!(text.starts_with("error[SM011]: "), "{text}");
    assert!(text.contains("--> %sm011_fires (after spilling):11:5"), "{text}");
}
