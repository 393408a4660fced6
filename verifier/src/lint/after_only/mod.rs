//! Verification of a function without its *before* program: its roots, and the copies it uses.
//!
//! A *pair* says what the program meant, and the function *after* can be compared
//! with it. Of a function alone (an optimized one, say, in which nothing is where
//! the spiller put it) nobody knows which value a reload should give. But a stack
//! map is a claim of its own: *what is in this slot here is a reference, and I keep
//! it up to date*. This module holds the function to what its stack maps claim.
//!
//! # The statement
//!
//! Run the program along one path. A location holds a **copy** of the value that
//! was made by a definition (or nothing yet, or bytes of several values), and a
//! moved value is copied as it is: by a spill, a reload, a block parameter, a
//! `select` or a `bitcast`.
//!
//! * A value is **claimed** to be a reference if it is *declared*, or if it is
//!   *spilled*: moved to a cell that a safepoint lists on some path before the cell
//!   is written again. What a claimed value is copied to is a reference, too. What
//!   it was copied *from* is not: a parameter may be declared and receive a number.
//! * At a safepoint every object moves. A cell that the stack map lists is updated.
//!   Every other copy of a reference is **stale** from there on.
//!
//! Verified means that, on all paths,
//!
//! 1. a root was written, as one whole value, before the safepoint that lists it;
//! 2. what a root holds is not stale, and is no address in the frame or of code;
//! 3. no stale copy is stored to memory, passed, returned or dereferenced.
//!
//! An address that was made from a stale copy (by `iadd`, `isub`, or an extension) and
//! is dereferenced is a *warning*, SM105. It is as wrong if the call may collect. But
//! what is claimed of references, that every call is a safepoint to them, is not
//! claimed of addresses: a compiler that knows that a call does not collect may keep
//! one across it, and Wasmtime does.
//!
//! A stale copy may be *examined*: tested for null, compared, masked for its tag
//! bits. An optimizer moves such pure operations past calls, and they give the same
//! there; what they give is a value like any other.
//!
//! # Why a violation is one
//!
//! Either a claimed value is a reference, and then the program uses a pointer to
//! where an object was; or it is not, and then a stack map lists what is no
//! reference. Both are wrong, so the verdict needs to know nothing of the compiler
//! but this: *a value is a reference for all its life or never, and a reference is
//! the address of an object that moves*. That has two exceptions, which are not
//! reported:
//!
//! * A **constant** moves with nothing, whatever it is declared to be: null, a small
//!   integer with its tag, the address of static data.
//! * A value that is **computed** from others may be a tagged integer (`i31`), which
//!   may be in a root and does not move. It counts as a reference if it is declared.
//!   If it is only spilled, it must not be dereferenced when stale, and no more: an
//!   integer never is.
//!
//! One case remains in which the sentence in italics can be wrong: an optimizer
//! that replaces a declared parameter by its only argument makes two values one, of
//! which one was declared and the other not. If the argument is a tagged integer
//! that was not computed in this function but loaded or passed in, its use behind a
//! safepoint looks like that of a stale copy.
//!
//! All paths count as feasible, and a `select` may give either operand.
//!
//! # What it does not show
//!
//! * That a reload gives the value the program meant. Where two spills reach one
//!   reload it says so (SM103), and no more: that two live values share a slot
//!   (SM001) shows only in a pair.
//! * That every reference is in the map. A value that is neither declared nor ever
//!   spilled cannot be told from an integer.
//! * Anything about an address that went through `band`, shifts or multiplication,
//!   or through memory other than a stack slot.
//!
//! # Objects that stay
//!
//! Under a collector that does not move objects a copy is left behind at a safepoint
//! only if no root of its stack map holds the same run-time value, on this path. That is
//! a question about two locations, and the search takes both along: see `keepers`. What a
//! movable load gives, from memory that never changes, is lost with the object that the
//! memory is in, or never. An address that is made behind the safepoint from what was
//! left behind is no better than that (`Want::Remade`, SM003); one that was made before
//! it is SM105, as above.
//!
//! # The domain
//!
//! One question is asked of one location at a time (`search::Want`); the state of
//! the search is the location, the question, and whether a safepoint was crossed and
//! who claims the copy to be a reference (`search::Moved`). In terms of sets, each
//! location has the set of *(definition, fresh or stale, claimed or not, exact or
//! an address made from it)* that some path brings it; order: inclusion; join: union; transfer:
//! pointwise, since what a step does to a location depends on that location, or on
//! one that is copied to it. So the analysis is distributive, and exact: an element
//! is in the fixpoint if and only if some path brings it. The search finds one
//! element at a time, backwards, and only those that would be wrong:
//!
//! | step | the question about `l` behind it becomes, before it, |
//! |---|---|
//! | move `m` to `l` | the question about `m` |
//! | define `l` | answered: by what it is, or the question about what it copies |
//! | overwrite part of `l` | answered: a root must not be that |
//! | safepoint that lists `l` | answered: it is up to date, and asked about there |
//! | safepoint that does not | the same question, and a reference would be stale |
//! | entry | answered: a root must not be that; a parameter is a definition |
//! | edge | the question about the argument, if `l` is a parameter |
//!
//! Values that nothing claims, or copies to what is claimed, are never asked about,
//! and states with a good answer are remembered. References do not live long in SSA
//! values across safepoints, and a root is asked about only back to the safepoint
//! before, so that the search is linear in instructions and stack map entries in
//! practice.
//!
//! `tests/oracle/src/alone/naive.rs` is the definition, run on small random programs
//! state by state; both must agree, on each observation and on the path it is reported
//! with.

