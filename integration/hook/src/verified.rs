//! The result of one function.

use std::sync::Arc;

use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{ReadError, Text, read_pair};
use stackmap_clif::verdict::Doubtful;
use stackmap_render::{Listing, Part, Style, human};
use stackmap_verifier::{Outcome, Report};
use thiserror::Error;

use crate::pairing::{Ended, Run, header};
use crate::settings::Settings;

/// Why a function could not be verified.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// The spiller did not come to its end: it panicked.
    #[error("the spiller did not say what it made of the function")]
    NoAfter,
    /// The function after spilling is another, of this name and signature: records
    /// were lost, or are not in the order in which one thread logs them.
    #[error("what came as the function after spilling is another: `{0}`")]
    OtherAfter(String),
    /// The declared values did not come: the hook came in the middle of a run, or
    /// records were lost.
    #[error("the spiller's record of the declared values did not come")]
    NoDeclared,
    /// The function before spilling did not come, for the same reasons.
    #[error("the spiller's record of the function before spilling did not come")]
    NoBefore,
    /// The declared values are in a form that no known version prints.
    #[error("cannot read the set of declared values")]
    DeclaredSet,
    /// A function cannot be read, or the two do not align.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The verdict depends on what is declared, which is not certain:
    /// [`Settings::version`] says which version it is that prints it.
    #[error(transparent)]
    Doubtful(#[from] Doubtful),
}

/// The result of one function.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The function's name, `%f` or `u0:3`.
    pub function: String,
    /// The declared values, as the spiller prints them: `{v0, v3}`.
    pub declared: String,
    /// The function before, as Cranelift prints it; empty if the spiller did not print
    /// it.
    pub before: String,
    /// The function after; empty if the spiller did not print it.
    pub after: String,
    /// The verifier's answer, or why it could not be asked. Lines are those of
    /// [`after`](Self::after), from 1, and then those of [`before`](Self::before).
    pub result: Result<Report, Problem>,
}

impl Verified {
    /// Verifies what came to an end; `None` if no function did.
    pub(crate) fn of(ended: Ended, settings: &Settings) -> Option<Verified> {
        let (run, after, result) = match ended {
            Ended::Run(run, after) => {
                let result = check(&run, &after, settings);
                (run, after, result)
            }
            Ended::NoAfter(run) => (run, String::new(), Err(Problem::NoAfter)),
            Ended::Other(run, after) => {
                let problem = Problem::OtherAfter(header(&after).to_owned());
                (run, after, Err(problem))
            }
            Ended::NoDeclared(before) => {
                (Run { before, ..Run::default() }, String::new(), Err(Problem::NoDeclared))
            }
            Ended::NoBefore(after) => (Run::default(), after, Err(Problem::NoBefore)),
            Ended::NoFunction => return None,
        };
        let Run { declared, before, .. } = run;
        let text = if before.is_empty() { &after } else { &before };
        let name = text.strip_prefix("function ").and_then(|rest| rest.split('(').next());
        let function = name.unwrap_or_default().trim().to_owned();
        Some(Verified { function, declared, before, after, result })
    }

    /// Whether something is wrong: a path goes wrong, the spiller changed what is
    /// not its own, or it panicked. `false` if it could not be decided.
    pub fn is_wrong(&self) -> bool {
        match &self.result {
            Ok(report) => match report.outcome {
                Outcome::Violated | Outcome::Internal(_) => true,
                Outcome::Verified | Outcome::Unsupported(_) => false,
            },
            Err(Problem::NoAfter) => true,
            Err(Problem::OtherAfter(_) | Problem::NoDeclared | Problem::NoBefore) => false,
            Err(Problem::Read(_) | Problem::DeclaredSet | Problem::Doubtful(_)) => false,
        }
    }

    /// The texts that the findings are about; that of the function after is shown under
    /// this path.
    pub fn listing(&self, path: String) -> Listing {
        let after = Part::new(path, self.after.as_str());
        let before = Part::new(format!("{} (before spilling)", self.function), &*self.before);
        let before = before.behind(&after);
        Listing { after, before: Some(before) }
    }

    /// Renders the findings, with the lines of the functions that they are about; the
    /// empty string if there are none.
    pub fn render(&self, style: Style) -> String {
        let Verified { function, result, .. } = self;
        let undecided = |reason: &dyn std::fmt::Display| {
            format!("the function {function} cannot be verified: {reason}\n")
        };
        let report = match result {
            Ok(report) => report,
            Err(problem) => return undecided(problem),
        };
        match &report.outcome {
            Outcome::Verified | Outcome::Violated => {}
            Outcome::Unsupported(reason) => return undecided(reason),
            Outcome::Internal(error) => return undecided(error),
        }
        let listing = self.listing(format!("{function} (after spilling)"));
        let context = format!("in function {function} (pair evidence)");
        let findings = report.findings.iter();
        let rendered = findings.map(|f| human(f, Some(&listing), Some(&context), style) + "\n\n");
        rendered.collect()
    }
}

fn check(run: &Run, after: &str, settings: &Settings) -> Result<Report, Problem> {
    let Settings { options, version } = *settings;
    let declared = Declared::parse(&run.declared).ok_or(Problem::DeclaredSet)?;
    let declared = declared.with_liveness(Some(Arc::new(run.liveness.clone())));
    let behind = u32::try_from(after.lines().count()).unwrap_or(u32::MAX).saturating_add(1);
    let before = Text { text: &run.before, line: behind };
    let pair = read_pair(before, Text { text: after, line: 1 }, &declared, version)?;
    Ok(pair.verify(&options)?)
}
