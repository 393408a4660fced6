//! What the instructions between calls do with slots that hold references.

mod folded;
mod matched;
mod names;
mod observed;
mod order;
mod pointers;
mod reads;
mod slots;
mod stale;

use std::collections::BTreeSet;

use cranelift_codegen::ir::Inst;
use cranelift_codegen::isa::TargetIsa;
use stackmap_verifier::findings::Finding;

use crate::calls::Calls;
use crate::checked::Checked;
use crate::facts::Facts;
use crate::findings::sm204::{misplaced_access, missing_access};
use crate::findings::sm205::foreign_access;
use crate::findings::sm206::{stale_copy, unread_reload};
use crate::machine::{Copies, Graph, decoder, flow};
use crate::replay::Replay;
use crate::unchecked::Unchecked;
use matched::matched;
pub(crate) use names::Name;
use names::Passed;
use observed::Observer;
use order::misplaced;
use reads::Reads;
use slots::Slots;
pub(crate) use stale::{StaleRead, UnreadReload};
use stale::{stale_reads, unread_reloads};

/// Returns the findings about instructions, and the number of accesses that were checked: at each
/// safepoint the stack pointer is that of the function's body, each load and store of a slot with
/// references is in the code, on the same side of each call, nothing else accesses the slots, and
/// what is read after a call is not a reference from before it, unless the CLIF reads that.
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
    let slots = Slots::new(frame, &replay.reachable)?;
    if slots.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let facts = Facts::new(frame, replay, isa.default_call_conv());
    let graph = Graph::new(code, &mut *decoder, &facts)?;
    let flow = flow(&graph, &*decoder, &facts);
    let (mut findings, body) = pointers::check(checked, calls, &flow)?;
    let Some(body) = body else { return Ok((findings, 0)) };
    let matched = matched(frame.function, &slots, &facts, &flow.touches, body);
    let foreign = matched.foreign.iter();
    let foreign = foreign.map(|(bytes, owner)| foreign_access(checked, bytes, *owner));
    if let Some(at) = matched.unknown {
        findings.extend(foreign);
        // What is found is wrong whatever else is not known.
        let is_found = !findings.is_empty();
        return is_found.then_some((findings, slots.accesses.len())).ok_or(Unchecked::Address(at));
    }
    for (access, is_partial) in matched.missing(&slots) {
        findings.push(missing_access(checked, access, is_partial));
    }
    findings.extend(foreign);
    for (at, access, call) in misplaced(frame.function, &slots, &matched, calls) {
        findings.push(misplaced_access(checked, access, at, call));
    }
    let is_apart = |address: i64, size| slots.is_stored_by_clif(address.wrapping_sub(body), size);
    let returns = calls.list.iter().flat_map(|call| call.returns.iter().copied()).collect();
    let copies = Copies::new(&graph, &*decoder, &facts, &flow, returns, &is_apart);
    let observer =
        Observer { function: frame.function, facts: &facts, decoder: &*decoder, base: body };
    let passed = Passed::new(frame.function, &replay.reachable);
    let reads = Reads::new(&observer, &copies, &slots, &matched, &passed);
    let stale = stale_reads(frame.function, &slots, &passed, &facts, &reads);
    let readers: BTreeSet<Inst> = stale.iter().map(|read| read.reader).collect();
    for read in stale {
        let place = copies.describe(read.place, body);
        findings.push(stale_copy(checked, calls, &read, &place));
    }
    let unread = unread_reloads(frame.function, &passed, &reads).into_iter();
    // What reads something older is told already.
    for reload in unread.filter(|reload| !readers.contains(&reload.reader)) {
        findings.push(unread_reload(checked, &reload));
    }
    Ok((findings, slots.accesses.len()))
}
