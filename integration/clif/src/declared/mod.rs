//! The declared set of references, as a log prints it.

mod candidates;
mod parse;

use std::sync::Arc;

use thiserror::Error;

pub(crate) use candidates::Candidates;
pub use parse::declare_line;

use crate::liveness::Liveness;
use crate::version::AtLeast;

/// Which values are declared to be references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// What the record lists.
    listed: Vec<u32>,
    /// Whether this may be all keys up to the largest instead of the set.
    may_list_all_keys: bool,
    /// What the record shows of the version that printed it.
    version: AtLeast,
    /// What a `;! declare` line says they are.
    stated: Option<Stated>,
    /// What the spiller found out about them.
    liveness: Option<Arc<Liveness>>,
}

/// What a `;! declare` line says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stated {
    /// The values it names.
    named: Vec<u32>,
    /// These, and the largest that the record lists.
    values: Vec<u32>,
}

/// A `;! declare` line that contradicts the record it stands before.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Contradiction {
    /// It names a value that is not in the record.
    #[error("the `;! declare` line before this record names v{0}, which the record does not list")]
    NotListed(u32),
    /// It does not name a value that is in the record, which is exact.
    #[error(
        "the `;! declare` line before this record does not name v{0}, which the record lists: it is of a version that lists just what is declared"
    )]
    NotNamed(u32),
}

impl Declared {
    /// Just these values, by number.
    pub fn exactly(values: impl Into<Vec<u32>>) -> Declared {
        Declared {
            listed: values.into(),
            may_list_all_keys: false,
            version: AtLeast::UNKNOWN,
            stated: None,
            liveness: None,
        }
    }

    /// The same set, where a `;! declare` line before the record names these values.
    /// The largest value listed is declared whatever version prints the record.
    ///
    /// # Errors
    ///
    /// [`Contradiction`] if the record does not list one of them.
    pub fn stated(self, named: Vec<u32>) -> Result<Declared, Contradiction> {
        if let Some(&value) = named.iter().find(|value| !self.listed.contains(value)) {
            return Err(Contradiction::NotListed(value));
        }
        let mut values = named.clone();
        values.extend(self.largest());
        values.sort_unstable();
        values.dedup();
        Ok(Declared { stated: Some(Stated { named, values }), ..self })
    }

    /// The same set, with what the spiller's analysis logged on its function.
    #[must_use]
    pub fn with_liveness(self, liveness: Option<Arc<Liveness>>) -> Declared {
        Declared { liveness, ..self }
    }

    /// The values, by number. If [`Self::is_exact`] says no, some of them may
    /// not be declared.
    pub fn values(&self) -> &[u32] {
        self.stated.as_ref().map_or(&self.listed, |stated| &stated.values)
    }

    /// The largest value of the record, which is one that is declared.
    fn largest(&self) -> Option<u32> {
        self.listed.iter().max().copied()
    }

    /// The values that are declared whatever version prints the record.
    pub(crate) fn certain(&self) -> Vec<u32> {
        match self.is_exact(AtLeast::UNKNOWN) {
            true => self.values().to_vec(),
            false => self.largest().into_iter().collect(),
        }
    }

    /// Whether each of the values is declared, if the version is at least this.
    pub fn is_exact(&self, version: AtLeast) -> bool {
        self.stated.is_some() || self.record_is_exact(version)
    }

    /// Whether a `;! declare` line decides what is declared, if the version is at least
    /// this: the record leaves it open.
    pub fn rests_on_line(&self, version: AtLeast) -> bool {
        self.stated.is_some() && !self.record_is_exact(version)
    }

    /// Whether the record lists just what is declared, if the version is at least
    /// this.
    fn record_is_exact(&self, version: AtLeast) -> bool {
        !self.may_list_all_keys || version >= AtLeast::EXACT_SETS
    }

    /// Compares what a `;! declare` line says with the record, if the version is at
    /// least this.
    ///
    /// # Errors
    ///
    /// [`Contradiction`] if the record lists more, and all of it is declared.
    pub fn check(&self, version: AtLeast) -> Result<(), Contradiction> {
        let Some(stated) = &self.stated else { return Ok(()) };
        match self.listed.iter().find(|value| !stated.named.contains(value)) {
            Some(&value) if self.record_is_exact(version) => Err(Contradiction::NotNamed(value)),
            Some(_) | None => Ok(()),
        }
    }

    /// What the record shows of the version that printed it.
    pub(crate) fn version(&self) -> AtLeast {
        self.version
    }
}
