//! The stack pointer at safepoints.

use std::collections::BTreeMap;

use stackmap_verifier::findings::Finding;

use crate::calls::Calls;
use crate::checked::{Checked, Linked};
use crate::findings::sm208::moved_frame;
use crate::machine::{Flow, Value};
use crate::unchecked::Unchecked;

/// The pointers at a safepoint on some path to it.
struct Safepoint {
    call: Linked,
    /// The stack pointer that the runtime computes: the frame pointer minus the size of the frame.
    computed: i64,
    /// The stack pointer.
    stack: i64,
}

/// Returns the findings about the stack pointer at safepoints, and what it is in the body of the
/// function; `None` if there are findings, or no safepoints.
///
/// It must be what the runtime computes it to be, at each call the same: a call whose map lists nothing
/// may have handlers, or come before one whose map does.
///
/// # Errors
///
/// If it is not known at a call whose map lists something, or no path leads to it.
pub(super) fn check(
    checked: &Checked<'_>,
    calls: &Calls,
    flow: &Flow,
) -> Result<(Vec<Finding>, Option<i64>), Unchecked> {
    let safepoints = safepoints(checked, calls, flow)?;
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for safepoint in &safepoints {
        *counts.entry(safepoint.computed).or_default() += 1;
    }
    // What most of them agree on is right.
    let body = counts.into_iter().max_by_key(|&(_, count)| count).map(|(body, _)| body);
    let mut findings: BTreeMap<u32, Finding> = BTreeMap::new();
    for Safepoint { call, computed, stack } in safepoints {
        let distance = stack.wrapping_sub(computed);
        let moved = body.map_or(0, |body| computed.wrapping_sub(body));
        if (distance, moved) != (0, 0) {
            let finding = || moved_frame(checked, call, distance, moved);
            findings.entry(call.return_address).or_insert_with(finding);
        }
    }
    let body = body.filter(|_| findings.is_empty());
    Ok((findings.into_values().collect(), body))
}

fn safepoints(
    checked: &Checked<'_>,
    calls: &Calls,
    flow: &Flow,
) -> Result<Vec<Safepoint>, Unchecked> {
    let size = i64::from(checked.frame.size());
    let mut safepoints = Vec::new();
    for call in calls.list.iter().flat_map(Linked::of) {
        match at_call(call, size, flow) {
            Ok(found) => safepoints.extend(found),
            // Where nothing is listed it matters only if it is known to be wrong.
            Err(reason) if checked.has_entries(call) => return Err(reason),
            Err(_) => {}
        }
    }
    Ok(safepoints)
}

/// Returns what is known of the pointers at a call.
fn at_call(call: Linked, size: i64, flow: &Flow) -> Result<Vec<Safepoint>, Unchecked> {
    let at = call.return_address;
    let pointers = flow.calls.get(&at).ok_or(Unchecked::Unreached(at))?;
    let addresses = |value: Value| value.addresses().ok_or(Unchecked::StackPointer(at));
    let stacks = addresses(pointers.stack)?;
    let mut safepoints = Vec::new();
    for frame in addresses(pointers.frame)? {
        let computed = frame.wrapping_sub(size);
        safepoints.extend(stacks.iter().map(|&stack| Safepoint { call, computed, stack }));
    }
    Ok(safepoints)
}
