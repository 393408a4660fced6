//! Functions as text.

use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{ClifPair, Text, read_pair};
use stackmap_clif::version::AtLeast;

use crate::sample::Sample;

/// The log that the spiller would have written for a sample.
#[derive(Debug)]
pub(crate) struct Texts {
    declared: Declared,
    before: String,
    after: String,
}

impl Texts {
    pub(crate) fn of(sample: &Sample) -> Texts {
        let declared: Vec<u32> = sample.declared.iter().map(|value| value.as_u32()).collect();
        Texts {
            declared: Declared::exactly(declared),
            before: sample.before.display().to_string(),
            after: sample.after.display().to_string(),
        }
    }

    /// The three records.
    pub(crate) fn log(&self) -> String {
        let Texts { declared, before, after } = self;
        let values: Vec<String> = declared.values().iter().map(|v| format!("v{v}")).collect();
        let values = values.join(", ");
        format!(
            "values needing inclusion in stack maps: {{{values}}}\n\
             before inserting safepoint spills and reloads:\n{before}\n\
             after inserting safepoint spills and reloads:\n{after}\n"
        )
    }

    /// Reads and lowers the pair.
    pub(crate) fn read(&self) -> ClifPair {
        let text = |text| Text { text, line: 1 };
        let version = AtLeast::minor(135);
        match read_pair(text(&self.before), text(&self.after), &self.declared, version) {
            Ok(pair) => pair,
            Err(error) => panic!("{error}"),
        }
    }
}
