//! What the instructions between calls do with slots that hold references.

mod folded;
mod matched;
mod order;
mod slots;

use std::collections::BTreeMap;

use cranelift_codegen::isa::TargetIsa;
use stackmap_verifier::findings::Finding;

use crate::calls::Calls;
use crate::checked::{Checked, Linked};
use crate::facts::Facts;
use crate::findings::sm204::{misplaced_access, missing_access};
use crate::findings::sm205::foreign_access;
use crate::findings::sm208::moved_frame;
use crate::machine::{Flow, Graph, Pointers, Value, decoder, flow};
use crate::replay::Replay;
use crate::unchecked::Unchecked;
use matched::matched;
pub(crate) use matched::Bytes;
use order::misplaced;
pub(crate) use slots::SlotAccess;
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
    let (mut findings, body) = pointers(checked, calls, &flow)?;
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

/// Returns the findings about the stack pointer at safepoints, and what it is in the body of the
/// function; `None` if there is a finding.
///
/// The runtime computes it from the frame pointer. So it must be the frame pointer minus the size of
/// the frame, and both must be the same at each safepoint.
fn pointers(
    checked: &Checked<'_>,
    calls: &Calls,
    flow: &Flow,
) -> Result<(Vec<Finding>, Option<i64>), Unchecked> {
    let size = i64::from(checked.frame.size());
    let has_entries = |call: &Linked| !checked.frame.places(call.instruction).is_empty();
    let (mut findings, mut bodies) = (Vec::new(), BTreeMap::new());
    for call in calls.list.iter().flat_map(Linked::of).filter(has_entries) {
        let at = call.return_address;
        let pointers = flow.calls.get(&at).copied();
        let Some(Pointers { stack: Value::Frame(stack), frame: Value::Frame(frame) }) = pointers
        else {
            return Err(Unchecked::StackPointer(at));
        };
        let body = frame.wrapping_sub(size);
        bodies.entry(body).or_insert_with(Vec::new).push((call, stack.wrapping_sub(body)));
    }
    // What most safepoints agree on is right.
    let most = bodies.iter().max_by_key(|(_, calls)| calls.len()).map(|(&body, _)| body);
    for (body, calls) in bodies {
        for (call, distance) in calls {
            let moved = most.map_or(0, |most| body.wrapping_sub(most));
            if (distance, moved) != (0, 0) {
                findings.push(moved_frame(checked, call, distance, moved));
            }
        }
    }
    let body = most.filter(|_| findings.is_empty());
    Ok((findings, body))
}
