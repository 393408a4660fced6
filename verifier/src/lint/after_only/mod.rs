//! Verification of a function without its *before* program: its roots, and the copies it uses.
//!
//! A *pair* states what the program means, and the function *after* can be compared with it.
//! For a function alone (for example an optimized one, in which nothing is where the spiller
//! put it), the value that a reload should give is unknown. But a stack map is a claim of its
//! own: *this slot holds a reference here, and the collector keeps it up to date*. This module
//! checks the function against the claims of its stack maps.
//!
//! # The statement
//!
//! Run the program along one path. A location holds a **copy** of the value that
//! was made by a definition (or nothing yet, or bytes of several values), and a
//! moved value is copied as it is: by a spill, a reload, a block parameter, a
//! `select` or a `bitcast`.
//!
//! * A value is **claimed** to be a reference if it is *declared*, or if it is *spilled*: moved
//!   to a cell that a safepoint lists on some path before the cell is written again. The
//!   destination of a copy of a claimed value is a reference, too. The source of a copy to a
//!   claimed value is not: a parameter may be declared and receive a number.
//! * At a safepoint every object moves. A cell that the stack map lists is updated. Every other
//!   copy of a reference is **stale** from there on.
//!
//! Verified means that, on all paths,
//!
//! 1. a root was written, as one whole value, before the safepoint that lists it;
//! 2. the contents of a root are not stale, and are not an address in the frame or of code;
//! 3. no stale copy is stored to memory, passed, returned or dereferenced.
//!
//! The dereference of an address that was derived from a stale copy (by `iadd`, `isub`, or an
//! extension) is a *warning*, SM105. It is as wrong if the call may collect. But while every
//! call is claimed to be a safepoint for references, it is not for addresses: a compiler that
//! knows that a call does not collect may keep an address live across it, and Wasmtime does.
//!
//! A stale copy may be *examined*: tested for null, compared, masked for its tag bits. An
//! optimizer moves such pure operations past calls, where they give the same result, and the
//! result is an ordinary value.
//!
//! # Why each violation is a fault
//!
//! Either a claimed value is a reference, and then the program uses a pointer to the former
//! place of an object; or it is not, and then a stack map lists a value that is not a
//! reference. Both are wrong, so the verdict depends on a single assumption about the compiler:
//! *a value is a reference for all its life or never, and a reference is the address of an
//! object that moves*. There are two exceptions, which are not reported:
//!
//! * A **constant** never moves, whatever it is declared to be: null, a small integer with its
//!   tag, the address of static data.
//! * A value that is **computed** from others may be a tagged integer (`i31`), which may be in
//!   a root and does not move. It counts as a reference if it is declared. If it is only
//!   spilled, the only restriction is that it must not be dereferenced when stale: an integer
//!   never is.
//!
//! The assumption can be wrong in one remaining case: an optimizer that replaces a declared
//! parameter by its only argument merges two values, one of which was declared and the other
//! not. If the argument is a tagged integer that was not computed in this function but loaded
//! or passed in, its use after a safepoint looks like that of a stale copy.
//!
//! All paths count as feasible, and a `select` may give either operand.
//!
//! # Limitations
//!
//! The following is not shown:
//!
//! * That a reload gives the value the program meant. If two spills reach one reload, that is
//!   reported (SM103), but only a pair can show that two live values share a slot (SM001).
//! * That every reference is in the map. A value that is neither declared nor ever spilled
//!   cannot be distinguished from an integer.
//! * Anything about an address that went through `band`, shifts or multiplication, or through
//!   memory other than a stack slot.
//!
//! # Collectors that do not move objects
//!
//! Under a collector that does not move objects, a copy is left behind at a safepoint only if
//! no root of its stack map holds the same run-time value, on this path. That is a property of
//! two locations, and the search includes both in its state: see `keepers`. The result of a
//! movable load, from memory that never changes, is lost only with the object that contains the
//! memory, if there is one. An address that is derived after the safepoint from a copy that was
//! left behind is as wrong as the copy (`Want::Remade`, SM003); one that was derived before it
//! is SM105, as above.
//!
//! # The domain
//!
//! The search checks one requirement on one location at a time (`search::Want`). Its state is
//! the location, the requirement, whether a safepoint was crossed, and which value claims the
//! copy to be a reference (`search::Moved`). In terms of sets, each location has the set of
//! *(definition, fresh or stale, claimed or not, exact or an address derived from it)* that
//! some path brings it; order: inclusion; join: union; transfer: pointwise, since the effect of
//! a step on a location depends on that location alone, or on one that is copied to it. So the
//! analysis is distributive, and exact: an element is in the fixpoint if and only if some path
//! brings it. The search finds one element at a time, backwards, and only elements that would
//! be failures:
//!
//! | step | the requirement on `l` behind it becomes, before it, |
//! |---|---|
//! | move `m` to `l` | the requirement on `m` |
//! | define `l` | answered by the kind of value, or the requirement on the source of the copy |
//! | overwrite part of `l` | answered: a root must not be overwritten in part |
//! | safepoint that lists `l` | answered: `l` is up to date, and is an observation there |
//! | safepoint that does not | the same requirement, and a reference would be stale |
//! | entry | answered: a root must be initialized; a parameter is a definition |
//! | edge | the requirement on the argument, if `l` is a parameter |
//!
//! Requirements on values that nothing claims, and that are not copied to claimed ones, are
//! never checked, and states that are free of failures are remembered. References do not live
//! long in SSA values across safepoints, and a root that is certainly up to date is not followed
//! through the blocks (see `settled`), so in practice the search is linear in instructions and
//! stack map entries.
//!
//! `tests/oracle/src/alone/naive.rs` executes the definition on small random programs, state by
//! state. Both must agree on each observation, and on the path with which it is reported.

