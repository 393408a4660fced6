//! The set of declared references, as printed in a log.

mod candidates;
mod foreign;
mod parse;

use std::sync::Arc;

use thiserror::Error;

pub(crate) use candidates::Candidates;
pub(crate) use foreign::is_foreign;
pub use parse::declare_line;

use crate::expected::Stated;
use crate::liveness::Liveness;
use crate::version::AtLeast;

/// The set of values that are declared to be references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The values that the record lists.
    listed: Vec<u32>,
    /// Whether the record may list all keys up to the largest instead of just the set.
    may_list_all_keys: bool,
    /// The lower bound on the version that the form of the record implies.
    version: AtLeast,
    /// The values stated by a `;! declare` line.
    stated: Option<Named>,
    /// The values named by a `;! declare` line that any program may have printed.
    hinted: Option<Vec<u32>>,
    /// The messages of the spiller's liveness analysis about the function.
    liveness: Option<Arc<Liveness>>,
    /// The references that `;! references` lines state.
    references: Vec<Stated>,
}

/// The values stated by a `;! declare` line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    /// The values that the line names.
    named: Vec<u32>,
    /// The named values and the largest value that the record lists.
    values: Vec<u32>,
}

/// An error for a `;! declare` line that contradicts the record it precedes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Contradiction {
    /// The line names a value that the record does not list.
    #[error("the `;! declare` line before this record names v{0}, which the record does not list")]
    NotListed(u32),
    /// The line does not name a value that the record lists, and the record is exact.
    #[error(
        "the `;! declare` line before this record does not name v{0}, which the record lists: it is of a version that lists just what is declared"
    )]
    NotNamed(u32),
}

impl Declared {
    /// Creates the set of exactly these values, given by number.
    pub fn exactly(values: impl Into<Vec<u32>>) -> Declared {
        Declared {
            listed: values.into(),
            may_list_all_keys: false,
            version: AtLeast::UNKNOWN,
            stated: None,
            hinted: None,
            liveness: None,
            references: Vec::new(),
        }
    }

    /// Returns the same set with the values named by a `;! declare` line before the record. The
    /// largest value listed is declared in every version that prints the record.
    ///
    /// # Errors
    ///
    /// Returns a [`Contradiction`] if the record does not list one of the values.
    pub fn stated(self, named: Vec<u32>) -> Result<Declared, Contradiction> {
        if let Some(&value) = named.iter().find(|value| !self.listed.contains(value)) {
            return Err(Contradiction::NotListed(value));
        }
        let mut values = named.clone();
        values.extend(self.largest());
        values.sort_unstable();
        values.dedup();
        Ok(Declared { stated: Some(Named { named, values }), ..self })
    }

    /// Returns the same set with the values named by a `;! declare` line that any program may have
    /// printed. The line is ignored if it contradicts the record.
    #[must_use]
    pub fn hinted(self, named: Vec<u32>) -> Declared {
        let hinted = Some(named).filter(|named| named.iter().all(|v| self.listed.contains(v)));
        Declared { hinted, ..self }
    }

    /// Returns the same set on the assumption that the record lists exactly the declared values.
    pub(crate) fn as_listed(&self) -> Declared {
        Declared { may_list_all_keys: false, ..self.clone() }
    }

    /// Returns whether the record itself is the only source of the declared values: there is
    /// neither a trusted `;! declare` line nor a message of the spiller's analysis.
    pub(crate) fn is_all_that_is_known(&self) -> bool {
        let is_silent = |liveness: &Arc<Liveness>| **liveness == Liveness::default();
        self.stated.is_none() && self.liveness.as_ref().is_none_or(is_silent)
    }

    /// Returns the values named by a `;! declare` line that any program may have printed.
    pub(crate) fn hint(&self) -> Option<&[u32]> {
        self.hinted.as_deref()
    }

    /// Returns the same set with the messages that the spiller's analysis logged for its function.
    #[must_use]
    pub fn with_liveness(self, liveness: Option<Arc<Liveness>>) -> Declared {
        Declared { liveness, ..self }
    }

    /// Returns the same set with the references that `;! references` lines state.
    #[must_use]
    pub fn with_references(self, references: Vec<Stated>) -> Declared {
        Declared { references, ..self }
    }

    /// Returns the references that `;! references` lines state.
    pub fn references(&self) -> &[Stated] {
        &self.references
    }

    /// Returns the values, by number. If [`Self::is_exact`] returns false, some of them may not be
    /// declared.
    pub fn values(&self) -> &[u32] {
        self.stated.as_ref().map_or(&self.listed, |stated| &stated.values)
    }

    /// Returns the largest value of the record, which is always declared.
    fn largest(&self) -> Option<u32> {
        self.listed.iter().max().copied()
    }

    /// Returns the values that are declared in every version that prints the record.
    pub(crate) fn certain(&self) -> Vec<u32> {
        match self.is_exact(AtLeast::UNKNOWN) {
            true => self.values().to_vec(),
            false => self.largest().into_iter().collect(),
        }
    }

    /// Returns whether every listed value is declared, given a lower bound on the version.
    pub fn is_exact(&self, version: AtLeast) -> bool {
        self.stated.is_some() || self.record_is_exact(version)
    }

    /// Returns whether a `;! declare` line decides which values are declared, because the record
    /// leaves it open, given a lower bound on the version.
    pub fn rests_on_line(&self, version: AtLeast) -> bool {
        self.stated.is_some() && !self.record_is_exact(version)
    }

    /// Returns whether the record lists exactly the declared values, given a lower bound on the
    /// version.
    fn record_is_exact(&self, version: AtLeast) -> bool {
        !self.may_list_all_keys || version >= AtLeast::EXACT_SETS
    }

    /// Checks a trusted `;! declare` line against the record, given a lower bound on the version.
    ///
    /// # Errors
    ///
    /// Returns a [`Contradiction`] if the record is exact and lists a value that the line omits.
    pub fn check(&self, version: AtLeast) -> Result<(), Contradiction> {
        let Some(stated) = &self.stated else { return Ok(()) };
        match self.listed.iter().find(|value| !stated.named.contains(value)) {
            Some(&value) if self.record_is_exact(version) => Err(Contradiction::NotNamed(value)),
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the lower bound on the version that the form of the record implies.
    pub(crate) fn version(&self) -> AtLeast {
        self.version
    }
}
