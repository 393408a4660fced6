//! The order in which a case is made smaller.

use stackmap_verifier::findings::{Code, Finding};
use thiserror::Error;

use crate::case::Case;
use crate::oracle::{Answer, Oracle};
use crate::passes;
use crate::search::{Progress, Search};

/// The smallest case that was found.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// The case.
    pub case: Case,
    /// What is found in it.
    pub answer: Answer,
    /// The code of the finding that was kept.
    pub code: Code,
}

impl Reduced {
    /// Returns the finding that was kept.
    pub fn finding(&self) -> Option<&Finding> {
        self.answer.finding(self.code)
    }
}

/// The finding is not in the case to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} is not found in the function as it is taken apart")]
pub struct NotFound(pub Code);

/// A change that makes cases smaller.
type Pass = fn(&mut Search<'_>);

/// The changes, the coarse ones first.
const PASSES: [Pass; 20] = [
    passes::blocks,
    passes::declarations,
    passes::decoration,
    passes::single_edges,
    passes::rows,
    passes::slots,
    passes::rows_with_results,
    passes::block_params,
    passes::unify,
    passes::tail_calls,
    passes::plain_calls,
    passes::signatures,
    passes::returns,
    passes::direct,
    passes::callees,
    passes::insertions,
    passes::entries,
    passes::declared,
    passes::merge,
    passes::thread,
];

/// What makes cases tidier rather than smaller, after each round.
const TIDYING: [Pass; 3] = [passes::entry_params, passes::declarations, passes::plain_returns];

/// The maximum number of rounds; each but the last makes the case smaller.
const MOST_ROUNDS: usize = 24;

/// Makes a case as small as possible in which a code is still found. The result is never larger than
/// the case, and depends on nothing but the arguments.
///
/// Cost: a few questions to the oracle for each part that stays, in the end; fewer than a few hundred
/// for what is left of functions of any size.
///
/// # Errors
///
/// Returns [`NotFound`] if the code is not found in the case itself.
pub fn reduce(
    case: Case,
    code: Code,
    oracle: &mut dyn Oracle,
    progress: &mut dyn FnMut(Progress),
) -> Result<Reduced, NotFound> {
    let mut search = Search::new(case, code, oracle, progress).ok_or(NotFound(code))?;
    let mut smallest = (search.case.clone(), search.answer.clone());
    for _ in 0..MOST_ROUNDS {
        PASSES.iter().chain(&TIDYING).for_each(|pass| pass(&mut search));
        if search.case.size() >= smallest.0.size() {
            break;
        }
        smallest = (search.case.clone(), search.answer.clone());
    }
    (search.case, search.answer) = smallest;
    let size = search.case.size();
    let plain = (search.case.clone(), search.answer.clone());
    passes::renumbered(&mut search);
    if search.case.size() > size {
        (search.case, search.answer) = plain;
    }
    let (case, answer) = (search.case, search.answer);
    Ok(Reduced { case, answer, code })
}
