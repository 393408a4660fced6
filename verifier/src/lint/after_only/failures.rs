//! The observations that fail, and how they do.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::accesses::Tick;
use super::defects::{Defect, Failed, Observation, Shown};
use super::keepers::Keeping;
use super::question::{Failure, Want, Wrong};
use super::references::References;
use super::search::{Exhausted, Search};
use super::timeline::Timeline;
use crate::Collector;
use crate::explain::Places;
use crate::findings::{Code, Subject};
use crate::model::Location;
use crate::prove::pair::Point;
use crate::unsupported::Unsupported;

/// The maximum number of edges on the paths of all defects. If it is exceeded, the search for
/// defects stops.
const MOST_HOPS: usize = 1 << 22;

/// The observations that fail, grouped by defect.
#[derive(Default)]
pub(super) struct Failures {
    pub(super) by_defect: BTreeMap<Defect, Shown>,
    pub(super) undecided: Option<Unsupported>,
    /// The roots that may keep a copy for some observation, with the safepoint.
    pub(super) kept: FxHashSet<(Tick, Location)>,
    /// Whether the limit on path edges was reached, so that the remaining observations were not
    /// checked.
    pub(super) is_cut: bool,
}

/// Checks the observations of a program.
pub(super) struct Observer<'o, 'p> {
    pub(super) timeline: &'o Timeline<'p>,
    pub(super) references: &'o References,
    pub(super) collector: Collector,
}

impl Observer<'_, '_> {
    /// Checks those of the observations that `matters` selects, and returns those that fail.
    pub(super) fn failures(&self, matters: impl Fn(&Observation) -> bool) -> Failures {
        let keeping = match self.collector {
            Collector::Moving => None,
            Collector::NonMoving => Some(Keeping::new(self.timeline)),
        };
        let mut search = Search::new(self.timeline, self.references, keeping);
        let mut failures = Failures::default();
        let asked = (0..).zip(self.observations());
        let mut asked: Vec<(usize, Observation)> =
            asked.filter(|(_, observation)| matters(observation)).collect();
        // In order of location: what a search remembers is of most use to those of near ones.
        asked.sort_by_key(|&(_, (_, _, at, _))| at);
        let mut undecided: Option<(usize, Unsupported)> = None;
        let mut hops = 0;
        for (number, (tick, point, at, want)) in asked {
            let Ok(failed) = self.failure(&mut search, tick, at, want) else {
                let what = "whether more goes wrong: that would take too long".to_owned();
                undecided.get_or_insert((number, Unsupported::Undecided { what }));
                failures.is_cut = true;
                break;
            };
            let Some((failure, want)) = failed else { continue };
            let Some(code) = self.code(failure.wrong, want) else {
                if undecided.as_ref().is_none_or(|&(first, _)| number < first) {
                    undecided = Some((number, self.undecided(point, at, &failure)));
                }
                continue;
            };
            let what = match code.subject() {
                Subject::Value => failure.at,
                Subject::Slot | Subject::Instruction | Subject::MachineCode => at,
            };
            let defect = failures.by_defect.entry((code, what, failure.since)).or_default();
            if defect.is_empty() {
                hops += failure.hops.len();
            }
            defect.add(Failed { number, point, at, want, failure });
            if hops > MOST_HOPS {
                // The defects found up to here may all be warnings.
                let what = "whether more goes wrong than on paths of millions of edges".to_owned();
                undecided.get_or_insert((number, Unsupported::Undecided { what }));
                failures.is_cut = true;
                break;
            }
        }
        failures.undecided = undecided.map(|(_, reason)| reason);
        for &safepoint in &self.timeline.safepoints {
            let operands = self.timeline.used_with(safepoint);
            operands.for_each(|at| search.keep_operand(safepoint, at));
        }
        failures.kept = search.kept();
        failures
    }

    /// Returns how an observation fails, and the requirement that it violates. More severe
    /// requirements are checked first.
    fn failure(
        &self,
        search: &mut Search<'_, '_>,
        tick: Tick,
        at: Location,
        want: Want,
    ) -> Result<Option<(Failure, Want)>, Exhausted> {
        let float = |root| match self.timeline.point(tick) {
            Some(point) => self.timeline.program.is_float_root(point.instruction, root),
            None => false,
        };
        let asked: &[Want] = match want {
            Want::Address if self.collector == Collector::NonMoving => {
                &[Want::Address, Want::Remade, Want::Derived]
            }
            Want::Address => &[Want::Address, Want::Derived],
            Want::Root if float(at) => &[Want::Root, Want::Object],
            Want::Root => &[Want::Root, Want::Integer, Want::Object, Want::Unboxed],
            Want::Fresh => &[Want::Fresh],
            Want::Received => &[Want::Received],
            Want::Spilled
            | Want::Integer
            | Want::Unboxed
            | Want::Object
            | Want::Number
            | Want::Remade
            | Want::Derived => &[],
        };
        for &want in asked {
            if let Some(failure) = search.failure(tick, at, want)? {
                return Ok(Some((failure, want)));
            }
        }
        Ok(None)
    }

    /// Returns the code under which a failure is reported, or `None` if it is not certain that
    /// the observation fails.
    fn code(&self, wrong: Wrong, want: Want) -> Option<Code> {
        match (wrong, want) {
            (Wrong::Stale { .. }, Want::Root) => Some(Code::StaleRoot),
            (Wrong::Stale { .. }, Want::Derived) => Some(Code::StaleAddress),
            (
                Wrong::Stale { .. },
                Want::Spilled
                | Want::Integer
                | Want::Unboxed
                | Want::Object
                | Want::Number
                | Want::Fresh
                | Want::Address
                | Want::Remade
                | Want::Received,
            ) => Some(Code::StaleReference),
            (Wrong::Undeclared, _) => Some(Code::UndeclaredFlow),
            (Wrong::Uninitialized, _) => Some(Code::UninitializedRoot),
            (Wrong::Mixed | Wrong::NoObject | Wrong::Float(_), _) => Some(Code::NonReferenceRoot),
            (Wrong::InObject { .. } | Wrong::InFrame | Wrong::Boxed | Wrong::Undefined, _) => None,
        }
    }

    /// Returns the reason why it is not certain that an observation fails.
    fn undecided(&self, point: Point, at: Location, failure: &Failure) -> Unsupported {
        let places = Places { after: self.timeline.after() };
        let block = places.site(point).block;
        let made = places.location(failure.at);
        let what = match failure.wrong {
            Wrong::InObject { claim } => format!(
                "the root {} in {block} holds what is computed from the reference {}: an address \
                 in an object, or a tagged number",
                places.location(at),
                places.location(claim)
            ),
            Wrong::InFrame => format!(
                "the root {} in {block} holds what is computed from {made}, an address in the \
                 frame or of code: no reference, unless it is a tagged number",
                places.location(at),
            ),
            Wrong::Boxed => format!(
                "the root {} in {block} holds the bits of {made}, a floating-point number or \
                 vector: no reference, unless it is one in a box",
                places.location(at),
            ),
            Wrong::Undefined
            | Wrong::Undeclared
            | Wrong::Stale { .. }
            | Wrong::Uninitialized
            | Wrong::Mixed
            | Wrong::NoObject
            | Wrong::Float(_) => {
                format!("{made} is used in {block} on a path that does not define it")
            }
        };
        Unsupported::Undecided { what }
    }
}
