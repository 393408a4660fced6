//! Recorded logs of several threads, interleaved.

mod recorded;

use stackmap_clif::log::{LogOptions, Recording, Recordings};
use stackmap_clif::verdict::agreed;
use stackmap_oracle::dice::Dice;
use stackmap_verifier::{Options, Outcome, Report};

pub use recorded::{Function, LOGS, Log};

/// The number of functions with each outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Functions that were interleaved and have a verdict alone.
    pub functions: usize,
    /// Those that got the verdict that they have alone.
    pub decided: usize,
    /// Functions whose declared values, or whose text after, are not certain.
    pub ambiguous: usize,
    /// Functions that got another verdict, with that verdict.
    pub wrong: Vec<String>,
}

/// The damage done to a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// Whether each record names the thread that wrote it.
    pub thread_ids: bool,
    /// Whether all functions have one name, and those of equal text cannot be told apart.
    pub one_name: bool,
    /// The records that are missing.
    pub lost: Option<Lost>,
}

/// The records that are missing from a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Its beginning.
    Head,
    /// Its end.
    Tail,
    /// A function whose declared values are there.
    Function,
}

/// A function in a log that several threads wrote never gets another verdict than in a log of
/// its own, whatever is missing from the log.
pub fn interleaved(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let lost = [None, Some(Lost::Head), Some(Lost::Tail), Some(Lost::Function)];
    let (thread_ids, one_name) = (dice.chance(30), dice.chance(30));
    let lost = dice.pick(&lost).flatten();
    let threads = dice.between(1, 6);
    let count = dice.between(1, 40);
    if let Some(log) = dice.pick(&LOGS) {
        let damage = Damage { thread_ids, one_name, lost };
        let totals = interleave(log, threads, count, damage, &mut dice);
        assert_eq!(totals.wrong, [""; 0], "{damage:?}");
    }
}

/// Lets `threads` threads log `count` functions of a recorded log, and checks the verdicts of
/// the functions that are read from it.
pub fn interleave(
    log: &Log,
    threads: usize,
    count: usize,
    damage: Damage,
    dice: &mut Dice<'_>,
) -> Totals {
    let functions: Vec<&Function> =
        (0..count).map(|_| &log.functions[dice.below(log.functions.len())]).collect();
    let text = shuffle(&functions, threads, damage, dice);
    let decidable = functions.iter().filter(|function| function.has_verdict()).count();
    let mut totals = Totals { functions: decidable, ..Totals::default() };
    let options = LogOptions { version: Some(log.version), ..LogOptions::default() };
    for result in Recordings::with(text.as_bytes(), options) {
        let Ok(recording) = result else { continue };
        match verdict(&recording) {
            None => totals.ambiguous += 1,
            Some(report) => {
                // The texts of one record belong to one record of the original log.
                let is_it = |function: &&Function| {
                    body(&function.before) == body(&recording.before.text)
                        && body(&function.after) == body(&recording.after.text)
                };
                let mut same = log.functions.iter().filter(is_it);
                let agrees = |function: &Function| match recording.in_doubt {
                    false => function.agrees(&report),
                    // Such records only get a verdict if they are verified.
                    true => !function.is_wrong(),
                };
                if !same.any(agrees) {
                    let (name, version) = (recording.name(), &log.name);
                    totals.wrong.push(format!("{name} of {version}: {:?}", report.outcome));
                }
                totals.decided += 1;
            }
        }
    }
    totals
}

/// A function without its first line, which may have another name.
fn body(function: &str) -> &str {
    function.split_once('\n').map_or("", |(_, body)| body.trim_end())
}

/// Writes the output of `threads` threads, interleaved in any order that is possible.
fn shuffle(functions: &[&Function], threads: usize, damage: Damage, dice: &mut Dice<'_>) -> String {
    let mut queues: Vec<Vec<String>> = vec![Vec::new(); threads];
    // Some threads have more to do than others, or are slower.
    let (even, stays) = (dice.chance(50), dice.between(5, 95));
    for (index, function) in functions.iter().enumerate() {
        let thread =
            if even { index % threads } else { dice.below(threads).min(dice.below(threads)) };
        queues[thread].extend(function.records(damage.one_name));
    }
    queues.iter_mut().for_each(|queue| queue.reverse());
    let mut records = Vec::new();
    let mut thread = 0;
    while queues.iter().any(|queue| !queue.is_empty()) {
        if !dice.chance(stays) {
            thread = dice.below(threads);
        }
        // A thread that has nothing left to log leaves its turn to the next one that has.
        while queues[thread].is_empty() {
            thread = (thread + 1) % threads;
        }
        if let Some(record) = queues[thread].pop() {
            let id = if damage.thread_ids { format!("ThreadId({thread}) ") } else { String::new() };
            records.push(format!("[TRACE {id}x] {record}\n"));
        }
    }
    let cut = dice.below(records.len() + 1).min(9);
    match damage.lost {
        None => {}
        Some(Lost::Head) => drop(records.drain(..cut)),
        Some(Lost::Tail) => records.truncate(records.len() - cut),
        Some(Lost::Function) => {
            let at = dice.below(records.len() + 1);
            let id = if damage.thread_ids { "ThreadId(77) " } else { "" };
            let function = functions[dice.below(functions.len())];
            records.insert(at, format!("[TRACE {id}x] {}\n", function.declared));
        }
    }
    records.concat()
}

/// Returns the verdict that a function has for each of the declared sets that may be its own;
/// `None` if the verdicts differ.
fn verdict(recording: &Recording) -> Option<Report> {
    let mut reports = recording.readings().map(|reading| recorded::judge(&reading.ok()?));
    let first = reports.next()??;
    let report = reports.try_fold(first, |one, other| agreed(one, &other?))?;
    recording.certain(report)
}

/// The verdict, without the path on which something goes wrong.
fn kind(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Verified => 0,
        Outcome::Violated => 1,
        Outcome::Unsupported(_) => 2,
        Outcome::Internal(_) => 3,
    }
}

/// The options under which verdicts are reached.
fn options() -> Options {
    Options::default()
}
