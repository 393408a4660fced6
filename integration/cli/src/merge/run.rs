//! Whether shards belong together: all slices of one run, each once, or whole runs.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use super::shard::Shard;
use crate::partition::Slice;

/// What to merge.
pub(super) struct Plan {
    /// The shards, with what to add to the numbers of their inputs.
    shards: Vec<(Shard, usize)>,
    inputs: usize,
}

/// Why shards do not make a report.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlanError {
    #[error("{slice} is missing; nothing was merged")]
    Missing { slice: Slice },
    #[error("{slice} is there twice, in {} and {}; nothing was merged", first.display(), second.display())]
    Twice { slice: Slice, first: PathBuf, second: PathBuf },
    #[error("{} is {first_is}, and {} is {second_is}: they are not of one run; nothing was merged", first.display(), second.display())]
    Mixed { first: PathBuf, first_is: String, second: PathBuf, second_is: String },
    #[error("{}: the inputs are not numbered as those of one run; nothing was merged", path.display())]
    Inputs { path: PathBuf },
}

impl From<PlanError> for io::Error {
    fn from(error: PlanError) -> Self {
        io::Error::new(ErrorKind::InvalidData, error)
    }
}

impl Plan {
    /// Sees whether the shards are all there are.
    pub(super) fn new(shards: Vec<Shard>) -> Result<Self, PlanError> {
        let inputs = shards.iter().map(|shard| shard.sums.inputs).sum();
        one_kind(&shards)?;
        let bases: Vec<usize> = match shards.iter().find_map(|shard| shard.sums.partition) {
            Some(slice) => {
                all_slices(slice, &shards)?;
                one_list(&shards, inputs)?;
                vec![0; shards.len()]
            }
            // Whole runs follow each other.
            None => {
                for shard in &shards {
                    one_list(std::slice::from_ref(shard), shard.sums.inputs)?;
                }
                let lengths = shards.iter().map(|shard| shard.sums.inputs);
                lengths
                    .scan(0, |next, length| Some(std::mem::replace(next, *next + length)))
                    .collect()
            }
        };
        Ok(Plan { shards: shards.into_iter().zip(bases).collect(), inputs })
    }

    /// How many inputs there are in all.
    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    /// The shards, with what to add to the numbers of their inputs.
    pub(super) fn shards(&self) -> &[(Shard, usize)] {
        &self.shards
    }
}

/// Slices of so many, or whole runs.
fn one_kind(shards: &[Shard]) -> Result<(), PlanError> {
    let Some(first) = shards.first() else { return Ok(()) };
    let count = |shard: &Shard| shard.sums.partition.map(Slice::of);
    match shards.iter().find(|shard| count(shard) != count(first)) {
        None => Ok(()),
        Some(second) => Err(PlanError::Mixed {
            first: first.path.clone(),
            first_is: what(first),
            second: second.path.clone(),
            second_is: what(second),
        }),
    }
}

fn what(shard: &Shard) -> String {
    shard.sums.partition.map_or("a whole run".to_owned(), |slice| slice.to_string())
}

/// Each slice once.
fn all_slices(slice: Slice, shards: &[Shard]) -> Result<(), PlanError> {
    let mut seen = HashMap::new();
    for shard in shards {
        let Some(slice) = shard.sums.partition else { continue };
        if let Some(first) = seen.insert(slice, &shard.path) {
            let (first, second) = (first.clone(), shard.path.clone());
            return Err(PlanError::Twice { slice, first, second });
        }
    }
    match slice.siblings().find(|slice| !seen.contains_key(slice)) {
        Some(slice) => Err(PlanError::Missing { slice }),
        None => Ok(()),
    }
}

/// Each input once, and as many as there are.
fn one_list(shards: &[Shard], inputs: usize) -> Result<(), PlanError> {
    let mut seen = vec![false; inputs];
    for shard in shards {
        for &input in &shard.inputs {
            match seen.get_mut(input) {
                Some(seen) if !*seen => *seen = true,
                Some(_) | None => return Err(PlanError::Inputs { path: shard.path.clone() }),
            }
        }
    }
    Ok(())
}
