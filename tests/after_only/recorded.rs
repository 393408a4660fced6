//! The after functions of every recorded log.

use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use stackmap_clif::after_only::{AfterOnlyError, read_after_only};
use stackmap_clif::log::{Recording, Recordings};
use stackmap_clif::lower::LowerError;
use stackmap_clif::pair::Text;
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::{Code, Finding, Severity};
use stackmap_verifier::model::LocationKind;
use stackmap_verifier::{Collector, Options, Outcome, Report, Stats, verify_after_only};
use walkdir::WalkDir;

/// The logs below a folder, sorted.
fn logs(folder: &str) -> Vec<PathBuf> {
    let files = WalkDir::new(folder).sort_by_file_name().into_iter();
    let paths = files.map(|file| file.expect("a folder of the tests").into_path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "log")).collect()
}

fn recordings(log: &Path) -> Vec<Recording> {
    let file = File::open(log).expect("readable");
    Recordings::new(BufReader::new(file)).map(|read| read.expect("a record")).collect()
}

/// The version that a log is of, by its path.
fn version(log: &Path) -> AtLeast {
    let path = log.display().to_string();
    let minor = path.split("0.").nth(1).and_then(|rest| rest.split('.').next());
    AtLeast::minor(minor.and_then(|minor| minor.parse().ok()).unwrap_or_default())
}

/// The verdict on the after function; `None` if its text does not show the stack
/// maps.
fn verdict(
    log: &Path,
    recording: &Recording,
    declared: &[u32],
    collector: Collector,
) -> Option<Report> {
    let text = Text { text: &recording.after.text, line: recording.after.line };
    match read_after_only(text, declared, version(log)) {
        Ok(after_only) => Some(verify_after_only(
            &after_only.program,
            &after_only.declared,
            &Options { collector, ..Options::default() },
        )),
        Err(AfterOnlyError::Unsupported(LowerError::UnprintedStackMap { .. })) => None,
        Err(error) => panic!("{}: {}: {error}", log.display(), recording.name()),
    }
}

/// The values that are declared for certain.
fn declared(recording: &Recording) -> Vec<u32> {
    let pair = recording.read().expect("a pair");
    let model = pair.model().expect("the spiller changes nothing else");
    let certain = model.declared.iter().filter(|value| !pair.doubtful.contains(value));
    let numbers = certain.filter_map(|&value| {
        let name = model.before.value_name(value).to_string();
        name.strip_prefix('v')?.parse().ok()
    });
    numbers.collect()
}

#[test]
fn nothing_is_wrong_with_what_is_verified_as_a_pair() {
    let mut stats = Stats::default();
    for log in logs("corpus/verified") {
        for recording in recordings(&log) {
            for collector in [Collector::Moving, Collector::NonMoving] {
                let Some(report) = verdict(&log, &recording, &[], collector) else { continue };
                let place = format!("{}: {}", log.display(), recording.name());
                assert_eq!(report.outcome, Outcome::Verified, "{place}: {:?}", report.findings);
                let declared = declared(&recording);
                let told = verdict(&log, &recording, &declared, collector).expect("read before");
                assert_eq!(told.outcome, Outcome::Verified, "{place}: {:?}", told.findings);
                stats += told.stats;
            }
        }
    }
    assert!(stats.roots > 1000 && stats.references > 1000, "{stats:?}");
}

/// Returns the report on each function that is violated as a pair: with nothing declared, and
/// with its recorded declarations.
fn historical() -> String {
    let mut said = String::new();
    for log in logs("historical") {
        for recording in recordings(&log) {
            let codes = |declared: &[u32]| {
                let report = verdict(&log, &recording, declared, Collector::Moving)?;
                let codes: Vec<&str> = report.findings.iter().map(|f| f.code.code()).collect();
                Some(if codes.is_empty() { "nothing".to_owned() } else { codes.join(" ") })
            };
            let Some(after_only) = codes(&[]) else { continue };
            let told = codes(&declared(&recording)).expect("read before");
            let path = log.strip_prefix("historical").expect("below it").display();
            writeln!(said, "{path}: {after_only}; with the declared set: {told}")
                .expect("a string");
        }
    }
    said
}

#[test]
fn what_is_said_of_faulty_functions_alone() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("historical_after-only", historical()));
}

/// A failure that a function alone shows is also one of the pair: the pair is violated, and its
/// findings name the same instruction.
#[test]
fn what_is_wrong_alone_is_wrong_as_a_pair() {
    let mut violations = 0;
    for log in logs("historical") {
        for recording in recordings(&log) {
            let pair = recording.read();
            // Its stack maps are not printed.
            let Ok(pair) = pair else { continue };
            let declared = declared(&recording);
            let after_only = verdict(&log, &recording, &declared, Collector::Moving);
            let after_only = after_only.expect("what a pair shows, it shows");
            let errors = after_only.findings.iter().filter(|f| f.severity() == Severity::Error);
            for finding in errors {
                let report = pair.verify(&Options::default()).expect("a verdict");
                assert_eq!(report.outcome, Outcome::Violated, "{}", log.display());
                let lines: Vec<u32> = report.findings.iter().flat_map(lines).collect();
                let line = finding.primary.site.origin.line;
                assert!(lines.contains(&line), "{}: {line} of {lines:?}", log.display());
                violations += 1;
            }
        }
    }
    assert!(violations > 100, "{violations}");
}

/// Every line that a finding names.
fn lines(finding: &Finding) -> Vec<u32> {
    let events = finding.witness.iter().flat_map(|block| &block.events);
    let labels = finding.secondary.iter().chain(&finding.notes).chain(events);
    labels.chain([&finding.primary]).map(|label| label.site.origin.line).collect()
}

/// The fault that every spiller had up to 0.132.3 shows in the function alone, too.
#[test]
fn a_shared_slot_is_an_ambiguous_reload() {
    let log = Path::new("historical/0.132.0/B1_def_by_safepoint_loop.log");
    let recording = recordings(log).remove(0);
    let report = verdict(log, &recording, &[], Collector::Moving).expect("it is printed");
    let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(report.outcome, Outcome::Verified);
    assert!(codes.contains(&Code::AmbiguousReload), "{codes:?}");
}

/// If values are named, the locations of the model are values.
#[test]
fn declared_values_are_found_by_number() {
    let log = Path::new("historical/0.132.0/B1_def_by_safepoint_loop.log");
    let recording = recordings(log).remove(0);
    let text = Text { text: &recording.after.text, line: 1 };
    let after_only = read_after_only(text, &[0, 1, 4000], AtLeast::minor(132)).expect("it lowers");
    assert_eq!(after_only.declared.len(), 2);
    for &at in &after_only.declared {
        assert!(matches!(after_only.program.after().location(at), LocationKind::Value(_)));
    }
}
