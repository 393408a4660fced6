//! The slice of a pair that its references touch.
//!
//! Most instructions of a program touch no reference. They need no model, as long as they are the
//! same in both functions: see [`verify_slice`].

mod classes;
mod kept;
mod scan;
mod view;

use fixedbitset::FixedBitSet;
use stackmap_verifier::model::Value;
use stackmap_verifier::references::{Flow, closure};
use stackmap_verifier::{Options, Outcome, Report, Stats};

use super::before::originals;
use super::beyond::shown_alone;
use super::flows::Flows;
use super::layout::Layout;
use super::{Comparison, Known, Unknown, lower_after_only, lower_layouts};
use crate::view::Function;
use classes::Classes;
use scan::Scan;
use view::Sliced;

/// Returns the report on a pair that a slice of it shows to be right; `None` if the whole pair has
/// to be looked at to tell.
///
/// The two functions are walked in step. An instruction is left out of the slice if it is the same
/// in both functions, operands and results included, runs no collector, ends no block, and neither
/// reads nor defines a value of the set *T*. *T* contains the references (the declared values and
/// whatever copies of them reach) and all values that copies carry into one of these. Of the
/// instructions that remain, operands and results outside of *T* are left out, as are parameters
/// outside of *T* with their arguments; there, too, both functions must name the same value. What
/// remains of the two functions is compared and verified like any pair.
///
/// If the slice is right, then so is the pair. Run both functions in step. Each value outside of
/// *T* is defined by the same instruction or parameter in both, from the same values, and is read by
/// the same name, so that both functions read the same instance, by induction along the path; and
/// it is no reference, so that it never becomes stale. All reads of values in *T* are in the slice,
/// and so is all that moves or collects: the spiller's instructions, which are never the same in
/// both functions, and the safepoints. A value in *T* only receives copies of values in *T*, so the
/// slice has all instances that reads of *T* may see.
///
/// The reverse does not hold, and a report names what stands around a fault: so if the slice is not
/// verified, or has a warning, the answer is `None`. It is `None` as well if the program has stack
/// slots, if the functions have different blocks, and for anything else that is unusual. The after
/// function alone, if it may show more, is looked at as a whole.
///
/// Like [`unchanged`](super::unchanged()), this does not check that definitions of values outside
/// of *T* dominate their uses. It makes no difference between functions that are equal in this.
///
/// Cost: a walk over both functions, and that of lowering and verifying the slice.
pub fn verify_slice<F: Function>(
    before: &F,
    after: &F,
    declared: impl IntoIterator<Item = u32>,
    options: &Options,
) -> Option<Report> {
    let is_usual = !options.certify
        && before.slots().next().is_none()
        && before.facts() == after.facts()
        && before.blocks().eq(after.blocks());
    if !is_usual {
        return None;
    }
    let mine = Layout::new(before, "before").ok()?;
    let declared = originals(before, declared);
    let flows = Flows::of(&mine, Unknown::Computes);
    let mut classes = Classes::new(before, after);
    let references = flows.references(before.value_bound(), &declared);
    classes.keep(&touched(before.value_bound(), &references, &flows.copies));
    classes.watch(&shown_alone(&mine, &flows, &declared, &references));
    // Both functions have the same blocks and edges, or else there is no scan.
    let scan = Scan::of(&mine, after, classes)?;
    let sliced_before = Sliced::new(before, &scan.before, &scan.classes);
    let sliced_after = Sliced::new(after, &scan.after, &scan.classes);
    let layouts = (mine.of(&sliced_before, "before"), mine.of(&sliced_after, "after"));
    let known = Known { declared: &declared, ..Known::default() };
    let mut lowered = match lower_layouts(&layouts.0, &layouts.1, &known, Unknown::Computes).ok()? {
        Comparison::Pair(lowered) => lowered,
        Comparison::Changed(_) => return None,
    };
    let report = lowered.verify(&lowered.declared, options);
    if report.outcome != Outcome::Verified || !report.findings.is_empty() {
        return None;
    }
    let instructions = report.stats.instructions + scan.left_out;
    let report = Report::verified(Stats { instructions, ..report.stats });
    if !scan.any_lives_across {
        return Some(report);
    }
    lowered.after_only = Some(Box::new(lower_after_only(after, declared, &[]).ok()?));
    Some(lowered.with_warnings(report, &lowered.declared, options))
}

/// Returns the values that are references or that copies carry into references, by index.
fn touched(count: usize, references: &FixedBitSet, copies: &[Flow]) -> FixedBitSet {
    let backwards: Vec<Flow> = copies.iter().map(|&(from, to)| (to, from)).collect();
    closure(count, references.ones().map(Value::new), &backwards)
}
