//! The counts of omissions, as a table.

use std::collections::BTreeMap;
use std::fmt;

use stackmap_report::ExpectedReferences;
use stackmap_verifier::findings::Code;

use super::Answer;

/// The counts of omissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Omissions {
    /// Of one value at a time.
    pub singles: Table,
    /// Of all values of one origin in a function, where there are several.
    pub classes: Table,
    /// Functions that were verified as they are, without an omission, or should have been.
    pub functions: usize,
    /// Those of them that are not verified: false alarms, if the compiler is right.
    pub wrong: usize,
    /// The references that the types show in them.
    pub expected: ExpectedReferences,
    /// Declared values of all functions.
    pub declared: usize,
    /// Classes of several declared values of one origin in one function.
    pub classes_seen: usize,
    /// Functions that are too large.
    pub too_large: usize,
    /// Omissions with which the spiller could not be run, or its output not be judged.
    pub not_run: usize,
}

/// The counts of omissions by the origin of what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(BTreeMap<&'static str, Row>);

/// The counts of omissions of one kind of value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Omissions that were tried.
    pub tried: usize,
    /// Those in which a value is needed after a safepoint.
    pub harmful: usize,
    /// Harmful ones that are found without types.
    pub without_types: usize,
    /// Harmful ones that are found with types, as SM012.
    pub by_type: usize,
    /// Harmful ones that are found with types, by another code.
    pub by_others: usize,
    /// Harmful ones that are not found.
    pub missed: usize,
}

impl Table {
    /// Counts an omission.
    pub fn count(&mut self, origin: &'static str, answer: Answer) {
        let row = self.0.entry(origin).or_default();
        row.tried += 1;
        row.harmful += usize::from(answer != Answer::Harmless);
        match answer {
            Answer::Harmless => {}
            Answer::Caught { without_types, code } => {
                row.without_types += usize::from(without_types);
                let is_by_type = code == Code::UndeclaredByType;
                row.by_type += usize::from(is_by_type);
                row.by_others += usize::from(!is_by_type);
            }
            Answer::Missed => row.missed += 1,
        }
    }

    /// Returns the sums of all rows.
    pub fn sums(&self) -> Row {
        self.0.values().fold(Row::default(), |sums, row| Row {
            tried: sums.tried + row.tried,
            harmful: sums.harmful + row.harmful,
            without_types: sums.without_types + row.without_types,
            by_type: sums.by_type + row.by_type,
            by_others: sums.by_others + row.by_others,
            missed: sums.missed + row.missed,
        })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| left out | tried | needed | found without types | SM012 | found otherwise | missed |"
        )?;
        writeln!(f, "|---|---:|---:|---:|---:|---:|---:|")?;
        let sums = self.sums();
        for (origin, row) in self.0.iter().chain([(&"**all**", &sums)]) {
            let Row { tried, harmful, without_types, by_type, by_others, missed } = row;
            writeln!(
                f,
                "| {origin} | {tried} | {harmful} | {without_types} | {by_type} | {by_others} | {missed} |"
            )?;
        }
        Ok(())
    }
}
