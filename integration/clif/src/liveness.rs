//! What the spiller's liveness analysis says of the declared values as it runs.
//!
//! Cranelift 0.119 to 0.131 does not print which values are declared, but it logs
//! each use of one that it finds (`LivenessAnalysis` in
//! cranelift/frontend/src/frontend/safepoints.rs). It asks the declared set itself,
//! whatever it makes of the answer later, and it looks at every use in every
//! reachable block. So a value with such a use is declared if and only if the log
//! says that the use was found.
//!
//! This leaves out what is declared only through an alias: the analysis looks at
//! what aliases stand for, and asks whether *that* is declared. It also leaves out
//! what no reachable instruction uses.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::names::Names;
use crate::view::{Argument, Function, Role};

/// One message of the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It goes through this block.
    Block(u32),
    /// It has found a use of this value, which is declared.
    Use(u32),
    /// It has found a safepoint.
    Safepoint,
}

impl Step {
    /// Reads a message that begins with `liveness: `; `None` if it is another, or if
    /// it says nothing that matters.
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

/// The number that a text begins with.
fn number(text: &str) -> Option<u32> {
    text.split(|char: char| !char.is_ascii_digit()).next()?.parse().ok()
}

/// All messages about one function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Liveness {
    used: FxHashSet<u32>,
    /// How often each block was gone through.
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

    /// The numbers of the values that are declared, as far as this can tell.
    pub(crate) fn used(&self) -> &FxHashSet<u32> {
        &self.used
    }

    /// Whether these are all messages about a function in which this is reachable:
    /// the analysis goes through each block at least once to find out what is live
    /// in it, and once more at the end, where it reports the safepoints.
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

/// What of a function the analysis looks at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reachable {
    /// The indices of blocks.
    blocks: FxHashSet<u32>,
    safepoints: usize,
    /// The indices of values that an instruction uses, aliases resolved.
    used: FxHashSet<u32>,
}

impl Reachable {
    /// Walks a function from its entry.
    ///
    /// Cost: linear in its size.
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

    /// Whether an instruction uses this value.
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
