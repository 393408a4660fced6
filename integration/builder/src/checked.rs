//! The result of one function.

use std::error::Error;
use std::fmt;

use cranelift_codegen::ir::{Function, Value};
use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{ClifPair, Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::{LowerError, verify};
use stackmap_report::{Evidence, FunctionResult, Listing, Part, Reason, Style, Verdict};
use stackmap_verifier::Options;

use crate::lines::with_lines;

/// The minor version of the Cranelift that is linked.
const LINKED_MINOR: u32 = 135;

/// Why a function could not be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unchecked {
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

impl fmt::Display for Unchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unchecked::Lower(error) => error.fmt(f),
            Unchecked::HiddenAliasRegions => f.write_str(
                "make_stack_map_alias_region was called on Cranelift's builder: \
                 call it on the checked one",
            ),
            Unchecked::LostDeclarations(values) => {
                let values: Vec<String> = values.iter().map(|value| value.to_string()).collect();
                let values = values.join(", ");
                write!(f, "the builder lost declared references, which are not spilled: {values}")
            }
        }
    }
}

impl Error for Unchecked {}

/// The result of one function.
#[derive(Debug)]
pub struct Checked<'a> {
    /// The function before.
    pub before: Function,
    /// The builder's declared values, in order.
    pub declared: Vec<Value>,
    /// The function after.
    pub after: &'a mut Function,
    /// The verifier's answer, on pair evidence, or why it could not be asked. The findings
    /// have no lines: see [`Self::render`].
    pub result: FunctionResult,
    /// The kind of problem, if the verifier could not be asked.
    pub problem: Option<Unchecked>,
    options: Options,
}

impl<'a> Checked<'a> {
    pub(crate) fn new(
        before: Function,
        declared: Vec<Value>,
        after: &'a mut Function,
        options: &Options,
    ) -> Self {
        let name = before.name.to_string();
        let (result, problem) = match verify(&before, &declared, after, options) {
            Ok(report) => (FunctionResult::new(name, Evidence::Pair, report, None), None),
            Err(error) => {
                let reason = Reason::new(error.to_string());
                let result = FunctionResult::unsupported(name, Evidence::Pair, reason);
                (result, Some(Unchecked::Lower(error)))
            }
        };
        Checked { before, declared, after, result, problem, options: *options }
    }

    /// A function that was not spilled as it was to be.
    pub(crate) fn misused(
        before: Function,
        declared: Vec<Value>,
        after: &'a mut Function,
        problem: Unchecked,
    ) -> Self {
        let name = before.name.to_string();
        let result = FunctionResult::error(Some(name), Reason::new(problem.to_string()));
        let result = FunctionResult { failed: true, ..result };
        let options = Options::default();
        Checked { before, declared, after, result, problem: Some(problem), options }
    }

    /// Whether something is wrong: a path goes wrong, the spiller changed what is
    /// not its own, the builder lost a reference or was misused. `false` if it could not be
    /// decided.
    pub fn is_wrong(&self) -> bool {
        self.result.is_wrong()
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
    /// Cost: if there are findings, both functions are printed, read and lowered once
    /// more, for the lines.
    pub fn render(&self, style: Style) -> String {
        let text = match self.result.findings.is_empty() {
            true => self.result.render(style),
            false => self.printed().render(style),
        };
        match self.result.verdict {
            Verdict::Violated => {
                format!("the safepoints of function {} are wrong\n{text}", self.before.name)
            }
            Verdict::Verified | Verdict::Unsupported | Verdict::Error => text,
        }
    }

    /// The result with the lines of the printed functions; without lines if what Cranelift
    /// prints does not say the same as what it holds.
    fn printed(&self) -> FunctionResult {
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
        let lines =
            |pair: ClifPair| with_lines(&self.result.findings, &pair.comparison, &self.options);
        let result = self.result.clone();
        match pair.ok().and_then(lines) {
            Some(findings) => {
                let listing = Some(after.path.clone());
                let texts = Some(Listing { after, before: Some(before) });
                FunctionResult { findings, listing, texts, ..result }
            }
            None => result,
        }
    }
}
