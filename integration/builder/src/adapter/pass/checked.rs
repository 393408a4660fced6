//! The result of one function.

use super::codegen::ir::{Function, Value};
use super::settings::Settings;
use super::spill::Spilled;
use super::support::{FunctionResult, Options, Style, Unchecked, Verified};
use super::{minor, verify_mut, verify_only_declared};

/// The result of one function.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The function before.
    pub before: Function,
    /// The builder's declared values, in order.
    pub declared: Vec<Value>,
    /// A copy of the function after.
    pub after: Function,
    /// The verifier's answer, on pair evidence, or why it could not be asked. The findings have no
    /// lines: see [`Self::render`].
    pub result: FunctionResult,
    /// The kind of problem, if the verifier could not be asked.
    pub problem: Option<Unchecked>,
    options: Options,
    only_declared: bool,
}

impl Checked {
    pub(super) fn new(spilled: Spilled, settings: &Settings<'_>) -> Self {
        let options = &settings.options;
        let Spilled { mut before, declared, mut after, problem } = spilled;
        let report = match problem {
            Some(problem) => Err(problem),
            None => {
                let report = match settings.only_declared {
                    true => verify_only_declared(&before, &declared, &after, options),
                    false => verify_mut(&mut before, &declared, &mut after, options),
                };
                report.map_err(Unchecked::Lower)
            }
        };
        let Verified { result, problem } = Verified::new(before.name.to_string(), report);
        let Settings { options, only_declared, .. } = *settings;
        Checked { before, declared, after, result, problem, options, only_declared }
    }

    /// Returns whether something is wrong: a path goes wrong, the spiller changed what is not its
    /// own, the builder lost a reference or was misused. `false` if it could not be decided.
    pub fn is_wrong(&self) -> bool {
        self.result.is_wrong()
    }

    /// Panics if something is wrong. The first function that could not be decided is reported to
    /// the `log` crate.
    ///
    /// # Panics
    ///
    /// With what [`Self::render`] says of it.
    #[track_caller]
    pub fn assert_right(&self) {
        assert!(!self.is_wrong(), "{}", self.render(Style::default()));
        super::support::note_undecided(&self.result);
    }

    /// Panics if the function is not verified.
    ///
    /// # Panics
    ///
    /// With what [`Self::render`] says of it.
    #[track_caller]
    pub fn assert_verified(&self) {
        let is_verified = self.result.verdict == super::support::Verdict::Verified;
        assert!(is_verified, "{}", self.render(Style::default()));
    }

    /// Renders the findings, with the lines of the after function that they are about; the empty
    /// string if there are none.
    ///
    /// Cost: if there are findings, both functions are printed, read and lowered once more, for the
    /// lines.
    pub fn render(&self, style: Style) -> String {
        let texts = || (self.before.display().to_string(), self.after.display().to_string());
        let declared = self.declared.iter().map(|value| value.as_u32()).collect();
        let options = (&self.options, self.only_declared);
        super::support::render(&self.result, texts, declared, minor(), options, style)
    }
}
