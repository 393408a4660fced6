//! The answer.

use std::collections::BTreeSet;

use cranelift_codegen::ir::{Function, UserStackMapEntry};
use stackmap_report::{Evidence, FunctionResult, Listing, MachineCode, Part, Reason, Style};
use stackmap_verifier::findings::Finding;
use stackmap_verifier::{Outcome, Report, Stats};

use crate::calls::Calls;
use crate::checked::Checked;
use crate::unchecked::Unchecked;
use crate::unsupported::Unsupported;

/// The answer to one function's code.
#[derive(Clone, Debug)]
pub struct CodeReport {
    /// The function's name, `%f` or `u0:3`.
    pub function: String,
    /// The verdict.
    pub outcome: CodeOutcome,
    /// The findings, in the order of the function.
    pub findings: Vec<Finding>,
    /// Counts of what was looked at.
    pub stats: CodeStats,
    /// Whether the instructions were looked at, beside the tables.
    pub instructions: Instructions,
    /// The function as text, which the findings have lines in; `None` if there are none.
    pub text: Option<Part>,
    /// The calls of the code that should have been emitted, if they were [asked
    /// for](crate::Options::list_calls).
    pub code: Option<MachineCode>,
}

/// The verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeOutcome {
    /// The tables of the code are those of the CLIF.
    Verified,
    /// They are not; the findings say where.
    Violated,
    /// It could not be decided.
    Unsupported(Unsupported),
}

/// Whether the instructions of some code were looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// They access the slots that stack map entries are in as the CLIF does, if there are no
    /// findings.
    Checked {
        /// The number of loads and stores of such slots.
        accesses: usize,
    },
    /// They were not, for this reason. The verdict is about the stack maps and exception handlers
    /// only.
    NotChecked(Unchecked),
}

/// Counts of what was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeStats {
    /// Blocks of the CLIF.
    pub blocks: usize,
    /// Instructions of the CLIF.
    pub instructions: usize,
    /// Bytes of code.
    pub bytes: usize,
    /// Calls of the CLIF that are linked to a return address of the code.
    pub calls: usize,
    /// Return addresses that should have a stack map.
    pub maps: usize,
    /// Places that these maps should list.
    pub roots: usize,
    /// Slots that they are in.
    pub slots: usize,
    /// Exception handlers that were emitted.
    pub handlers: usize,
}

impl CodeStats {
    /// Counts the calls that are linked, and what their maps should list.
    pub(crate) fn count(&mut self, calls: &Calls, function: &Function) {
        let mut slots = BTreeSet::new();
        for call in calls.list.iter().filter(|call| !call.returns.is_empty()) {
            let entries = function.dfg.user_stack_map_entries(call.instruction).unwrap_or_default();
            let mut places: Vec<&UserStackMapEntry> = entries.iter().collect();
            places.sort_by_key(|entry| (entry.slot, entry.offset, entry.ty.index()));
            places.dedup();
            self.calls += 1;
            self.maps += usize::from(!places.is_empty());
            self.roots += places.len();
            slots.extend(places.iter().map(|entry| entry.slot));
        }
        self.slots = slots.len();
    }
}

impl CodeReport {
    /// Creates a report on code of so many bytes, of which nothing is known yet.
    pub(crate) fn new(function: &Function, bytes: usize) -> CodeReport {
        let blocks = function.layout.blocks();
        let instructions =
            function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
        CodeReport {
            function: function.name.to_string(),
            outcome: CodeOutcome::Verified,
            findings: Vec::new(),
            stats: CodeStats {
                blocks: blocks.count(),
                instructions: instructions.count(),
                bytes,
                ..CodeStats::default()
            },
            instructions: Instructions::NotChecked(Unchecked::Tables),
            text: None,
            code: None,
        }
    }

    /// Adds what was found. A violation is one, whatever else is not known.
    pub(crate) fn conclude(
        &mut self,
        checked: Checked<'_>,
        mut findings: Vec<Finding>,
        problem: Option<Unsupported>,
    ) {
        findings.sort_by_key(|found| (found.primary.site.origin.line, found.code));
        self.outcome = match (findings.is_empty(), problem) {
            (false, _) => CodeOutcome::Violated,
            (true, Some(problem)) => CodeOutcome::Unsupported(problem),
            (true, None) => CodeOutcome::Verified,
        };
        self.findings = findings;
        self.text = checked.into_text();
    }

    /// Returns whether the code is verified.
    pub fn is_verified(&self) -> bool {
        self.outcome == CodeOutcome::Verified
    }

    /// Returns the same as a result that can be rendered, counted and written as JSON.
    pub fn result(&self) -> FunctionResult {
        let CodeStats { blocks, instructions, calls, roots, slots, .. } = self.stats;
        let (references, shared_slots, safepoints) = (0, 0, calls);
        let stats =
            Stats { blocks, instructions, references, safepoints, roots, slots, shared_slots };
        let (name, evidence) = (self.function.clone(), Evidence::Code);
        let outcome = match &self.outcome {
            CodeOutcome::Verified => Outcome::Verified,
            CodeOutcome::Violated => Outcome::Violated,
            CodeOutcome::Unsupported(reason) => {
                let reason = Reason::new(reason.to_string());
                return FunctionResult {
                    stats,
                    code: self.code.clone(),
                    ..FunctionResult::unsupported(name, evidence, reason)
                };
            }
        };
        let report = Report { outcome, findings: self.findings.clone(), stats, certified: false };
        let tables_only = match &self.instructions {
            Instructions::Checked { .. } => None,
            Instructions::NotChecked(reason) => Some(reason.to_string()),
        };
        let texts = self.text.clone().map(Listing::from);
        let code = self.code.clone();
        FunctionResult { tables_only, code, ..FunctionResult::new(name, evidence, report, texts) }
    }

    /// Renders the findings, or the reason why there is no verdict; the empty string if the code is
    /// verified.
    pub fn render(&self, style: Style) -> String {
        self.result().render(style)
    }

    /// Panics if the tables of the code are wrong.
    ///
    /// # Panics
    ///
    /// With the rendered findings. Code that could not be judged does not panic.
    #[track_caller]
    pub fn assert_not_violated(&self) {
        let name = &self.function;
        let is_violated = self.outcome == CodeOutcome::Violated;
        assert!(!is_violated, "the code of {name} is wrong\n{}", self.render(Style::default()));
    }

    /// Panics unless the code is verified.
    ///
    /// # Panics
    ///
    /// With the rendered findings, or the reason why the code could not be judged.
    #[track_caller]
    pub fn assert_verified(&self) {
        self.assert_not_violated();
        assert!(self.is_verified(), "{}", self.render(Style::default()));
    }
}
