//! Counts over many mutants.

use std::collections::BTreeMap;
use std::fmt;

use crate::base::Base;
use crate::harmless::{TABLE, explanation};
use crate::mutate::memory::{self, Pool};
use crate::mutate::text;
use crate::trial::{Side, Trial};
use crate::verdict::{FrontEnds, Verdict};

/// The number of examples that are kept for an unexplained result.
const EXAMPLES: usize = 3;

/// The results for the mutants of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of mutants.
    pub mutants: usize,
    /// Not a function, to serde or to cranelift-reader, and not verified.
    pub unreadable: usize,
    /// The same function, and verified.
    pub same: usize,
    /// A different function, or a wrongly spilled one, and violated.
    pub violated: usize,
    /// A different function, and undecided: Cranelift would not compile it.
    pub undecided: usize,
    /// Explained by the table of harmless differences.
    pub harmless: usize,
    /// Too large for the naive oracle.
    pub unjudged: usize,
}

impl Row {
    /// Adds what another row counts.
    pub fn add(&mut self, other: &Row) {
        self.mutants += other.mutants;
        self.unreadable += other.unreadable;
        self.same += other.same;
        self.violated += other.violated;
        self.undecided += other.undecided;
        self.harmless += other.harmless;
        self.unjudged += other.unjudged;
    }
}

/// The columns of a table in Markdown.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { mutants, unreadable, same, violated, undecided, harmless, unjudged } = self;
        write!(
            f,
            "{mutants} | {unreadable} | {same} | {violated} | {undecided} | {harmless} | {unjudged}"
        )
    }
}

/// Counts by kind of mutant, with harmless differences and unexplained ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// By kind.
    pub rows: BTreeMap<String, Row>,
    /// By row of the table of harmless differences.
    pub harmless: BTreeMap<usize, usize>,
    /// The unexplained results: for each, its number of occurrences and some examples.
    pub unexplained: BTreeMap<String, (usize, Vec<String>)>,
}

/// The share of the mutants that are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// One in this many mutants is tried.
    pub of: usize,
    /// The number of the first mutant that is tried.
    pub which: usize,
}

impl Share {
    /// All mutants.
    pub const ALL: Share = Share { of: 1, which: 0 };

    /// Returns the share shifted by a number of mutants, for another pair, so that different
    /// pairs try different mutants.
    #[must_use]
    pub fn shifted(self, by: usize) -> Share {
        Share { which: self.which + by, ..self }
    }

    /// The numbers below `count` that are in the share.
    fn below(self, count: usize) -> impl Iterator<Item = usize> {
        (self.which % self.of..count).step_by(self.of)
    }
}

impl Totals {
    /// Tries the texts of a pair; the totals is empty if the texts lack information.
    pub fn of_texts(front_ends: FrontEnds, base: &Base, share: Share) -> Totals {
        let mut totals = Totals::default();
        if !base.has_text {
            return totals;
        }
        for side in Side::ALL {
            let (original, other) = match side {
                Side::Before => (&base.before, &base.after),
                Side::After => (&base.after, &base.before),
            };
            let changes = text::changes(original);
            for change in share.below(changes.len()).map(|i| &changes[i]) {
                let mutant = change.apply(original);
                let trial = match side {
                    Side::Before => Trial::of_text(front_ends, base, &mutant, other),
                    Side::After => Trial::of_text(front_ends, base, other, &mutant),
                };
                totals.add(change.kind, &trial, || {
                    format!("{}, {side:?}: {}", base.name, change.show(original))
                });
            }
        }
        totals
    }

    /// Tries a pair in memory; the totals is empty if the pair has no such form.
    pub fn of_memory(front_ends: FrontEnds, base: &Base, pool: &Pool, share: Share) -> Totals {
        let mut totals = Totals::default();
        let Some((before, after)) = &base.memory else { return totals };
        for side in Side::ALL {
            let subject = memory::Subject::new(
                match side {
                    Side::Before => before,
                    Side::After => after,
                },
                pool,
            );
            for change in share.below(subject.changes.len()).map(|i| &subject.changes[i]) {
                let Some(mutant) = subject.apply(change) else {
                    let row = totals.rows.entry(change.part().to_owned()).or_default();
                    row.mutants += 1;
                    row.unreadable += 1;
                    continue;
                };
                let trial = match side {
                    Side::Before => Trial::of_functions(front_ends, &mutant, &base.declared, after),
                    Side::After => Trial::of_functions(front_ends, before, &base.declared, &mutant),
                };
                totals.add(change.part(), &trial, || format!("{}, {side:?}: {change}", base.name));
            }
        }
        totals
    }

    fn add(&mut self, kind: &str, trial: &Trial, example: impl Fn() -> String) {
        let odd = trial.oddities();
        for odd in &odd {
            match explanation(odd) {
                Some(row) => *self.harmless.entry(row).or_default() += 1,
                None => {
                    let (count, examples) = self.unexplained.entry(odd.clone()).or_default();
                    *count += 1;
                    if examples.len() < EXAMPLES {
                        examples.push(format!("{}\n{trial}", example()));
                    }
                }
            }
        }
        let row = self.rows.entry(kind.to_owned()).or_default();
        row.mutants += 1;
        *match (trial.answer.verdict, &trial.judged) {
            _ if !odd.is_empty() => &mut row.harmless,
            (_, Err(_)) => &mut row.unreadable,
            _ if !trial.is_judged() => &mut row.unjudged,
            (Verdict::Verified, Ok(_)) => &mut row.same,
            (Verdict::Violated, Ok(_)) => &mut row.violated,
            (Verdict::Unsupported | Verdict::Error | Verdict::Panicked, Ok(_)) => {
                &mut row.undecided
            }
        } += 1;
    }

    /// Adds what another has counted.
    pub fn merge(mut self, other: Totals) -> Totals {
        for (kind, new) in other.rows {
            self.rows.entry(kind).or_default().add(&new);
        }
        for (row, count) in other.harmless {
            *self.harmless.entry(row).or_default() += count;
        }
        for (odd, (more, others)) in other.unexplained {
            let (count, examples) = self.unexplained.entry(odd).or_default();
            *count += more;
            examples.extend(others);
            examples.truncate(EXAMPLES);
        }
        self
    }

    /// Returns the unexplained results, formatted for people.
    pub fn report(&self) -> String {
        let rows = self.unexplained.iter();
        let show = |example: &String| format!("  {example}\n");
        rows.map(|(odd, (count, examples))| {
            format!("{count} times {odd}\n{}", examples.iter().map(show).collect::<String>())
        })
        .collect()
    }

    /// The rows of the table that explain nothing here.
    pub fn idle(&self) -> Vec<&'static str> {
        let rows = TABLE.iter().enumerate().filter(|(i, _)| !self.harmless.contains_key(i));
        rows.map(|(_, row)| row.pattern.as_str()).collect()
    }
}
