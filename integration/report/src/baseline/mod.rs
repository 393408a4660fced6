//! Baselines: the defects that are known, which are reported as such and do not fail a run.
//!
//! Known are findings, and functions that could not be decided; never what could not be read. A
//! defect is known if the baseline has its [fingerprint](crate::Record::fingerprinted) in the same
//! input, and no more often than the baseline has it.

mod file;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::MAIN_SEPARATOR_STR;

use crate::known::{Compared, Entry};
use crate::record::Record;
use crate::verdict::Verdict;
pub use file::BaselineError;

/// The identity of a defect: input and fingerprint.
type Key = (String, String);

impl Entry {
    fn key(&self) -> Key {
        (self.input.clone(), self.fingerprint.clone())
    }
}

/// The part of a run that an input is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It was to be checked.
    Here,
    /// It is in another slice of the run.
    OtherSlice,
    /// The run has no such input.
    Nowhere,
}

/// The defects that are known, and those of them that a run has had so far.
#[derive(Clone, Debug)]
pub struct Baseline {
    options: String,
    entries: Vec<Entry>,
    /// The number of times that each may occur again.
    left: HashMap<Key, usize>,
    /// The inputs of which a function was read.
    checked: HashSet<String>,
    /// The inputs in which something could not be read.
    failed: HashSet<String>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not that of a baseline.
    pub fn read(text: &str) -> Result<Baseline, BaselineError> {
        let (options, entries) = file::read(text)?;
        let left = entries.iter().map(|entry| (entry.key(), entry.count)).collect();
        let (checked, failed) = (HashSet::new(), HashSet::new());
        Ok(Baseline { options, entries, left, checked, failed })
    }

    /// Returns the options of the run that wrote it.
    pub fn options(&self) -> &str {
        &self.options
    }

    /// Marks what is known of a [record with fingerprints](Record::fingerprinted), and nothing else.
    pub fn mark(&mut self, record: &mut Record) {
        let input = name(&record.input);
        match record.verdict {
            Verdict::Error => self.failed.insert(input.clone()),
            Verdict::Verified | Verdict::Violated | Verdict::Unsupported => {
                self.checked.insert(input.clone())
            }
        };
        let mut is_known = |fingerprint: Option<&String>| {
            let Some(fingerprint) = fingerprint else { return false };
            match self.left.get_mut(&(input.clone(), fingerprint.clone())) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    true
                }
                Some(_) | None => false,
            }
        };
        for found in &mut record.findings {
            found.known = is_known(found.fingerprint.as_ref());
        }
        record.known =
            record.verdict == Verdict::Unsupported && is_known(record.fingerprint.as_ref());
    }

    /// Returns the comparison with the whole run, whose inputs are in these parts. `file` is the
    /// name of the baseline.
    pub fn compare(&self, file: String, part: impl Fn(&str) -> Part) -> Compared {
        let mut compared = Compared { file, ..Compared::default() };
        for entry in &self.entries {
            let is_read =
                self.checked.contains(&entry.input) && !self.failed.contains(&entry.input);
            let left = self.left.get(&entry.key()).copied().unwrap_or_default();
            match part(&entry.input) {
                Part::OtherSlice => {}
                Part::Here if is_read && left == 0 => {}
                Part::Here if is_read => {
                    compared.gone.push(Entry { count: left, ..entry.clone() });
                }
                Part::Here | Part::Nowhere => compared.elsewhere += 1,
            }
        }
        compared.gone.sort();
        compared
    }
}

/// The defects of a run, as a new baseline.
#[derive(Clone, Debug, Default)]
pub struct NewBaseline {
    entries: BTreeMap<(String, String, String), Entry>,
}

impl NewBaseline {
    /// Adds the defects of a [record with fingerprints](Record::fingerprinted).
    pub fn add(&mut self, record: &Record) {
        for found in &record.findings {
            let fingerprint = found.fingerprint.as_deref();
            self.count(record, found.code.code(), fingerprint, &found.message);
        }
        if record.verdict == Verdict::Unsupported {
            let reason = record.reason.as_deref().unwrap_or_default();
            self.count(record, record.verdict.name(), record.fingerprint.as_deref(), reason);
        }
    }

    fn count(&mut self, record: &Record, what: &str, fingerprint: Option<&str>, text: &str) {
        let Some(fingerprint) = fingerprint else { return };
        let (input, what) = (name(&record.input), what.to_owned());
        let key = (input.clone(), what.clone(), fingerprint.to_owned());
        let entry = self.entries.entry(key).or_insert_with(|| Entry {
            input,
            what,
            fingerprint: fingerprint.to_owned(),
            count: 0,
            function: record.function.clone().unwrap_or_default(),
            text: text.to_owned(),
        });
        entry.count += 1;
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the text of the file. `options` are those that results depend on.
    ///
    /// # Errors
    ///
    /// Returns an error if an entry has no form in JSON.
    pub fn text(self, options: &str) -> serde_json::Result<String> {
        file::write(options, self.entries.into_values())
    }
}

/// Returns the name of an input in a baseline: the same whatever way leads to the same folder, and on
/// each system.
pub fn name(input: &str) -> String {
    let slashed = input.replace(MAIN_SEPARATOR_STR, "/");
    slashed.strip_prefix("./").unwrap_or(&slashed).to_owned()
}
