//! A function, the runs with which it is compared, and the results of comparing.

#[cfg(all(target_arch = "x86_64", unix))]
mod native;

use std::cell::RefCell;
use std::collections::BTreeSet;

use cranelift_codegen::ir::{Block, Function, InstructionData, Value};
use stackmap_verifier::findings::{Finding, Severity};
use stackmap_verifier::{Options, Outcome, Report};

use crate::explore::{Budget, Explored, explore, steer};
use crate::heap::Seen;
use crate::interpret;
use crate::plan::{Obstacle, Plan, plan};
use crate::world::{Collector, Counts, Effect, End, Run, World};
#[cfg(all(target_arch = "x86_64", unix))]
pub use native::verdict;

/// A function before spilling, and its runs.
#[derive(Debug)]
pub struct Case {
    /// The function.
    pub before: Function,
    /// The values declared to be references.
    pub declared: Vec<Value>,
    /// The environment that the function needs.
    pub plan: Plan,
    /// The decisions it is run with.
    pub explored: Explored,
    /// The expected run with each of them.
    expected: Vec<Expected>,
    /// The counts for runs of functions after spilling.
    pub counts: RefCell<Tallied>,
}

/// The counts of runs, by what executed them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tallied {
    /// By the interpreter.
    pub interpreted: Counts,
    /// By machine code.
    pub machine: Counts,
    /// Machine code that was verified before it ran.
    pub code: Codes,
}

/// The number of functions whose machine code is verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// With their instructions.
    pub checked: usize,
    /// Without.
    pub tables_only: usize,
}

impl std::ops::AddAssign for Codes {
    fn add_assign(&mut self, other: Codes) {
        self.checked += other.checked;
        self.tables_only += other.tables_only;
    }
}

/// The expected run of a function, from before spilling.
#[derive(Debug)]
struct Expected {
    run: Run,
    /// For each operand, whether it is independent of where objects are.
    comparable: Vec<bool>,
}

/// The way in which a function after spilling goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// The collector finds a root that is not a valid reference.
    BadRoot,
    /// A stale reference becomes visible.
    Stale,
    /// Another object, number or call becomes visible.
    Different,
    /// The run cannot continue.
    Stuck,
}

/// The result of running a function after spilling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It goes wrong with these decisions.
    Wrong(Wrong, Vec<u8>),
    /// Some instruction reads a wrong operand, but no effect of that is visible.
    OperandOnly,
    /// No difference.
    Nothing,
}

/// The reason why a violated function does not go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A wrong operand has no visible effect.
    NoEffect,
    /// No decisions lead along the finding's path: a branch on it always goes another
    /// way, or all decisions were tried.
    DeadPath,
    /// No decisions were found that lead along it, and there are too many to try all.
    PathNotFound,
    /// The path was taken, and the value is null there, or a number.
    NullThere,
    /// The path was taken, and the value mixed up with it is the same object, or no visible
    /// effect depends on it there.
    SameThere,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 5] = [
        Reason::NoEffect,
        Reason::DeadPath,
        Reason::PathNotFound,
        Reason::NullThere,
        Reason::SameThere,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Reason::NoEffect => "operand without effect",
            Reason::DeadPath => "dead path",
            Reason::PathNotFound => "path not found",
            Reason::NullThere => "null there",
            Reason::SameThere => "same there",
        }
    }
}

impl Case {
    /// Determines the environment of a function, and runs it.
    ///
    /// # Errors
    ///
    /// An [`Obstacle`] if it cannot be run.
    pub fn new(
        before: &Function,
        declared: &[Value],
        made_for_this: bool,
        budget: Budget,
        seed: u64,
    ) -> Result<Self, Obstacle> {
        let plan = plan(before, declared, made_for_this)?;
        let mut expected = Vec::new();
        let mut shows_addresses = false;
        let explored = explore(plan.arity, budget, seed, |tape| {
            let run = interpret::run(before, &plan, World::new(&plan, Collector::None, tape, 0));
            (run.counts.decisions, matches!(run.end, End::Returned(_) | End::TailCall))
        });
        for tape in &explored.tapes {
            let found = expect(before, &plan, tape);
            shows_addresses |= found.is_none();
            expected.extend(found);
        }
        if shows_addresses {
            return Err(Obstacle::ShowsAddresses);
        }
        let (before, declared) = (before.clone(), declared.to_vec());
        let counts = RefCell::default();
        Ok(Case { before, declared, plan, explored, expected, counts })
    }

