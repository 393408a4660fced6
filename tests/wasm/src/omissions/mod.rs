//! Omissions: what if a compiler had not declared one of its references?
//!
//! Each declared value of a compiled function is left out in turn, and then all of the values of one
//! origin at once, as a compiler does that forgets to declare what some operator yields. Cranelift's
//! spiller is run once more on the same function with the others. Then the verifier is asked three
//! times:
//!
//! 1. told of all declared values, the omitted ones included. If that is right, they are not
//!    needed after a safepoint, and nothing is lost;
//! 2. told of the others only;
//! 3. told of the others, and of the types of the module.

mod origin;
mod table;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use stackmap_clif::declared::Declared;
use stackmap_clif::lower::Lowered;
use stackmap_clif::pair::{Text, read_pair_knowing};
use stackmap_cranelift::spill;
use stackmap_verifier::findings::{Code, Severity};
use stackmap_verifier::model::{Name, Value};
use stackmap_verifier::{Options as Verification, Outcome, Report, verify};
use stackmap_wasm::{Gc, Keep, Kind, ModuleFunction, Options, WasmError, check};

pub use origin::Origins;
pub use table::{Omissions, Row, Table};

/// Which omissions are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// One of so many declared values is left out, counted over all functions, and one of so many
    /// classes of values of one origin.
    pub every: usize,
    /// Functions of more bytes of text than this are passed over, and counted.
    pub most_bytes: usize,
}

impl Omissions {
    /// Compiles an input, and tries omissions in its functions.
    ///
    /// # Errors
    ///
    /// As [`check`].
    pub fn add(
        &mut self,
        input: &[u8],
        kind: Kind,
        gc: Gc,
        sample: Sample,
    ) -> Result<(), WasmError> {
        let options = Options { gc, keep: Keep::All, ..Options::default() };
        let omissions = Mutex::new(&mut *self);
        let summary = check(input, kind, &options, &|function| {
            let mut omissions = omissions.lock().unwrap_or_else(PoisonError::into_inner);
            omissions.function(&function, sample);
        })?;
        self.functions += summary.spilled.functions;
        self.wrong += summary.spilled.functions - summary.spilled.verified;
        self.expected += summary.spilled.expected.unwrap_or_default();
        Ok(())
    }

    fn function(&mut self, function: &ModuleFunction, sample: Sample) {
        let texts = function.result.texts.as_ref();
        let Some(before) = texts.and_then(|texts| texts.before.as_ref()) else { return };
        if before.text.len() > sample.most_bytes {
            self.too_large += 1;
            return;
        }
        let origins = Origins::of(&before.text);
        let mut classes: BTreeMap<&'static str, Vec<u32>> = BTreeMap::new();
        for &value in &function.declared {
            let origin = origins.of_value(value);
            classes.entry(origin).or_default().push(value);
            self.declared += 1;
            if self.declared.is_multiple_of(sample.every) {
                match omit(function, &before.text, &[value]) {
                    Some(answer) => self.singles.count(origin, answer),
                    None => self.not_run += 1,
                }
            }
        }
        // A class of one value was tried, or could have been.
        for (origin, values) in classes.iter().filter(|(_, values)| values.len() > 1) {
            self.classes_seen += 1;
            if self.classes_seen.is_multiple_of(sample.every) {
                match omit(function, &before.text, values) {
                    Some(answer) => self.classes.count(origin, answer),
                    None => self.not_run += 1,
                }
            }
        }
    }
}

/// What became of an omission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No value is needed after a safepoint, or each is null.
    Harmless,
    /// One is needed, and this is found.
    Caught {
        /// By the other declared values alone.
        without_types: bool,
        /// With the types of the module: SM012, or the finding without types.
        code: Code,
    },
    /// One is needed, and nothing is found.
    Missed,
}

/// Leaves out declared values; `None` if the spiller cannot be run, or its output not be judged.
pub fn omit(function: &ModuleFunction, before: &str, omitted: &[u32]) -> Option<Answer> {
    let others: Vec<u32> =
        function.declared.iter().copied().filter(|value| !omitted.contains(value)).collect();
    let line: String = others.iter().map(|value| format!(" v{value}")).collect();
    let spilled = spill::run(&format!(";! declare{line}\n{before}")).ok()?.pop()?.ok()?;
    let (before, after) = (spilled.before_text(), spilled.after_text());
    let text = |text| Text { text, line: 1 };
    let all = Declared::exactly(function.declared.clone());
    let compiler = function.gc.compiler();
    let knowledge = function.knowledge(&compiler);
    let pair = read_pair_knowing(text(&before), text(&after), &all, &knowledge);
    let pair = pair.ok()?;
    let model = pair.model()?;
    let told = told(model, &others);
    match report(model, &model.declared).outcome {
        Outcome::Violated => {}
        Outcome::Verified => return Some(Answer::Harmless),
        Outcome::Unsupported(_) | Outcome::Internal(_) => return None,
    }
    let without_types = report(model, &told).outcome == Outcome::Violated;
    let with_types = model.verify(&told, &Verification::default());
    let error = with_types.findings.iter().find(|found| found.severity() == Severity::Error);
    match (&with_types.outcome, error) {
        (Outcome::Violated, Some(finding)) => {
            Some(Answer::Caught { without_types, code: finding.code })
        }
        (Outcome::Verified, _) => Some(Answer::Missed),
        (Outcome::Violated | Outcome::Unsupported(_) | Outcome::Internal(_), _) => None,
    }
}

/// The verdict if these values are declared, and nothing else is known.
fn report(model: &Lowered, declared: &[Value]) -> Report {
    verify(&model.before, declared, &model.after, &Verification::default())
}

/// The declared values of a model whose numbers are among `numbers`.
fn told(model: &Lowered, numbers: &[u32]) -> Vec<Value> {
    let is_told = |value: &Value| match model.before.value_name(*value) {
        Name::Numbered(_, number) => numbers.contains(&number),
        Name::Text(_) => false,
    };
    model.declared.iter().copied().filter(is_told).collect()
}
