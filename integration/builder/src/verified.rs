//! What becomes of a verifier's answer, whatever the version of Cranelift.

use std::sync::atomic::{AtomicBool, Ordering};

use stackmap_clif::compiler::Compiler;
use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Knowledge, Text, read_pair_knowing};
use stackmap_clif::version::AtLeast;
use stackmap_report::{Evidence, FunctionResult, Listing, Part, Reason, Style, Verdict};
use stackmap_verifier::{Options, Report};

use crate::lines::with_lines;
use crate::unchecked::Unchecked;

/// The result of a function, and the kind of problem, if the verifier could not be asked.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The result.
    pub result: FunctionResult,
    /// The kind of problem.
    pub problem: Option<Unchecked>,
}

impl Verified {
    /// Returns the result of the function with this name.
    pub fn new(name: String, report: Result<Report, Unchecked>) -> Self {
        let problem = match report {
            Ok(report) => {
                let result = FunctionResult::new(name, Evidence::Pair, report, None);
                return Verified { result, problem: None };
            }
            Err(problem) => problem,
        };
        let reason = Reason::new(problem.to_string());
        let result = match problem {
            Unchecked::Lower(_) => FunctionResult::unsupported(name, Evidence::Pair, reason),
            Unchecked::HiddenAliasRegions | Unchecked::LostDeclarations(_) | Unchecked::Probe => {
                FunctionResult { failed: true, ..FunctionResult::error(Some(name), reason) }
            }
        };
        Verified { result, problem: Some(problem) }
    }
}

/// Reports the first function that could not be decided, in each process, to the `log` crate.
pub fn note_undecided(result: &FunctionResult) {
    static NOTED: AtomicBool = AtomicBool::new(false);
    if result.verdict == Verdict::Verified || NOTED.swap(true, Ordering::Relaxed) {
        return;
    }
    let name = result.function.as_deref().unwrap_or_default();
    let reason = result.reason.as_deref().unwrap_or_default();
    log::warn!(
        "function {name} could not be verified, and no other that cannot is reported: {reason}"
    );
}

/// Renders the findings with the lines of the printed functions, which are asked for only if there
/// are findings; without lines if what Cranelift prints does not say the same as what it holds.
///
/// `declared` are the numbers of the declared values, `minor` the version that printed them.
pub fn render(
    result: &FunctionResult,
    texts: impl FnOnce() -> (String, String),
    declared: Vec<u32>,
    minor: u32,
    (options, only_declared): (&Options, bool),
    style: Style,
) -> String {
    let name = result.function.as_deref().unwrap_or_default();
    let text = match result.findings.is_empty() {
        true => result.render(style),
        false => {
            let (before, after) = texts();
            let after = Part::new(format!("{name} (after spilling)"), after);
            let before = Part::new(format!("{name} (before spilling)"), before).behind(&after);
            let version = AtLeast::minor(minor);
            let compiler = Compiler { only_declared, ..Compiler::default() };
            let knowledge =
                Knowledge { version, compiler: Some(&compiler), ..Knowledge::default() };
            printed(result, before, after, declared, &knowledge, options).render(style)
        }
    };
    match result.verdict {
        Verdict::Violated => format!("the safepoints of function {name} are wrong\n{text}"),
        Verdict::Verified | Verdict::Unsupported | Verdict::Error => text,
    }
}

fn printed(
    result: &FunctionResult,
    before: Part,
    after: Part,
    declared: Vec<u32>,
    knowledge: &Knowledge<'_>,
    options: &Options,
) -> FunctionResult {
    let pair = read_pair_knowing(
        Text { text: &before.text, line: before.first_line },
        Text { text: &after.text, line: after.first_line },
        &Declared::exactly(declared),
        knowledge,
    );
    let findings =
        pair.ok().and_then(|pair| with_lines(&result.findings, &pair.comparison, options));
    match findings {
        Some(findings) => {
            let listing = Some(after.path.clone());
            let texts = Some(Listing { after, before: Some(before) });
            FunctionResult { findings, listing, texts, ..result.clone() }
        }
        None => result.clone(),
    }
}