    /// Returns the verifier's report on a function after spilling, or `None` if it does not
    /// form a pair.
    pub fn verdict(&self, after: &Function) -> Option<Report> {
        let declared = self.declared.iter().copied();
        let lowered = stackmap_cranelift::lower(&self.before, declared, after).ok()?;
        Some(lowered.verify(&Options::default()))
    }

    fn interpret(&self, function: &Function, collector: Collector, tape: &[u8]) -> Run {
        interpret::run(function, &self.plan, World::new(&self.plan, collector, tape, 0))
    }

    /// Interprets a function after spilling, without the collector and with it, and compares
    /// the visible effects.
    pub fn interpreted(&self, after: &Function, steered: Option<&[u8]>) -> Shown {
        let mut shown = Shown::Nothing;
        let extra = steered.and_then(|tape| Some((tape, expect(&self.before, &self.plan, tape)?)));
        let known = self.explored.tapes.iter().map(Vec::as_slice).zip(&self.expected);
        for (tape, expected) in extra.iter().map(|(tape, e)| (*tape, e)).chain(known) {
            for collector in [Collector::None, Collector::Moving] {
                let run = self.interpret(after, collector, tape);
                self.counts.borrow_mut().interpreted += run.counts;
                if let Some(wrong) = wrong(&expected.run, &run) {
                    return Shown::Wrong(wrong, tape.to_vec());
                }
                if operands_differ(expected, &run) {
                    shown = Shown::OperandOnly;
                }
            }
        }
        shown
    }

    /// Returns decisions that lead along the path of a finding.
    pub fn steer(&self, after: &Function, finding: &Finding) -> Option<Vec<u8>> {
        let path = path(finding)?;
        steer(self.plan.arity, &path, |tape| self.interpret(after, Collector::None, tape))
    }

    /// Whether the function before spilling goes wrong when objects move. It must if a
    /// reference lives across a safepoint, since the collector is not told of it.
    pub fn needs_spilling(&self) -> bool {
        let tapes = self.explored.tapes.iter().zip(&self.expected);
        let mut runs = tapes.map(|(tape, expected)| {
            wrong(&expected.run, &self.interpret(&self.before, Collector::Moving, tape))
        });
        runs.any(|wrong| wrong.is_some())
    }

    /// Returns the blocks of a function after spilling that are entered with some decisions.
    pub fn entered(&self, after: &Function) -> BTreeSet<u32> {
        let tapes = self.explored.tapes.iter();
        let runs = tapes.map(|tape| self.interpret(after, Collector::None, tape));
        runs.flat_map(|run| run.path).map(|(block, _)| block).collect()
    }

    /// Returns both runs with some decisions, formatted for people.
    pub fn explain(&self, after: &Function, tape: &[u8]) -> String {
        let before = self.interpret(&self.before, Collector::None, tape);
        let after = self.interpret(after, Collector::Moving, tape);
        difference(&before, &after)
    }

    /// Returns the reason why a violated function did not go wrong. `finding` is the verifier's
    /// finding, and `steered` contains the decisions that lead along its path.
    pub fn reason(
        &self,
        shown: &Shown,
        after: &Function,
        finding: Option<&Finding>,
        steered: Option<&[u8]>,
    ) -> Reason {
        match (shown, steered) {
            (Shown::OperandOnly | Shown::Wrong(..), _) => Reason::NoEffect,
            (Shown::Nothing, Some(tape)) => match finding.and_then(|f| self.lost(f, tape)) {
                Some(Seen::Number(_)) => Reason::NullThere,
                Some(Seen::Object(_) | Seen::Stale(_) | Seen::Address(_)) | None => {
                    Reason::SameThere
                }
            },
            (Shown::Nothing, None) => {
                let path = finding.and_then(path).unwrap_or_default();
                match self.explored.all || is_dead(after, &path) {
                    true => Reason::DeadPath,
                    false => Reason::PathNotFound,
                }
            }
        }
    }

