//! Functions of one Cranelift in memory: lowers a function and its rewritten form to the
//! verifier's model.
//!
//! The lowering is that of `stackmap-clif`; the modules here are a view of Cranelift's data
//! structures.
//!
//! Nothing here may name what only some versions of Cranelift have: see [`drift`].

mod access;
mod declarations;
mod drift;
mod facts;
mod flags;
mod immediates;
pub(super) mod opcode;
mod printed;
mod same;
mod slots;
mod tables;
pub(super) mod tags;
mod view;

use super::{codegen, support};
use codegen::ir::{Function, Inst, Value};
use printed::Particular;
use support::clif::expected::Reference;
use support::clif::lower::{self, Known};
use support::clif::view::Access;
use support::verifier;
use support::{AfterOnlyFunction, Comparison, LowerError, Options, Report};
use view::View;

/// The version of the Cranelift that this module is compiled against, such as `0.135.8`.
pub const VERSION: &str = codegen::VERSION;

/// Returns the minor version of [`VERSION`], such as 135; 0 if it has none.
pub fn minor() -> u32 {
    VERSION.split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap_or(0)
}

/// Lowers a pair of functions: the spiller's input and its output.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the two functions is unknown that the proof depends
/// on.
///
/// Cost: linear in the size of both functions.
pub fn lower(
    before: &Function,
    declared: impl IntoIterator<Item = Value>,
    after: &Function,
) -> Result<Comparison, LowerError> {
    lower_views(&View::new(before), declared, &View::new(after))
}

/// Verifies a pair of functions: the spiller's input and its output.
///
/// Equivalent to [`lower()`] followed by `Comparison::verify`, but much cheaper: no model is made of
/// what no reference touches, and none at all of two equal functions without safepoints; unless a
/// certificate is requested.
///
/// # Errors
///
/// The same as [`lower()`].
///
/// Cost: as for `stackmap_verifier::verify`. With Cranelift before 0.127, also that of a copy of each
/// function.
pub fn verify(
    before: &Function,
    declared: &[Value],
    after: &Function,
    options: &Options,
) -> Result<Report, LowerError> {
    if let Some(report) = scanned(before, declared, after, options) {
        return Ok(report);
    }
    verify_views(&View::new(before), declared, &View::new(after), options)
}

/// [`verify`], with what is declared taken at its word: a value that is not declared is no reference,
/// even if one flows into it. Nothing is said of addresses in objects and of undeclared values. For
/// compilers that declare values at random, as fuzzers do.
///
/// # Errors
///
/// The same as [`lower()`].
///
/// Cost: as for [`verify`]; where that finds anything, everything is modelled.
pub fn verify_only_declared(
    before: &Function,
    declared: &[Value],
    after: &Function,
    options: &Options,
) -> Result<Report, LowerError> {
    let (before, after) = (View::new(before), View::new(after));
    let declared: Vec<u32> = before.indices(declared.iter().copied()).collect();
    // A value that only becomes a reference by what flows into it is held to more there.
    let sliced = lower::verify_slice(&before, &after, declared.iter().copied(), options);
    if let Some(report) = sliced.filter(|report| report.findings.is_empty()) {
        return Ok(report);
    }
    let known = Known { declared: &declared, only_declared: true, ..Known::default() };
    Ok(lower::lower_knowing(&before, &after, &known)?.verify(options))
}

/// [`verify`], with values that are references whether or not they are declared, each with the
/// reason, which completes "the value is ...". If one is needed after a safepoint and is not
/// declared, that is SM012.
///
/// # Errors
///
/// The same as [`lower()`].
///
/// Cost: as for [`verify`] with a certificate: everything is modelled.
pub fn verify_expecting(
    before: &Function,
    declared: &[Value],
    expected: &[(Value, String)],
    after: &Function,
    options: &Options,
) -> Result<Report, LowerError> {
    if expected.is_empty() {
        return verify(before, declared, after, options);
    }
    let (before, after) = (View::new(before), View::new(after));
    let expected = expected.iter().filter(|(value, _)| before.exists(*value));
    let expected =
        expected.map(|(value, reason)| Reference { value: value.as_u32(), reason: reason.clone() });
    let expected: Vec<Reference> = expected.collect();
    let declared: Vec<u32> = before.indices(declared.iter().copied()).collect();
    let known = Known { declared: &declared, expected: &expected, ..Known::default() };
    Ok(lower::lower_knowing(&before, &after, &known)?.verify(options))
}

