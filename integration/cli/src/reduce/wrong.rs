//! Functions of an input that are wrong.

use stackmap_clif::expected::Stated;
use stackmap_clif::log::Recording;
use stackmap_clif::names::Names;
use stackmap_clif::pair::ClifPair;
use stackmap_clif::text::Functions;
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::spill::{self, Spilled};
use stackmap_report::{FunctionResult, Verdict};
use stackmap_verifier::findings::{Code, Severity};
use stackmap_verifier::model::{Name, Value};

use crate::clif;
use crate::how::How;
use crate::pair::check_recording;
use crate::task::Task;

/// A function that was checked.
pub(super) struct Seen {
    /// The function's name; `None` if it could not be read.
    pub(super) name: Option<String>,
    pub(super) verdict: Verdict,
    /// What was found, errors first.
    pub(super) codes: Vec<Code>,
    /// Why there is no verdict.
    pub(super) reason: Option<String>,
    /// What can be reduced, if something was found.
    pub(super) texts: Option<Texts>,
}

/// The texts of a function that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Texts {
    pub(super) before: Option<String>,
    pub(super) after: String,
    /// The sets of declared values that may be the function's, the most likely one first.
    pub(super) declared: Vec<Vec<u32>>,
    pub(super) version: AtLeast,
}

impl Seen {
    fn new(result: &FunctionResult, texts: impl FnOnce() -> Texts) -> Seen {
        let of = |severity| {
            let findings = result.findings.iter().filter(move |f| f.severity() == severity);
            findings.map(|finding| finding.code)
        };
        let codes: Vec<Code> = of(Severity::Error).chain(of(Severity::Warning)).collect();
        Seen {
            name: result.function.clone(),
            verdict: result.verdict,
            reason: result.reason.clone(),
            texts: (!codes.is_empty()).then(texts),
            codes,
        }
    }
}

/// Checks the functions of a task; what is stated of references is returned beside.
pub(super) fn checked(task: &Task, how: &How) -> Vec<(Seen, Vec<Stated>)> {
    match task {
        Task::Recording(recording) => {
            let result = check_recording("", recording, how).result;
            let stated = recording.declared.references().to_vec();
            vec![(Seen::new(&result, || of_recording(recording)), stated)]
        }
        Task::Clif(text) if spill::is_wanted(text) => spilled(text, how),
        Task::Clif(text) => {
            let results = clif::after_only("", text, how);
            let seen = results.iter().zip(functions(text));
            let of = |after: &str| Texts {
                before: None,
                after: after.to_owned(),
                declared: vec![Vec::new()],
                version: how.version.unwrap_or(AtLeast::UNKNOWN),
            };
            seen.map(|(checked, after)| (Seen::new(&checked.result, || of(after)), vec![]))
                .collect()
        }
        Task::Pairs(_) => vec![failed("pairs as text are not reduced: reduce reads CLIF and logs")],
        Task::LogError(error) => vec![failed(&error.to_string())],
        Task::Failed(reason) => vec![failed(reason)],
    }
}

fn failed(reason: &str) -> (Seen, Vec<Stated>) {
    let (name, texts, codes) = (None, None, Vec::new());
    let reason = Some(reason.to_owned());
    (Seen { name, verdict: Verdict::Error, codes, reason, texts }, Vec::new())
}

/// Checks the functions that the linked spiller is run on.
fn spilled(text: &str, how: &How) -> Vec<(Seen, Vec<Stated>)> {
    let functions = match spill::run(text) {
        Ok(functions) => functions,
        Err(error) => return vec![failed(&error.to_string())],
    };
    let of = |spilled: &Spilled| Texts {
        before: Some(spilled.before_text()),
        after: spilled.after_text(),
        declared: vec![spilled.declared.iter().map(|value| value.as_u32()).collect()],
        version: AtLeast::minor(clif::LINKED_MINOR),
    };
    let one = |function: Result<Spilled, _>| match function {
        Ok(spilled) => {
            let result = clif::check_spilled("", &spilled, how).result;
            (Seen::new(&result, || of(&spilled)), spilled.references.clone())
        }
        Err(error) => {
            let error: spill::SpillError = error;
            failed(&error.to_string())
        }
    };
    functions.into_iter().map(one).collect()
}

/// Returns the text of each function of a file.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    let mut starts = Vec::new();
    let mut functions = Functions::new(text, 1);
    while let Some(function) = functions.next(&mut Names::default()) {
        let line = match function {
            Ok(function) => function.origin.line,
            Err(unreadable) => unreadable.error.line,
        };
        starts.push(line.saturating_sub(1) as usize);
    }
    let offsets: Vec<usize> = text
        .split_inclusive('\n')
        .scan(0, |at, line| Some(std::mem::replace(at, *at + line.len())))
        .collect();
    let offset = move |line: usize| offsets.get(line).copied().unwrap_or(text.len());
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([usize::MAX]).collect();
    starts.into_iter().zip(ends).map(move |(start, end)| {
        let function = text.get(offset(start)..offset(end)).unwrap_or_default();
        let last = function.rfind("\n}").map_or(function.len(), |brace| brace + 2);
        &function[..last]
    })
}

fn of_recording(recording: &Recording) -> Texts {
    let listed = recording.declared.values().to_vec();
    let mut declared = vec![listed.clone()];
    // What is declared may be uncertain; then the verdict is the same with fewer values.
    if let Ok(pair) = recording.read() {
        let doubtful = numbers(&pair, &pair.doubtful);
        let hinted = pair.hinted.as_ref().map_or_else(Vec::new, |hinted| numbers(&pair, hinted));
        for kept in [hinted, Vec::new()] {
            let certain = |value: &u32| !doubtful.contains(value) || kept.contains(value);
            declared.push(listed.iter().copied().filter(certain).collect());
        }
        declared.dedup();
    }
    Texts {
        before: Some(recording.before.text.clone()),
        after: recording.after.text.clone(),
        declared,
        version: recording.version,
    }
}

/// Returns the numbers of values.
fn numbers(pair: &ClifPair, values: &[Value]) -> Vec<u32> {
    let Some(model) = pair.model() else { return Vec::new() };
    let number = |&value: &Value| match model.before.value_name(value) {
        Name::Numbered(_, number) => Some(number),
        Name::Text(_) => None,
    };
    values.iter().filter_map(number).collect()
}