mod accesses;
mod cells;
mod defects;
mod failures;
mod flows;
mod hazards;
mod idle;
mod keepers;
mod observations;
mod program;
mod question;
mod references;
mod report;
mod search;
mod settled;
mod sm003;
mod sm005;
mod sm006;
mod sm007;
mod sm103;
mod sm104;
mod sm105;
mod sm106;
mod spills;
mod steps;
mod timeline;
mod trail;

use fixedbitset::FixedBitSet;

use crate::findings::{Finding, is_violated};
use crate::model::Location;
use crate::options::Options;
use crate::report::{Outcome, Report, Stats};
use crate::unsupported::Unsupported;
pub use program::{AfterOnly, AfterOnlyBuilder, Making, Role};
use references::References;
use report::{Reporter, Said};
use timeline::Timeline;

/// Verifies the after program without the before program. `declared` contains values known to
/// be references; there may be others.
///
/// Never panics, whatever the model contains.
///
/// Cost: linear in instructions and stack map entries, plus slots times blocks over 64, plus the
/// blocks between the observations and the causes of what goes wrong or what is followed through
/// values that are not reloaded. The last is limited, in proportion to the program: beyond that
/// the program is unsupported. Memory is linear in the program, and for each defect in its path.
pub fn verify_after_only(program: &AfterOnly, declared: &[Location], options: &Options) -> Report {
    let mut stats = Stats::default();
    let (outcome, findings) = match verify(program, declared, options, &mut stats) {
        // A violation is reported even if something else could not be decided.
        Ok(Said { findings, .. }) if is_violated(&findings) => (Outcome::Violated, findings),
        Ok(Said { findings, undecided: None }) => (Outcome::Verified, findings),
        Ok(Said { undecided: Some(reason), .. }) | Err(reason) => {
            (Outcome::Unsupported(reason), Vec::new())
        }
    };
    Report { outcome, findings, stats, certified: false }
}

/// Returns the warnings of [`verify_after_only`] that a pair does not show, since they are about
/// values that are no references to it: SM105 and SM106. `declared` are the declared references.
///
/// For a program that is not a valid model, or has a defect that [`verify_after_only`] would report
/// as undecided, there may be none.
///
/// Cost: as for [`verify_after_only`].
pub fn warnings_of_pair(
    program: &AfterOnly,
    declared: &[Location],
    options: &Options,
) -> Vec<Finding> {
    let Ok(timeline) = Timeline::new(program) else { return Vec::new() };
    let references = References::new(&timeline, declared);
    let collector = options.collector;
    Reporter { timeline: &timeline, references: &references, collector }.of_pair()
}

fn verify(
    program: &AfterOnly,
    declared: &[Location],
    options: &Options,
    stats: &mut Stats,
) -> Result<Said, Unsupported> {
    let timeline = Timeline::new(program)?;
    let references = References::new(&timeline, declared);
    *stats = count(&timeline, &references);
    let collector = options.collector;
    Ok(Reporter { timeline: &timeline, references: &references, collector }.said())
}

fn count(timeline: &Timeline<'_>, references: &References) -> Stats {
    let after = timeline.after();
    let mut slots = FixedBitSet::with_capacity(after.slots().len());
    let mut shared = FixedBitSet::with_capacity(after.slots().len());
    for at in after.locations() {
        let Some(cell) = after.cell(at) else { continue };
        if cell.slot.index() >= after.slots().len() || !timeline.is_root(at) {
            continue;
        }
        slots.insert(cell.slot.index());
        let mut sources = timeline.accesses(at).iter().filter_map(|(_, access)| access.source());
        let first = sources.next();
        if sources.any(|source| Some(source) != first) {
            shared.insert(cell.slot.index());
        }
    }
    Stats {
        blocks: timeline.blocks.len(),
        instructions: timeline.blocks.iter().map(|&b| after.instructions(b).len()).sum(),
        references: references.count(timeline),
        safepoints: timeline.safepoints.len(),
        roots: timeline.safepoints.iter().map(|&s| timeline.roots(s).len()).sum(),
        slots: slots.count_ones(..),
        shared_slots: shared.count_ones(..),
    }
}
