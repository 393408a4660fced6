//! Reduces the functions of recorded logs, and of the fixture of each finding.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use stackmap_clif::log::{LogOptions, Recording, Recordings};
use stackmap_reduce::{Case, Oracle, Provenance, Reduced, Source, Verifier, reduce};
use stackmap_verifier::findings::Code;

/// The files below a folder of the tests, sorted.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(folder);
    let mut found = Vec::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the tests") {
            let path = entry.expect("readable").path();
            match path.is_dir() {
                true => open.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

fn recordings(log: &[u8]) -> Vec<Recording> {
    let options = LogOptions { declare_lines: true, ..LogOptions::default() };
    Recordings::with(log, options).filter_map(Result::ok).collect()
}

/// Takes a function apart, and returns what is found in it.
fn case(recording: &Recording) -> Option<(Case, Verifier, Vec<Code>)> {
    let source = Source {
        before: Some(&recording.before.text),
        after: Some(&recording.after.text),
        declared: recording.declared.values().to_vec(),
    };
    let references = recording.declared.references().to_vec();
    let mut verifier = Verifier { version: recording.version, references, ..Verifier::default() };
    let case = Case::read(&source).ok()?;
    let codes = verifier.ask(&case)?.findings.iter().map(|finding| finding.code).collect();
    Some((case, verifier, codes))
}

/// Reduces a function, and checks what holds of every result.
fn reduced(recording: &Recording, code: Code) -> Reduced {
    let (case, mut verifier, _) = case(recording).expect("a function that can be taken apart");
    let lines = case.lines();
    let mut tried = 0;
    let progress = &mut |progress: stackmap_reduce::Progress| tried = progress.tried;
    let reduced = reduce(case, code, &mut verifier, progress).expect("the finding");
    assert!(reduced.case.lines() <= lines, "{} lines of {lines}", reduced.case.lines());
    assert!(tried < 1000, "{tried} tried");

    let text = document(recording, &reduced);
    let read = recordings(text.as_bytes());
    let [read] = &read[..] else { panic!("{} functions:\n{text}", read.len()) };
    assert_eq!(read.declared.values(), reduced.case.declared(), "{text}");
    let pair = read.read().unwrap_or_else(|error| panic!("{error}:\n{text}"));
    assert!(pair.doubtful.is_empty(), "{text}");
    let findings = pair.verify(&verifier.options).expect("a verdict").findings;
    assert!(findings.iter().any(|finding| finding.code == code), "{text}");
    reduced
}

fn document(recording: &Recording, reduced: &Reduced) -> String {
    let stated = recording.declared.references().iter();
    let references = stated.map(|stated| stated.text().to_owned()).collect();
    let provenance = Provenance { version: recording.version, references, spiller: None };
    reduced.document(&provenance)
}

#[test]
fn each_historical_bug_in_25_lines() {
    let mut count = 0;
    for path in files("historical") {
        for recording in recordings(&fs::read(&path).expect("a log")) {
            let Some((_, _, codes)) = case(&recording) else { continue };
            let Some(&code) = codes.first() else { continue };
            let lines = reduced(&recording, code).case.lines();
            assert!(lines <= 25, "{}: {lines} lines", path.display());
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn every_finding_is_kept() {
    let mut kept = BTreeSet::new();
    for path in files("fixtures") {
        if path.file_name().is_none_or(|name| name != "fires.log") {
            continue;
        }
        for recording in recordings(&fs::read(&path).expect("a log")) {
            let Some((_, _, codes)) = case(&recording) else { continue };
            for code in codes {
                let once = reduced(&recording, code);
                let again = reduced(&recording, code);
                assert_eq!(again.case, once.case, "it depends on nothing else");
                kept.insert(code);
            }
        }
    }
    assert!(kept.len() >= 14, "{kept:?}");
}

#[test]
fn a_code_that_is_not_found() {
    let log = files("historical").remove(0);
    let recording = &recordings(&fs::read(log).expect("a log"))[0];
    let (case, mut verifier, codes) = case(recording).expect("a function");
    assert!(!codes.contains(&Code::MalformedEntry));
    let error = reduce(case, Code::MalformedEntry, &mut verifier, &mut |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "SM008 is not found in the function as it is taken apart");
}
