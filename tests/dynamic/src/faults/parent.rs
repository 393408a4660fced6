//! Starts the processes in which code with faults runs.

use std::path::Path;
use std::process::Command;

use super::kind::kinds;
use super::score::{Same, Score};
use super::subject::Which;
use crate::machine::Effort;

/// The counts.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// By the number of the kind.
    pub scores: Vec<Score>,
    /// The number of functions into whose code faults were put, compiled one way each.
    pub functions: usize,
    /// Faults that are not found, and with which the code does something else.
    pub missed: Vec<String>,
}

/// Runs the code of functions with a fault of each kind, in processes that a program makes which
/// calls [`child`](super::child()) with its arguments: `faults`, the name of the function, `none` or
/// `speed`, and a number.
///
/// # Errors
///
/// If a process cannot be started, or code is violated without a fault.
pub fn faults(program: &Path, functions: &[Which]) -> Result<Faults, String> {
    let mut faults = Faults { scores: vec![Score::default(); kinds().len()], ..Faults::default() };
    for which in functions {
        let mut from = 0;
        let mut is_run = false;
        while let Some(next) = faults.add(program, which, from)? {
            (from, is_run) = (next, true);
        }
        faults.functions += usize::from(is_run);
    }
    Ok(faults)
}

impl Faults {
    /// Starts a process and counts what it writes. Returns the number of the fault that comes next;
    /// `None` if it has run them all.
    fn add(&mut self, program: &Path, which: &Which, from: usize) -> Result<Option<usize>, String> {
        let effort = match which.effort {
            Effort::None => "none",
            Effort::Speed => "speed",
        };
        let arguments = ["faults", &which.name, effort, &from.to_string()];
        let child = Command::new(program).args(arguments).output();
        let child = child.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&child.stdout);
        let mut running: Option<(usize, &str)> = None;
        let mut ended: Option<(usize, &str, Option<Same>)> = None;
        let mut next = from;
        for line in text.lines() {
            let words: Vec<&str> = line.splitn(3, ' ').collect();
            match words[..] {
                ["run", number, found] => {
                    self.count(which, ended.take());
                    let number = number.parse().map_err(|_| line.to_owned())?;
                    (running, next) = (Some((number, found)), number + 1);
                }
                ["end", _, shown] => {
                    let (number, found) = running.take().ok_or(line)?;
                    let same = Same::ALL.into_iter().find(|same| same.name() == shown);
                    ended = Some((number, found, same));
                }
                ["done"] => {
                    self.count(which, ended);
                    return Ok(None);
                }
                _ => return Err(line.to_owned()),
            }
        }
        if child.status.success() {
            self.count(which, ended);
        } else if let Some((number, found)) = running.or(ended.map(|(n, found, _)| (n, found))) {
            // If it ends behind a run, that has changed what is not the function's.
            self.count(which, Some((number, found, None)));
            self.scores[number].crashed += 1;
        } else {
            let said = String::from_utf8_lossy(&child.stderr);
            return Err(format!("{which:?}: {} {said}", child.status));
        }
        Ok(Some(next))
    }

    /// Counts a fault, by its number, whether it is found, and the reason why nothing else is visible.
    fn count(&mut self, which: &Which, ended: Option<(usize, &str, Option<Same>)>) {
        let Some((number, found, same)) = ended else { return };
        let score = &mut self.scores[number];
        match (found, same) {
            ("found", None) => score.found_wrong += 1,
            ("found", Some(same)) => *score.found_same.entry(same).or_default() += 1,
            ("silent", None) => {
                score.silent_wrong += 1;
                self.missed.push(format!("{which:?}: {}", kinds()[number].name()));
            }
            ("silent", Some(_)) => score.silent_same += 1,
            (_, _) => score.unchecked += 1,
        }
    }
}
