//! What the instructions between calls do with slots that hold references.

mod folded;
mod matched;
mod order;
mod pointers;
mod slots;

use cranelift_codegen::isa::TargetIsa;
use stackmap_verifier::findings::Finding;

use crate::calls::Calls;
use crate::checked::Checked;
use crate::facts::Facts;
use crate::findings::sm204::{misplaced_access, missing_access};
use crate::findings::sm205::foreign_access;
use crate::machine::{Graph, decoder, flow};
use crate::replay::Replay;
use crate::unchecked::Unchecked;
use matched::matched;
use order::misplaced;
use slots::Slots;

/// Returns the findings about instructions, and the number of accesses that were checked: at each
/// safepoint the stack pointer is that of the function's body, each load and store of a slot with
/// references is in the code, on the same side of each call, and nothing else accesses the slots.
///
/// `code` is the code to look at, and `replay` says which instruction each address of it is of.
///
/// # Errors
///
/// If the instructions cannot be checked.
pub(crate) fn check(
    checked: &Checked<'_>,
    calls: &Calls,
    replay: &Replay,
    code: &[u8],
    isa: &dyn TargetIsa,
) -> Result<(Vec<Finding>, usize), Unchecked> {
    let mut decoder = decoder(isa).ok_or_else(|| Unchecked::NoDecoder(isa.name().to_owned()))?;
    let frame = checked.frame;
    let slots = Slots::new(frame, &replay.dominators)?;
    if slots.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let facts = Facts::new(frame, replay, isa.default_call_conv());
    let graph = Graph::new(code, &mut *decoder, &facts)?;
    let flow = flow(&graph, &*decoder, &facts);
    let (mut findings, body) = pointers::check(checked, calls, &flow)?;
    let Some(body) = body else { return Ok((findings, 0)) };
    let matched = matched(frame.function, &slots, &facts, &flow.touches, body)?;
    for (access, is_partial) in matched.missing(&slots) {
        findings.push(missing_access(checked, access, is_partial));
    }
    for (bytes, owner) in &matched.foreign {
        findings.push(foreign_access(checked, bytes, *owner));
    }
    for (at, access, call) in misplaced(frame.function, &slots, &matched, calls) {
        findings.push(misplaced_access(checked, access, at, call));
    }
    Ok((findings, slots.accesses.len()))
}
