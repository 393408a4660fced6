//! The choice of decisions with which a function is run.

use stackmap_oracle::dice::bytes;

use crate::heap::DECISIONS;
use crate::world::Run;

/// The limits of the search.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// The number of first decisions whose combinations are enumerated.
    pub depth: usize,
    /// The maximum number of combinations.
    pub combinations: usize,
    /// The number of runs with random decisions.
    pub random: u64,
}

impl Budget {
    /// For many functions.
    pub const SMALL: Budget = Budget { depth: 10, combinations: 16, random: 8 };
    /// For few.
    pub const LARGE: Budget = Budget { depth: 12, combinations: 64, random: 32 };
}

/// Runs to be made.
#[derive(Clone, Debug, Default)]
pub struct Explored {
    /// The decisions of each.
    pub tapes: Vec<Vec<u8>>,
    /// Whether no other decisions lead to a different run.
    pub all: bool,
}

/// Explores the decisions of a function: all combinations of the first ones, within the budget,
/// and random ones. `run` returns the number of decisions taken, and whether the run ended.
pub fn explore(
    arity: u8,
    budget: Budget,
    seed: u64,
    mut run: impl FnMut(&[u8]) -> (usize, bool),
) -> Explored {
    let mut explored = Explored { tapes: Vec::new(), all: false };
    let mut tape = vec![0; budget.depth];
    let mut all = true;
    for _ in 0..budget.combinations {
        let (taken, ended) = run(&tape);
        all &= ended && taken <= budget.depth;
        explored.tapes.push(tape.clone());
        // The next combination: the last decision that was taken and can be higher.
        let taken = taken.min(budget.depth);
        let Some(last) = tape[..taken].iter().rposition(|&d| d + 1 < arity) else {
            explored.all = all;
            break;
        };
        tape[last] += 1;
        tape[last + 1..].fill(0);
    }
    if !explored.all {
        for n in 0..budget.random {
            let random = bytes(seed.wrapping_mul(1009).wrapping_add(n), DECISIONS);
            explored.tapes.push(random.into_iter().map(|byte| byte % arity).collect());
        }
    }
    explored
}

/// Searches for decisions that lead along a path from the entry.
pub fn steer(arity: u8, path: &[u32], run: impl Fn(&[u8]) -> Run) -> Option<Vec<u8>> {
    let mut tape = vec![0; DECISIONS];
    let mut at = run(&tape);
    loop {
        let far = common(&at, path);
        if far == path.len() {
            return Some(tape);
        }
        // The decisions in the last block that is on the path, the latest first.
        let (_, from) = *at.path.get(far.checked_sub(1)?)?;
        let to = at.path.get(far).map_or(at.counts.decisions, |(_, taken)| *taken);
        let tries = (from..to.min(DECISIONS)).rev();
        let tries = tries.flat_map(|position| (0..arity).map(move |d| (position, d)));
        let better = tries.into_iter().find_map(|(position, decision)| {
            let mut other = tape.clone();
            other[position] = decision;
            let there = run(&other);
            (common(&there, path) > far).then_some((other, there))
        });
        (tape, at) = better?;
    }
}

/// Returns the number of blocks of a path that a run takes from its beginning.
fn common(run: &Run, path: &[u32]) -> usize {
    run.path.iter().zip(path).take_while(|((block, _), wanted)| block == *wanted).count()
}
