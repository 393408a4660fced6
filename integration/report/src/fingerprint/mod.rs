//! Fingerprints, which identify a finding over time: the same for the same defect of the same
//! function, whatever the numbers of lines, functions, values, blocks and slots are.
//!
//! A function is identified by its structure, so a finding in a function that has changed in any
//! other way has another fingerprint. That is on purpose: what is known of a function says nothing
//! of another one.

mod structure;

use crate::hash::hash;
use crate::listing::Listing;
use crate::printed::PrintedFinding;
use crate::record::Record;
use crate::verdict::{Evidence, Verdict};
use structure::{Structure, is_number_of_function};

/// The form of fingerprints. To be raised if they are made of something else.
pub(crate) const FORM: u32 = 2;

/// The number of bytes of a fingerprint.
const BYTES: usize = 16;

impl Record {
    /// Returns the record with a fingerprint of each finding, and of the reason why the function
    /// could not be decided. The input is not part of them, nor whether the defect is there twice.
    ///
    /// `target` is that of machine code.
    #[must_use]
    pub fn fingerprinted(mut self, target: &str) -> Record {
        let is_undecided = self.verdict == Verdict::Unsupported;
        if self.findings.is_empty() && !is_undecided {
            return self;
        }
        let function = Function::of(&self, target);
        let of_reason = self.reason.as_deref().filter(|_| is_undecided);
        let of_reason = of_reason.map(|reason| function.reason(reason));
        let of_findings: Vec<String> =
            self.findings.iter().map(|found| function.finding(found)).collect();
        self.fingerprint = of_reason;
        for (found, fingerprint) in self.findings.iter_mut().zip(of_findings) {
            found.fingerprint = Some(fingerprint);
        }
        self
    }
}

/// The identity of a function.
struct Function<'r> {
    structure: Option<Structure<'r>>,
    name: &'r str,
    level: [&'r str; 3],
}

impl<'r> Function<'r> {
    fn of(record: &'r Record, target: &'r str) -> Self {
        // How an instruction is encoded depends on the numbers in it.
        let numbers = record.evidence == Evidence::Code;
        let structure = record.texts.as_ref().map(|texts: &Listing| Structure::of(texts, numbers));
        let name = record.function.as_deref().unwrap_or_default();
        // Another function gets the number if one is added in front.
        let name = match structure.is_some() && is_number_of_function(name) {
            true => "",
            false => name,
        };
        let optimized = if record.optimized { "optimized" } else { "" };
        let target = if record.evidence == Evidence::Code { target } else { "" };
        Function { structure, name, level: [record.evidence.name(), optimized, target] }
    }

    fn renamed(&self, text: &str) -> String {
        self.structure.as_ref().map_or_else(|| text.to_owned(), |known| known.renamed(text))
    }

    fn hash(&self, kind: &str, rest: &[String]) -> String {
        let structure = self.structure.as_ref().map_or("", |structure| &structure.hash);
        let form = FORM.to_string();
        let first = [form.as_str(), kind, self.name, structure];
        hash(first.into_iter().chain(self.level).chain(rest.iter().map(String::as_str)), BYTES)
    }

    /// The fingerprint of a finding: its code, where it shows, and what it is about.
    fn finding(&self, found: &PrintedFinding) -> String {
        let line = match (&self.structure, found.line) {
            (Some(structure), Some(line)) => structure.line(line),
            (None, _) | (_, None) => None,
        };
        let line = line.map_or_else(String::new, |line| line.to_string());
        let slot = found.slot.as_deref().map(|slot| self.renamed(slot)).unwrap_or_default();
        let mut rest = vec![line, slot];
        rest.extend(found.values.iter().map(|value| self.renamed(value)));
        self.hash(found.code.code(), &rest)
    }

    /// The fingerprint of a reason, in which lines may have numbers.
    fn reason(&self, reason: &str) -> String {
        let renamed = self.renamed(reason);
        let mut words = String::new();
        for char in renamed.chars() {
            match char.is_ascii_digit() {
                true if words.ends_with('0') => {}
                true => words.push('0'),
                false => words.push(char),
            }
        }
        self.hash("undecided", &[words])
    }
}