/// [`verify`], of functions that nobody else has. They are the same afterwards as before. It copies
/// neither of them, whatever the version.
pub(super) fn verify_mut(
    before: &mut Function,
    declared: &[Value],
    after: &mut Function,
    options: &Options,
) -> Result<Report, LowerError> {
    if let Some(report) = scanned(before, declared, after, options) {
        return Ok(report);
    }
    let (mine, theirs) = (Particular::of_mut(before), Particular::of_mut(after));
    verify_views(&View::with(before, mine), declared, &View::with(after, theirs), options)
}

fn verify_views(
    before: &View<'_>,
    declared: &[Value],
    after: &View<'_>,
    options: &Options,
) -> Result<Report, LowerError> {
    let declared = || declared.iter().copied();
    let sliced = lower::verify_slice(before, after, before.indices(declared()), options);
    match sliced {
        Some(report) => Ok(report),
        None => Ok(lower_views(before, declared(), after)?.verify(options)),
    }
}

/// Returns the report of two equal functions, if no model of them is needed.
fn scanned(
    before: &Function,
    declared: &[Value],
    after: &Function,
    options: &Options,
) -> Option<Report> {
    if options.certify || before != after {
        return None;
    }
    // What is printed is the same in both, so that it need not be asked.
    let view = View::with(before, Particular::default());
    let declared = view.indices(declared.iter().copied());
    lower::unchanged(&view, declared).map(Report::verified)
}

fn lower_views(
    before: &View<'_>,
    declared: impl IntoIterator<Item = Value>,
    after: &View<'_>,
) -> Result<Comparison, LowerError> {
    lower::lower(before, after, before.indices(declared))
}

/// Lowers one function alone. `declared` lists values that are declared to be references, possibly
/// of the function before it was optimized; values that the function no longer defines are dropped.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the function is unknown.
///
/// Cost: linear in the size of the function.
pub fn lower_after(
    function: &Function,
    declared: impl IntoIterator<Item = Value>,
) -> Result<AfterOnlyFunction, LowerError> {
    let view = View::new(function);
    lower::lower_after_only(&view, view.indices(declared), &[])
}

/// Checks a function without its before function, using the available knowledge about its
/// references: for example after the mid-end, or after inlining. See
/// `stackmap_verifier::after_only` for what is checked.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the function is unknown.
///
/// Cost: linear in instructions, stack map entries and the live ranges of references.
pub fn verify_after(
    function: &Function,
    declared: Option<&[Value]>,
    options: &Options,
) -> Result<Report, LowerError> {
    let declared = declared.unwrap_or_default().iter().copied();
    let AfterOnlyFunction { program, declared } = lower_after(function, declared)?;
    Ok(verifier::verify_after_only(&program, &declared, options))
}

/// A whole load from a stack slot.
pub(super) struct Reload {
    /// The number of the slot.
    pub(super) slot: u32,
    /// The type of the result.
    pub(super) r#type: codegen::ir::Type,
    /// Whether the load is in an alias region.
    pub(super) has_region: bool,
}

/// Returns what an instruction loads from a stack slot, if it loads all of a value.
pub(super) fn reload(function: &Function, instruction: Inst) -> Option<Reload> {
    let Access::Load { place, whole: true, .. } = access::of_instruction(function, instruction)?
    else {
        return None;
    };
    let result = *function.dfg.inst_results(instruction).first()?;
    let has_region = flags::of_access(function, instruction).region.is_some();
    Some(Reload { slot: place.slot, r#type: function.dfg.value_type(result), has_region })
}
