//! The result of one function.

use std::sync::Arc;

use stackmap_clif::declared::Declared;
use stackmap_clif::exempt::Exempt;
use stackmap_clif::expected::Source;
use stackmap_clif::liveness::Liveness;
use stackmap_clif::pair::{Knowledge, ReadError, Text, read_pair_knowing};
use stackmap_clif::verdict::Doubtful;
use stackmap_report::{Evidence, ExpectedReferences, FunctionResult, Listing, Part, Reason};
use stackmap_verifier::Report;
use thiserror::Error;

use crate::pairing::{Ended, Run, header};
use crate::settings::Settings;

/// Why a function could not be verified.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unchecked {
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
    /// The verifier's answer, on pair evidence, or why it could not be asked.
    ///
    /// Its [texts](FunctionResult::texts) are the two functions as Cranelift prints them;
    /// one that the spiller did not print is empty, or is not there. Lines are those of the
    /// function after, from 1, and then those of the one before.
    pub result: FunctionResult,
    /// The declared values, as the spiller prints them: `{v0, v3}`.
    pub declared: String,
    /// The values that need not be declared, by number, as far as they are known.
    pub exempt: Exempt,
    /// The kind of problem, if the verifier could not be asked.
    pub problem: Option<Unchecked>,
}

impl Verified {
    /// Verifies what came to an end; `None` if no function did.
    pub(crate) fn of(
        ended: Ended,
        settings: &Settings,
        source: Option<&dyn Source>,
    ) -> Option<Verified> {
        let (run, after, problem) = match ended {
            Ended::Run(run, after) => (run, after, None),
            Ended::NoAfter(run) => (run, String::new(), Some(Unchecked::NoAfter)),
            Ended::Other(run, after) => {
                let problem = Unchecked::OtherAfter(header(&after).to_owned());
                (run, after, Some(problem))
            }
            Ended::NoDeclared(before) => {
                (Run { before, ..Run::default() }, String::new(), Some(Unchecked::NoDeclared))
            }
            Ended::NoBefore(after) => (Run::default(), after, Some(Unchecked::NoBefore)),
            Ended::NoFunction => return None,
        };
        Some(Verified::run(run, after, problem, settings, source))
    }

    /// Verifies a function that the spiller did not run on, because nothing was declared: it is the
    /// function before and after spilling.
    pub fn unspilled(
        function: String,
        settings: &Settings,
        source: Option<&dyn Source>,
    ) -> Verified {
        let declared = "{}".to_owned();
        let run = Run { declared, before: function.clone(), liveness: Liveness::default() };
        Verified::run(run, function, None, settings, source)
    }

    fn run(
        run: Run,
        after: String,
        problem: Option<Unchecked>,
        settings: &Settings,
        source: Option<&dyn Source>,
    ) -> Verified {
        let Run { declared, before, liveness } = run;
        let text = if before.is_empty() { &after } else { &before };
        let name = text.strip_prefix("function ").and_then(|rest| rest.split('(').next());
        let function = name.unwrap_or_default().trim().to_owned();
        let after = Part::new(format!("{function} (after spilling)"), after);
        let before = Part::new(format!("{function} (before spilling)"), before).behind(&after);
        let report = match problem {
            Some(problem) => Err(problem),
            None => check((&before, &after), &declared, liveness, settings, source),
        };
        let texts = Listing { after, before: Some(before) };
        let (result, exempt, problem) = match report {
            Ok((report, expected, exempt)) => {
                let result = FunctionResult::new(function, Evidence::Pair, report, texts);
                (FunctionResult { expected, ..result }, exempt, None)
            }
            Err(problem) => {
                let result = problem.result(function);
                let result = FunctionResult { texts: Some(texts), ..result };
                (result, Exempt::default(), Some(problem))
            }
        };
        Verified { result, declared, exempt, problem }
    }
}

impl Unchecked {
    /// The result of a function that has this problem.
    fn result(&self, function: String) -> FunctionResult {
        let reason = Reason::new(self.to_string());
        match self {
            // The spiller panicked, which is a defect.
            Unchecked::NoAfter => {
                FunctionResult { failed: true, ..FunctionResult::error(Some(function), reason) }
            }
            Unchecked::OtherAfter(_)
            | Unchecked::NoDeclared
            | Unchecked::NoBefore
            | Unchecked::DeclaredSet
            | Unchecked::Read(
                ReadError::Before(_)
                | ReadError::After(_)
                | ReadError::Declared(_)
                | ReadError::References(_),
            ) => FunctionResult::error(Some(function), reason),
            Unchecked::Read(ReadError::Unsupported(_)) | Unchecked::Doubtful(_) => {
                FunctionResult::unsupported(function, Evidence::Pair, reason)
            }
        }
    }
}

fn check(
    (before, after): (&Part, &Part),
    declared: &str,
    liveness: Liveness,
    settings: &Settings,
    source: Option<&dyn Source>,
) -> Result<(Report, Option<ExpectedReferences>, Exempt), Unchecked> {
    let Settings { options, version, ref compiler } = *settings;
    let declared = Declared::parse(declared).ok_or(Unchecked::DeclaredSet)?;
    let declared = declared.with_liveness(Some(Arc::new(liveness)));
    let knowledge = Knowledge { version, source, compiler: Some(compiler) };
    let pair = read_pair_knowing(text(before), text(after), &declared, &knowledge)?;
    let expected = pair.expected;
    let expected = expected.map(|of| ExpectedReferences::new(of.expected, of.resolved));
    Ok((pair.verify(&options)?, expected, pair.exempt))
}

fn text(part: &Part) -> Text<'_> {
    Text { text: &part.text, line: part.first_line }
}
