//! The result of one function.

use std::error::Error;
use std::fmt;

use cranelift_codegen::ir::{Function, Value};
use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::{LowerError, verify};
use stackmap_render::{Listing, Part, Style, human};
use stackmap_verifier::findings::{Finding, Severity};
use stackmap_verifier::{Options, Outcome, Report};

/// The minor version of the Cranelift that is linked.
const LINKED_MINOR: u32 = 135;

/// Why a function could not be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Something about the function before or after is unknown that the proof depends
    /// on.
    Lower(LowerError),
    /// `make_stack_map_alias_region` was called on Cranelift's builder instead of
    /// the checked one, so the function was spilled without what it chooses.
    HiddenAliasRegions,
    /// These values were declared to be references and the builder did not keep them, so
    /// that the spiller did not see them.
    LostDeclarations(Vec<Value>),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Lower(error) => error.fmt(f),
            Problem::HiddenAliasRegions => f.write_str(
                "make_stack_map_alias_region was called on Cranelift's builder: \
                 call it on the checked one",
            ),
            Problem::LostDeclarations(values) => {
                let values: Vec<String> = values.iter().map(|value| value.to_string()).collect();
                let values = values.join(", ");
                write!(f, "the builder lost declared references, which are not spilled: {values}")
            }
        }
    }
}

impl Error for Problem {}

/// The result of one function.
#[derive(Debug)]
pub struct Checked<'a> {
    /// The function before.
    pub before: Function,
    /// The builder's declared values, in order.
    pub declared: Vec<Value>,
    /// The function after.
    pub after: &'a mut Function,
    /// The verifier's answer, or why it could not be asked.
    pub result: Result<Report, Problem>,
    options: Options,
}

impl<'a> Checked<'a> {
    pub(crate) fn new(
        before: Function,
        declared: Vec<Value>,
        after: &'a mut Function,
        options: &Options,
    ) -> Self {
        let result = verify(&before, &declared, after, options).map_err(Problem::Lower);
        Checked { before, declared, after, result, options: *options }
    }

    /// A function that was not spilled as it was to be.
    pub(crate) fn misused(
        before: Function,
        declared: Vec<Value>,
        after: &'a mut Function,
        problem: Problem,
    ) -> Self {
        Checked { before, declared, after, result: Err(problem), options: Options::default() }
    }

    /// Whether something is wrong: a path goes wrong, the spiller changed what is
    /// not its own, the builder lost a reference or was misused. `false` if it could not be decided.
    pub fn is_wrong(&self) -> bool {
        match &self.result {
            Ok(report) => match report.outcome {
                Outcome::Violated | Outcome::Internal(_) => true,
                Outcome::Verified | Outcome::Unsupported(_) => false,
            },
            Err(Problem::Lower(_)) => false,
            Err(Problem::HiddenAliasRegions | Problem::LostDeclarations(_)) => true,
        }
    }

    /// Panics if something is wrong.
    ///
    /// # Panics
    ///
    /// With what [`Self::render`] says of it.
    #[track_caller]
    pub fn assert_right(&self) {
        assert!(!self.is_wrong(), "{}", self.render(Style::default()));
    }

    /// Renders the findings, with the lines of the after function that they are
    /// about; the empty string if there are none.
    ///
    /// Cost: if there are findings, both functions are printed, read and verified
    /// once more, for the lines.
    pub fn render(&self, style: Style) -> String {
        let name = &self.before.name;
        let report = match &self.result {
            Ok(report) => report,
            Err(error) => return format!("the function {name} cannot be verified: {error}\n"),
        };
        match &report.outcome {
            Outcome::Verified | Outcome::Violated => {}
            Outcome::Unsupported(reason) => {
                return format!("the function {name} cannot be verified: {reason}\n");
            }
            Outcome::Internal(error) => return format!("the function {name}: {error}\n"),
        }
        if report.findings.is_empty() {
            return String::new();
        }
        let (listing, printed) = self.with_lines();
        let (listing, findings) = match &printed {
            Some(findings) => (Some(&listing), findings),
            None => (None, &report.findings),
        };
        let context = format!("in function {name} (pair evidence)");
        let wrong = findings.iter().filter(|finding| finding.severity() == Severity::Error).count();
        let mut text = match wrong {
            0 => String::new(),
            _ => format!("the safepoints of function {name} are wrong\n"),
        };
        for finding in findings {
            text.push_str(&human(finding, listing, Some(&context), style));
            text.push_str("\n\n");
        }
        text
    }

    /// The findings again, with the places they have in the printed function;
    /// `None` if what Cranelift prints does not say the same as what it holds.
    fn with_lines(&self) -> (Listing, Option<Vec<Finding>>) {
        let (before, after) = (self.before.display().to_string(), self.after.display().to_string());
        let declared: Vec<u32> = self.declared.iter().map(|value| value.as_u32()).collect();
        let name = &self.before.name;
        let after = Part::new(format!("{name} (after spilling)"), after);
        let before = Part::new(format!("{name} (before spilling)"), before).behind(&after);
        let pair = read_pair(
            Text { text: &before.text, line: before.first_line },
            Text { text: &after.text, line: after.first_line },
            &Declared::exactly(declared),
            AtLeast::minor(LINKED_MINOR),
        );
        let findings = pair.ok().and_then(|pair| {
            let report = pair.comparison.verify(&self.options);
            let same = |report: &Report| report.findings.iter().map(|f| f.code).collect::<Vec<_>>();
            let agrees = self.result.as_ref().is_ok_and(|found| same(found) == same(&report));
            agrees.then_some(report.findings)
        });
        (Listing { after, before: Some(before) }, findings)
    }
}
