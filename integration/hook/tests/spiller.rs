//! The hook is installed, and Cranelift's spiller runs on several threads.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use log::{LevelFilter, Log, Metadata, Record};
use stackmap_cranelift::spill;
use stackmap_hook::{
    AtLeast, InstallError, Settings, Style, Unchecked, Verdict, Verified, install,
};

const THREADS: usize = 4;

/// A logger that nothing may reach.
struct Silent;

impl Log for Silent {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        unreachable!("{}", record.args())
    }

    fn flush(&self) {}
}

/// The sketches by the name of their function, with their text.
fn sketches() -> BTreeMap<String, String> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/sketches"));
    let paths = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let texts = paths.filter(|path| path.is_file()).map(|p| std::fs::read_to_string(p).unwrap());
    let name = |text: &str| {
        let header = text.lines().find_map(|line| line.strip_prefix("function "));
        header.and_then(|header| header.split('(').next()).unwrap().to_owned()
    };
    texts.map(|text| (name(&text), text)).collect()
}

/// The function's name.
fn name(verified: &Verified) -> &str {
    verified.result.function.as_deref().unwrap()
}

/// `verified`, or the codes found.
fn verdict(verified: &Verified) -> String {
    let Verified { result, problem, .. } = verified;
    if let Some(problem) = problem {
        return problem.to_string();
    }
    assert_eq!(result.verdict == Verdict::Verified, result.findings.is_empty());
    let codes: Vec<&str> = result.findings.iter().map(|finding| finding.code.code()).collect();
    if codes.is_empty() { "verified".to_owned() } else { codes.join(" ") }
}

/// Must not be formatted.
struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        unreachable!("formatted")
    }
}

/// A spiller that panics: Cranelift refuses references as exception contexts.
const PANICS: &str = ";! declare v0
function %panics(i64) system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0
block0(v0: i64):
    try_call fn0(), sig0, block1, [ context v0, default: block1 ]
block1:
    return
}
";

#[test]
fn functions_are_verified_as_they_are_compiled() {
    let seen: Arc<Mutex<Vec<Verified>>> = Arc::default();
    let (kept, settings) =
        (seen.clone(), Settings { version: AtLeast::minor(135), ..Settings::default() });
    let hook = install(Box::new(Silent), LevelFilter::Off, settings.clone(), move |verified| {
        let name = name(&verified).to_owned();
        kept.lock().unwrap().push(verified);
        assert!(name != "%h3", "a callback that panics");
    })
    .unwrap();
    assert!(hook.is_listening());
    let again = install(Box::new(Silent), LevelFilter::Off, settings, |_| {});
    assert_eq!(again.unwrap_err(), InstallError::Logger);

    // Records that are neither the program's nor the spiller's three are not read.
    log::trace!("{Never}");
    log::trace!(target: "cranelift_frontend::frontend::safepoints", "rewriting: {Never}");

    let sketches = sketches();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for text in sketches.values() {
                    spill::run(text).unwrap().remove(0).unwrap();
                }
            });
        }
    });
    let results = std::mem::take(&mut *seen.lock().unwrap());
    // A function without declared values is not spilled.
    let spilled = sketches.values().filter(|text| !text.contains(";! declare\n")).count();
    assert_eq!(results.len(), spilled * THREADS);
    assert_eq!((hook.seen().functions, hook.seen().panics), (results.len(), THREADS));
    for verified in &results {
        let expected = match name(verified) {
            "%h3" | "%h8" => "SM002",
            "%g3" | "%g7" => "SM009",
            _ => "verified",
        };
        assert_eq!(verdict(verified), expected, "{}", name(verified));
        assert_eq!(verified.result.is_wrong(), expected != "verified", "{}", name(verified));
        let text = verified.result.render(Style::default());
        assert_eq!(text.is_empty(), expected == "verified", "{text}");
        assert!(text.is_empty() || text.contains(" (after spilling):"), "{text}");
    }

    // A run without end is reported when the thread's next begins.
    assert!(spill::run(PANICS).unwrap().remove(0).is_err());
    assert_eq!(seen.lock().unwrap().len(), 0);
    spill::run(&sketches["%h1"]).unwrap().remove(0).unwrap();
    let results = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(name(&results[0]), "%panics");
    assert_eq!(results[0].problem, Some(Unchecked::NoAfter));
    assert!(results[0].result.is_wrong());
    assert_eq!(verdict(&results[1]), "verified");

    log::set_max_level(LevelFilter::Info);
    assert!(!hook.is_listening());
}
