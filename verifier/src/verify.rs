//! The entry points that decide without a certificate, or with one.

use crate::certify;
use crate::decide::{decide, either_name, solve_pair};
use crate::model::{After, Before, Value};
use crate::options::Options;
use crate::prove::pair::{Declared, NotAPair, Pair};
use crate::prove::sparse;
use crate::report::{Report, Stats};
use crate::unsupported::Unsupported;

/// Verifies that `after` does on every path what `before` does, given that the
/// values in `declared` are references to objects of a garbage collector.
///
/// Never panics, whatever the models hold, and never reports a violation that no
/// path shows.
///
/// Cost: linear in instructions and stack map entries if the pair is right; if it is
/// not, or if that takes a harder look, times the few sweeps it takes to follow
/// references around loops.
pub fn verify(before: &Before, declared: &[Value], after: &After, options: &Options) -> Report {
    verify_expecting(before, Declared { values: declared, expected: &[] }, after, options)
}

/// [`verify`], with values that are references by what else is known of the program. They
/// count as declared. Where one is needed after a safepoint and nobody declared it, that is
/// [`Code::UndeclaredByType`](crate::findings::Code::UndeclaredByType), with the reason that
/// is given for it.
///
/// Cost: as [`verify`], plus sorting the values.
pub fn verify_expecting(
    before: &Before,
    declared: Declared<'_, '_>,
    after: &After,
    options: &Options,
) -> Report {
    match options.certify {
        true => certify::certified(before, declared, after, options),
        false => decide(before, declared, after, options),
    }
}

/// The fast prover alone: proves a pair right, or says nothing (`None`). [`verify`] tries
/// this first. Warnings are not looked for, except that a pair with a location that one stack
/// map lists twice is left undecided.
///
/// It proves what the moving collector needs, which is all that any collector does.
///
/// # Errors
///
/// [`Unsupported`] if the pair is malformed, or something that matters is unknown.
///
/// Cost: linear in instructions, stack map entries, and (slot, join) pairs at which
/// the slot is needed.
pub fn prove(
    before: &Before,
    declared: &[Value],
    after: &After,
) -> Result<Option<Stats>, Unsupported> {
    match Pair::new(before, declared, after) {
        Ok(pair) => Ok(sparse::prove(&pair)),
        Err(NotAPair::Wrong) => Ok(None),
        Err(NotAPair::Unsupported(reason)) => Err(reason),
    }
}

/// [`verify`] without the fast way: solves for the contents of every block. The
/// reference that the fast way is compared with.
///
/// Cost: blocks times the slots that are live in them, times the few sweeps it takes
/// to follow references around loops.
pub fn solve(before: &Before, declared: &[Value], after: &After, options: &Options) -> Report {
    match Pair::new(before, declared, after) {
        Ok(pair) => either_name(&pair, options, |pair| solve_pair(pair, options)).0,
        Err(why) => Report::not_a_pair(&why, before, after),
    }
}
