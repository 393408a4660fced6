//! The recorded logs, function by function.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{ClifPair, Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Outcome, Report};

use super::{kind, options};

/// The prefix of each record.
const START: &str = "[TRACE cranelift_frontend::frontend::safepoints] ";

const DECLARED: &str = "values needing inclusion in stack maps: ";

/// A log of one version.
#[derive(Debug)]
pub struct Log {
    /// The version, as its folder is called.
    pub name: String,
    /// The version.
    pub version: AtLeast,
    /// Its functions.
    pub functions: Vec<Function>,
}

/// A function of a log.
#[derive(Clone, Debug)]
pub struct Function {
    pub(super) declared: String,
    pub(super) before: String,
    pub(super) after: String,
    /// The verdict it has alone, if it has one.
    report: Option<Report>,
}

/// All recorded logs, by version.
pub static LOGS: LazyLock<Vec<&'static Log>> = LazyLock::new(|| {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut logs = Vec::new();
    for folder in entries(&tests.join("corpus/verified")) {
        let stem = folder.file_stem().unwrap_or_default().to_string_lossy();
        let name = stem.replace("cranelift-", "");
        let Ok(version) = name.parse() else { continue };
        let mut files = vec![folder.clone()];
        files.extend(entries(&tests.join("historical").join(&name)));
        files.extend(entries(&tests.join("historical/undecided").join(&name)));
        let functions = files.iter().flat_map(|file| functions(file, version)).collect();
        logs.push(&*Box::leak(Box::new(Log { name, version, functions })));
    }
    logs
});

/// Returns the sorted entries of a folder, or none if the folder does not exist.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The functions of a file that the recorder wrote.
fn functions(path: &Path, version: AtLeast) -> Vec<Function> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let starts = text.split(START).skip(1).map(|record| match record.find("\n;! declare") {
        Some(end) => &record[..end],
        None => record,
    });
    let records: Vec<&str> = starts.map(str::trim_end).collect();
    let function = |records: &[&str]| {
        let [declared, before, after] = records else { return None };
        let text = |record: &str| record.split_once('\n').map(|(_, text)| text.to_owned());
        Some(Function::new((*declared).to_owned(), text(before)?, text(after)?, version))
    };
    records.chunks(3).filter_map(function).collect()
}

impl Function {
    fn new(declared: String, before: String, after: String, version: AtLeast) -> Function {
        let set = declared.strip_prefix(DECLARED).and_then(Declared::parse);
        let text = |text| Text { text, line: 1 };
        let pair = set.map(|set| read_pair(text(&before), text(&after), &set, version));
        let report = pair.and_then(Result::ok).and_then(|pair| judge(&pair));
        Function { declared, before, after, report }
    }

    /// Whether it has a verdict alone.
    pub(super) fn has_verdict(&self) -> bool {
        self.report.is_some()
    }

    /// Whether a verdict is the one that the function has alone.
    pub(super) fn agrees(&self, report: &Report) -> bool {
        let alone = self.report.as_ref();
        alone.is_some_and(|alone| {
            let codes = |report: &Report| {
                report.findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
            };
            kind(&alone.outcome) == kind(&report.outcome) && codes(alone) == codes(report)
        })
    }

    /// Whether it is certain alone that it is wrong.
    pub(super) fn is_wrong(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.outcome == Outcome::Violated)
    }

    /// Returns the three records, with the common name if `one_name` is set.
    pub(super) fn records(&self, one_name: bool) -> [String; 3] {
        let named = |text: &str| match text.split_once('(') {
            Some((_, rest)) if one_name => format!("function u0:0({rest}"),
            Some(_) | None => text.to_owned(),
        };
        let record = |when: &str, text: &str| {
            format!("{when} inserting safepoint spills and reloads:\n{}\n", named(text))
        };
        [self.declared.clone(), record("before", &self.before), record("after", &self.after)]
    }
}

/// The verdict on a pair, if there is one.
pub(super) fn judge(pair: &ClifPair) -> Option<Report> {
    pair.verify(&options()).ok()
}