mod cells;
mod defects;
mod events;
mod flows;
mod hazards;
mod idle;
mod keepers;
mod program;
mod question;
mod references;
mod report;
mod search;
mod sm003;
mod sm005;
mod sm006;
mod sm007;
mod sm103;
mod sm104;
mod sm105;
mod spills;
mod steps;
mod timeline;
mod trail;

use fixedbitset::FixedBitSet;

use crate::findings::is_violated;
use crate::model::Location;
use crate::options::Options;
use crate::report::{Outcome, Report, Stats};
use crate::unsupported::Unsupported;
use events::Event;
pub use program::{AfterOnly, AfterOnlyBuilder, Making, Role};
use references::References;
use report::{Reporter, Said};
use timeline::Timeline;

/// Checks what the after program shows without the before program. `declared` are
/// values known to be references; there may be others.
///
/// Never panics, whatever the model holds.
///
/// Cost: linear in instructions, stack map entries and the live ranges of
/// references, in blocks: slots times blocks at worst. Memory is linear in the program, and
/// for each defect in its path.
pub fn verify_after(program: &AfterOnly, declared: &[Location], options: &Options) -> Report {
    let mut stats = Stats::default();
    let (outcome, findings) = match verify(program, declared, options, &mut stats) {
        // What is wrong is wrong, whatever else could not be decided.
        Ok(Said { findings, .. }) if is_violated(&findings) => (Outcome::Violated, findings),
        Ok(Said { findings, undecided: None }) => (Outcome::Verified, findings),
        Ok(Said { undecided: Some(reason), .. }) | Err(reason) => {
            (Outcome::Unsupported(reason), Vec::new())
        }
    };
    Report { outcome, findings, stats, certified: false }
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
        let events = timeline.events(at);
        if cell.slot.index() >= after.slots().len()
            || !events.iter().any(|&(_, event)| event == Event::Listed)
        {
            continue;
        }
        slots.insert(cell.slot.index());
        let mut sources = events.iter().filter_map(|&(_, event)| match event {
            Event::Copied(from) => Some(from),
            Event::Passed(_)
            | Event::Made(_)
            | Event::Null
            | Event::Unknown
            | Event::Clobbered
            | Event::Listed
            | Event::Read => None,
        });
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
