//! The messages that the spiller's liveness analysis logs about declared values.
//!
//! Cranelift 0.119 to 0.131 does not print which values are declared, but it logs each use of a
//! declared value that it finds (`LivenessAnalysis` in
//! cranelift/frontend/src/frontend/safepoints.rs). It queries the declared set itself, whatever it
//! does with the answer later, and it visits every use in every reachable block. So a value with
//! such a use is declared if and only if the log contains a message for the use.
//!
//! The messages do not cover values that are declared only through an alias: the analysis resolves
//! aliases first, and queries whether the *resolved* value is declared. Nor do they cover values
//! that no reachable instruction uses.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::names::Names;
use crate::view::{Argument, Function, Role};

/// A message of the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The analysis traverses this block.
    Block(u32),
    /// The analysis found a use of this value, which is declared.
    Use(u32),
    /// The analysis found a safepoint.
    Safepoint,
}

impl Step {
    /// Parses a message that begins with `liveness: `; returns `None` for any other message and for
    /// messages that carry no relevant information.
    pub fn parse(message: &str) -> Option<Step> {
        let message = message.strip_prefix("liveness: ")?;
        if let Some(block) = message.strip_prefix("traversing block") {
            return Some(Step::Block(number(block)?));
        }
        let found = message.strip_prefix("  found ")?;
        if found.starts_with("safepoint: ") {
            return Some(Step::Safepoint);
        }
        let (value, rest) = found.strip_prefix("use of v")?.split_once(',')?;
        rest.starts_with(" marking it live: ").then_some(Step::Use(value.parse().ok()?))
    }
}

/// Returns the number at the beginning of a text.
fn number(text: &str) -> Option<u32> {
    text.split(|char: char| !char.is_ascii_digit()).next()?.parse().ok()
}

/// The messages of the analysis about one function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Liveness {
    used: FxHashSet<u32>,
    /// The number of times that each block was traversed.
    visits: FxHashMap<u32, u32>,
    safepoints: usize,
}

impl Liveness {
    /// Adds a message.
    pub fn add(&mut self, step: Step) {
        match step {
            Step::Block(block) => *self.visits.entry(block).or_default() += 1,
            Step::Safepoint => self.safepoints += 1,
            Step::Use(value) => {
                self.used.insert(value);
            }
        }
    }

    /// Returns the numbers of the values known to be declared because a use was logged.
    pub(crate) fn used(&self) -> &FxHashSet<u32> {
        &self.used
    }

    /// Returns whether these are all messages about a function whose reachable part is `reachable`:
    /// the analysis traverses each block at least once to compute its live-ins, and once more at
    /// the end, when it reports the safepoints.
    pub(crate) fn is_complete(&self, reachable: &Reachable, names: &Names) -> bool {
        let twice = |block: u32| {
            let visits = self.visits.get(&names.blocks.number(block));
            visits.is_some_and(|&visits| visits >= 2)
        };
        self.visits.len() == reachable.blocks.len()
            && reachable.blocks.iter().all(|&block| twice(block))
            && self.safepoints == reachable.safepoints
    }
}

/// The part of a function that the analysis visits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reachable {
    /// The indices of the reachable blocks.
    blocks: FxHashSet<u32>,
    safepoints: usize,
    /// The indices of the values used by a reachable instruction, with aliases resolved.
    used: FxHashSet<u32>,
}

impl Reachable {
    /// Collects the reachable part of a function, starting from its entry block.
    ///
    /// Cost: linear in the size of the function.
    pub(crate) fn of<F: Function>(view: &F) -> Reachable {
        let mut reachable = Reachable::default();
        let mut open: Vec<u32> = view.blocks().take(1).collect();
        reachable.blocks.extend(&open);
        while let Some(block) = open.pop() {
            for instruction in view.instructions(block) {
                reachable.safepoints += usize::from(view.role(instruction) == Role::Safepoint);
                let operands = view.operands(instruction).map(|value| view.resolve(value));
                reachable.used.extend(operands);
                for edge in view.edges(instruction) {
                    let passed = view.arguments(edge).filter_map(|argument| match argument {
                        Argument::Value(value) => Some(view.resolve(value)),
                        Argument::Return(_) | Argument::Exception(_) => None,
                    });
                    reachable.used.extend(passed);
                    let target = view.target(edge);
                    if reachable.blocks.insert(target) {
                        open.push(target);
                    }
                }
            }
        }
        reachable
    }

    /// Returns whether a reachable instruction uses this value.
    pub(crate) fn uses(&self, value: u32) -> bool {
        self.used.contains(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages() {
        let parse = |message| Step::parse(message);
        assert_eq!(parse("liveness: traversing block12"), Some(Step::Block(12)));
        assert_eq!(
            parse("liveness:   found use of v8, marking it live: inst37: return v8"),
            Some(Step::Use(8))
        );
        assert_eq!(
            parse("liveness:   found safepoint: inst32: v23 = call fn2(v21)"),
            Some(Step::Safepoint)
        );
        assert_eq!(parse("liveness:     live set = {v8, v21}"), None);
        assert_eq!(parse("liveness:   defining v8, removing it from the live set"), None);
        assert_eq!(parse("liveness:   found use of v8"), None);
        assert_eq!(parse("rewriting:   found safepoint: inst32: v23 = call fn2(v21)"), None);
    }
}
