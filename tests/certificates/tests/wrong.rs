//! Wrong pairs made by hand, with certificates made to fit: the files of `verifier/proof/wrong`,
//! one for each rule. `proved-check` reads the same files.

use std::fs;
use std::path::Path;

use stackmap_certificate_text as text;
use stackmap_certificates::read::{Function, functions};
use stackmap_oracle::oracle::{Verdict, decide};
use stackmap_verifier::certificate::check;
use stackmap_verifier::{Options, Outcome, verify};

/// Every file, with its name, which is that of a rule.
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../verifier/proof/wrong");
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let mut paths: Vec<_> = paths.collect();
    paths.sort();
    let read = |path: &Path| fs::read_to_string(path).expect("text");
    let name = |path: &Path| path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
    paths.iter().map(|path| (name(path).expect("a name"), read(path))).collect()
}

/// Returns the answer of the checker: the rule that is broken, or nothing.
fn broken(function: &Function) -> Option<String> {
    let Function { pair, collector, certificate, .. } = function;
    let checked = check(&pair.before, &pair.declared, &pair.after, *collector, certificate);
    checked.err().map(|rejected| rejected.rule.to_string())
}

/// What is wrong in models that the oracle takes for right: it takes two locations for two places,
/// does not look into slots that others know or at what is passed and never read, and knows no
/// value that is defined twice at once, no block that does not end and no argument that is missing.
const UNSEEN: [&str; 7] = [
    "wrong M2",
    "others know",
    "unread argument",
    "behind the write of the same value",
    "two results are one value",
    "does not say how it ends",
    "an argument is left out",
];

fn is_seen(name: &str) -> bool {
    !UNSEEN.iter().any(|part| name.contains(part))
}

#[test]
fn no_wrong_pair_is_accepted_whatever_its_certificate_says() {
    let (mut count, mut disputes) = (0, Vec::new());
    for (rule, text) in files() {
        for function in functions(&text).expect("the format") {
            let Function { name, pair, collector, is_accepted, .. } = &function;
            let broken = broken(&function);
            let options = Options { collector: *collector, ..Options::default() };
            let report = verify(&pair.before, &pair.declared, &pair.after, &options);
            let verdict = decide(pair, *collector);
            let is_wrong = matches!(verdict, Verdict::Wrong { .. }) || !is_seen(name);
            let is_rejected = broken.as_deref() == Some(&rule) && !is_accepted;
            if !is_rejected || !is_wrong || report.outcome == Outcome::Verified {
                disputes.push((name.clone(), broken, verdict, report.outcome));
            }
            count += 1;
        }
    }
    assert!(disputes.is_empty(), "{disputes:#?}");
    assert!(count > 100, "{count}");
}

#[test]
fn what_is_read_is_what_is_written() {
    for (_, text) in files() {
        let mut again = text::HEADER.to_owned();
        for function in functions(&text).expect("the format") {
            let Function { name, pair, collector, certificate, is_accepted } = function;
            text::model(&mut again, &name, &pair.before, &pair.declared, &pair.after, collector);
            text::certificate(&mut again, &certificate, is_accepted);
        }
        for (i, (said, line)) in again.lines().zip(text.lines()).enumerate() {
            assert_eq!(said, line, "line {}", i + 1);
        }
        assert_eq!(again.len(), text.len());
    }
}
