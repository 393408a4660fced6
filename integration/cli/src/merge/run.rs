//! Checks that shards belong together: all slices of one run, each once, or whole runs.

use std::collections::{HashMap, HashSet};
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use stackmap_report::{Compared, Run, Slice};

use super::shard::Shard;

/// A set of shards that can be merged.
pub(super) struct Plan {
    /// The shards, each with the offset to add to the numbers of its inputs.
    shards: Vec<(Shard, usize)>,
    /// The run that the merged report is about.
    run: Option<Run>,
    /// Whether these are whole runs: a missing run cannot be detected then.
    is_of_whole_runs: bool,
}

/// The reason why shards cannot be merged.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlanError {
    #[error("{slice} is missing; nothing was merged")]
    Missing { slice: Slice },
    #[error("{slice} is there twice, in {} and {}; nothing was merged", first.display(), second.display())]
    Twice { slice: Slice, first: PathBuf, second: PathBuf },
    #[error("{} is there twice; nothing was merged", path.display())]
    Again { path: PathBuf },
    #[error("{} is {first_is}, and {} is {second_is}: they are not of one run; nothing was merged", first.display(), second.display())]
    Mixed { first: PathBuf, first_is: String, second: PathBuf, second_is: String },
    #[error("{} and {} are not of one run: {what}; nothing was merged", first.display(), second.display())]
    Different { first: PathBuf, second: PathBuf, what: String },
    #[error("{}: the inputs are not numbered as those of one run; nothing was merged", path.display())]
    Inputs { path: PathBuf },
    #[error("{}: the names of the inputs are not those of the run; nothing was merged", path.display())]
    Names { path: PathBuf },
}

impl From<PlanError> for io::Error {
    fn from(error: PlanError) -> Self {
        io::Error::new(ErrorKind::InvalidData, error)
    }
}

impl Plan {
    /// Checks that the set of shards is complete.
    pub(super) fn new(shards: Vec<Shard>) -> Result<Self, PlanError> {
        one_kind(&shards)?;
        let slice = shards.iter().find_map(|shard| shard.sums.partition);
        let mut names: Vec<&str> = Vec::new();
        let bases: Vec<usize> = match slice {
            Some(slice) => {
                all_slices(slice, &shards)?;
                one_run(&shards, |first, other| first.difference(other))?;
                names = one_list(&shards)?;
                vec![0; shards.len()]
            }
            // Whole runs are concatenated, each with inputs of its own.
            None => {
                no_file_twice(&shards)?;
                one_run(&shards, |first, other| first.difference(&other.with_inputs_of(first)))?;
                let mut bases = Vec::new();
                for shard in &shards {
                    bases.push(names.len());
                    names.extend(one_list(std::slice::from_ref(shard))?);
                }
                bases
            }
        };
        let run = shards.first().map(|shard| shard.run.over(names.into_iter()));
        let is_of_whole_runs = slice.is_none();
        Ok(Plan { shards: shards.into_iter().zip(bases).collect(), run, is_of_whole_runs })
    }

    /// Returns the run that the merged report is about; `None` if there is no shard.
    pub(super) fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// Returns whether these are whole runs, of which one may be missing undetected.
    pub(super) fn is_of_whole_runs(&self) -> bool {
        self.is_of_whole_runs
    }

    /// Returns the names of the inputs.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &str> {
        self.shards.iter().flat_map(|(shard, _)| &shard.inputs).map(|(_, name)| name.as_str())
    }

    /// Returns the file with settings of the first shard.
    pub(super) fn config(&self) -> Option<String> {
        self.shards.first().and_then(|(shard, _)| shard.sums.config.clone())
    }

    /// Returns the options that say what is not checked, which are those of all shards.
    pub(super) fn assumed(&self) -> Vec<String> {
        let first = self.shards.first();
        first.map(|(shard, _)| shard.sums.assumed.clone()).unwrap_or_default()
    }

    /// Returns what the shards say of one baseline: nothing if it is not one, or not of all inputs.
    pub(super) fn compared(&self) -> Option<Compared> {
        let of_shard = |(shard, _): &(Shard, usize)| shard.sums.baseline.clone();
        let all: Vec<Compared> = self.shards.iter().map(of_shard).collect::<Option<_>>()?;
        let (first, rest) = all.split_first()?;
        let is_one = !self.is_of_whole_runs || rest.is_empty();
        let is_one = is_one && rest.iter().all(|other| other.file == first.file);
        is_one.then(|| rest.iter().cloned().fold(first.clone(), Compared::and))
    }

    /// Returns the shards, each with the offset to add to the numbers of its inputs.
    pub(super) fn shards(&self) -> &[(Shard, usize)] {
        &self.shards
    }
}

/// Checks that all shards are slices with the same number of slices, or that all are whole runs.
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

/// Checks that each slice exists exactly once.
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

/// Checks that no report occurs twice, under whatever name.
fn no_file_twice(shards: &[Shard]) -> Result<(), PlanError> {
    let mut seen = HashSet::new();
    let again = shards.iter().find(|shard| {
        // A file may contain several reports.
        let file = std::fs::canonicalize(&shard.path).unwrap_or_else(|_| shard.path.clone());
        !seen.insert((file, shard.start))
    });
    match again {
        Some(shard) => Err(PlanError::Again { path: shard.path.clone() }),
        None => Ok(()),
    }
}

/// Checks that the runs of the shards do not differ in anything relevant.
fn one_run(
    shards: &[Shard],
    difference: impl Fn(&Run, &Run) -> Option<String>,
) -> Result<(), PlanError> {
    let Some(first) = shards.first() else { return Ok(()) };
    let other = shards.iter().find_map(|shard| Some((shard, difference(&first.run, &shard.run)?)));
    match other {
        None => Ok(()),
        Some((second, what)) => Err(PlanError::Different {
            first: first.path.clone(),
            second: second.path.clone(),
            what,
        }),
    }
}

/// Returns the names of the inputs of the whole run, in order. Checks that each input occurs once,
/// and that their number and names are those of the run.
fn one_list(shards: &[Shard]) -> Result<Vec<&str>, PlanError> {
    let Some(first) = shards.first() else { return Ok(Vec::new()) };
    let count: usize = shards.iter().map(|shard| shard.inputs.len()).sum();
    let mut names: Vec<Option<&str>> = vec![None; count];
    for shard in shards {
        for (input, name) in &shard.inputs {
            match names.get_mut(*input) {
                Some(place @ None) => *place = Some(name),
                Some(Some(_)) | None => {
                    return Err(PlanError::Inputs { path: shard.path.clone() });
                }
            }
        }
    }
    let names: Vec<&str> = names.into_iter().flatten().collect();
    match first.run.over(names.iter().copied()) == first.run {
        true => Ok(names),
        false => Err(PlanError::Names { path: first.path.clone() }),
    }
}