    /// Returns the value that a finding is about, as it is before spilling.
    fn lost(&self, finding: &Finding, tape: &[u8]) -> Option<Seen> {
        let number = finding.values.first()?.strip_prefix('v')?.parse().ok()?;
        let value = self.before.dfg.resolve_aliases(Value::from_u32(number));
        let world = World::new(&self.plan, Collector::None, tape, 0);
        interpret::last(&self.before, &self.plan, world, value)
    }
}

/// The blocks of a finding's path.
fn path(finding: &Finding) -> Option<Vec<u32>> {
    let blocks = finding
        .witness
        .iter()
        .map(|block| block.site.block.strip_prefix("block").and_then(|number| number.parse().ok()));
    blocks.collect()
}

/// Whether a branch on a path always goes another way.
fn is_dead(function: &Function, path: &[u32]) -> bool {
    path.iter().zip(path.iter().skip(1)).any(|(&from, &to)| {
        let block = Block::from_u32(from);
        always(function, block).is_some_and(|always| always.as_u32() != to)
    })
}

/// Returns the target of the branch at the end of a block, if it is a `br_table` on a constant.
fn always(function: &Function, block: Block) -> Option<Block> {
    let dfg = &function.dfg;
    let last = function.layout.last_inst(block)?;
    let InstructionData::BranchTable { arg, table, .. } = dfg.insts[last] else { return None };
    let definition = dfg.value_def(dfg.resolve_aliases(arg)).inst()?;
    let InstructionData::UnaryImm { imm, .. } = dfg.insts[definition] else { return None };
    let target = dfg.jump_tables[table].as_slice().get(usize::try_from(imm.bits()).ok()?)?;
    Some(target.block(&dfg.value_lists))
}

/// The first error of a violated function.
pub fn error(report: &Report) -> Option<&Finding> {
    let violated = report.outcome == Outcome::Violated;
    report.findings.iter().find(|f| violated && f.severity() == Severity::Error)
}

/// Runs a function before spilling, with objects at two different places. `None` if the
/// difference is visible.
fn expect(before: &Function, plan: &Plan, tape: &[u8]) -> Option<Expected> {
    let run = |skew| interpret::run(before, plan, World::new(plan, Collector::None, tape, skew));
    let (run, elsewhere) = (run(0), run(29));
    if wrong(&run, &elsewhere).is_some() || run.operands.len() != elsewhere.operands.len() {
        return None;
    }
    let operands = run.operands.iter().zip(&elsewhere.operands);
    let comparable = operands.map(|(here, there)| here == there).collect();
    Some(Expected { run, comparable })
}

/// Returns how a run goes wrong, as far as it is visible.
fn wrong(expected: &Run, run: &Run) -> Option<Wrong> {
    if let End::BadRoot(_) = run.end {
        return Some(Wrong::BadRoot);
    }
    if let End::Stuck(_) = run.end {
        return (run.end != expected.end).then_some(Wrong::Stuck);
    }
    if run.trace == expected.trace && run.end == expected.end {
        return None;
    }
    let stale = |seen: &Seen| matches!(seen, Seen::Stale(_));
    let mut events = run.trace.iter();
    let seen_stale = events.any(|event| match event {
        Effect::Call { arguments, .. } => arguments.iter().any(stale),
        Effect::Wrote { word, .. } => stale(word),
    });
    let returned_stale = matches!(&run.end, End::Returned(values) if values.iter().any(stale));
    Some(if seen_stale || returned_stale { Wrong::Stale } else { Wrong::Different })
}

/// Whether some instruction reads another operand than before spilling.
fn operands_differ(expected: &Expected, run: &Run) -> bool {
    let operands = expected.run.operands.iter().zip(&run.operands).zip(&expected.comparable);
    expected.run.operands.len() != run.operands.len()
        || operands.into_iter().any(|((a, b), comparable)| *comparable && a != b)
}

/// Formats two runs, from where they differ.
fn difference(expected: &Run, run: &Run) -> String {
    let same = expected.trace.iter().zip(&run.trace).take_while(|(a, b)| a == b).count();
    format!(
        "the same {same} times, then {:?}, not {:?}; in the end {:?}, not {:?}",
        run.trace.get(same),
        expected.trace.get(same),
        run.end,
        expected.end
    )
}
