//! Slices of the inputs of a run: `slice:K/N`, as in `cargo nextest run --partition`, is the K-th
//! of N, from 1; inputs are assigned to the slices in turn.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of several slices of the inputs of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slice {
    /// The number of the slice, from 1.
    which: NonZeroUsize,
    /// The number of slices.
    of: NonZeroUsize,
}

/// An error in the text of a partition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartitionError {
    /// The text does not have the form of a partition.
    #[error("a partition has the form `slice:K/N`, such as `slice:1/3`")]
    Form,
    /// The kind of partition is unknown.
    #[error("there is no partition by `{0}`; the form is `slice:K/N`, such as `slice:1/3`")]
    Kind(String),
    /// The number of a slice, or of all slices, is not a positive number.
    #[error("`{0}` is no number from 1 on")]
    Number(String),
    /// The number of the slice is larger than the number of slices.
    #[error("there is no slice {which} of {of}: they are counted from 1 to {of}")]
    Range {
        /// The number of the slice.
        which: NonZeroUsize,
        /// The number of slices.
        of: NonZeroUsize,
    },
}

impl FromStr for Slice {
    type Err = PartitionError;

    fn from_str(text: &str) -> Result<Self, PartitionError> {
        let (kind, numbers) = text.split_once(':').ok_or(PartitionError::Form)?;
        if kind != "slice" {
            return Err(PartitionError::Kind(kind.to_owned()));
        }
        let (which, of) = numbers.split_once('/').ok_or(PartitionError::Form)?;
        let (which, of) = (number(which)?, number(of)?);
        match which <= of {
            true => Ok(Slice { which, of }),
            false => Err(PartitionError::Range { which, of }),
        }
    }
}

fn number(text: &str) -> Result<NonZeroUsize, PartitionError> {
    text.parse().map_err(|_| PartitionError::Number(text.to_owned()))
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slice:{}/{}", self.which, self.of)
    }
}

impl From<Slice> for String {
    fn from(slice: Slice) -> Self {
        slice.to_string()
    }
}

impl TryFrom<String> for Slice {
    type Error = PartitionError;

    fn try_from(text: String) -> Result<Self, PartitionError> {
        text.parse()
    }
}

impl Slice {
    /// Returns the number of slices.
    pub fn of(self) -> usize {
        self.of.get()
    }

    /// Returns whether this is the first of the slices.
    pub fn is_first(self) -> bool {
        self.which == NonZeroUsize::MIN
    }

    /// Returns all slices, this one among them, in order.
    pub fn siblings(self) -> impl Iterator<Item = Slice> {
        let numbers = (1..=self.of.get()).filter_map(NonZeroUsize::new);
        numbers.map(move |which| Slice { which, of: self.of })
    }

    /// Returns the inputs of this slice, each with its index, in the order in which they are given.
    ///
    /// Inputs are assigned by name, so that the assignment does not depend on the order of the
    /// arguments.
    pub fn select<I>(
        self,
        mut inputs: Vec<(usize, I)>,
        name: impl Fn(&I) -> String,
    ) -> Vec<(usize, I)> {
        inputs.sort_by_cached_key(|(index, input)| (name(input), *index));
        let first = self.which.get() - 1;
        let mut slice: Vec<_> = inputs.into_iter().skip(first).step_by(self.of.get()).collect();
        slice.sort_by_key(|(index, _)| *index);
        slice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(text: &str, names: &[&str]) -> Vec<usize> {
        let inputs = names.iter().copied().enumerate().collect();
        let slice: Slice = text.parse().unwrap();
        slice
            .select(inputs, |name| (*name).to_owned())
            .into_iter()
            .map(|(index, _)| index)
            .collect()
    }

    #[test]
    fn inputs_are_dealt_out_by_name_and_stay_in_order() {
        let names = ["e", "a", "d", "b", "c"];
        assert_eq!(slice("slice:1/2", &names), [0, 1, 4]);
        assert_eq!(slice("slice:2/2", &names), [2, 3]);
        assert_eq!(slice("slice:1/1", &names), [0, 1, 2, 3, 4]);
        assert_eq!(slice("slice:7/7", &names), [0; 0]);
    }

    #[test]
    fn what_is_printed_is_read_again() {
        let all: Vec<Slice> = "slice:2/3".parse::<Slice>().unwrap().siblings().collect();
        let names: Vec<String> = all.iter().map(Slice::to_string).collect();
        assert_eq!(names, ["slice:1/3", "slice:2/3", "slice:3/3"]);
        for (slice, name) in all.iter().zip(names) {
            assert_eq!(name.parse(), Ok(*slice));
        }
    }
}
