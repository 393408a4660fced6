//! References from before a call that are read after it, and reloads that are not read.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_codegen::ir::{Function, Inst, Opcode, Value};

use super::names::{Name, Passed, computes};
use super::reads::{Loaded, Read, Reads};
use super::slots::Slots;
use crate::access::SlotAccess;
use crate::facts::Facts;
use crate::machine::Place;

/// A read of a reference that the instruction does not use in the CLIF.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StaleRead {
    /// The offset of the machine instruction in the code.
    pub(crate) at: u32,
    /// The instruction in whose code it is.
    pub(crate) reader: Inst,
    pub(crate) place: Place,
    /// The instruction in whose code the reference was made.
    pub(crate) maker: Option<Inst>,
    /// What it is in the CLIF.
    pub(crate) name: Name,
    /// The return address of a call in between.
    pub(crate) call: u32,
}

/// Returns the reads of references from before a call, in the code of instructions that do not use
/// them in the CLIF.
pub(super) fn stale_reads(
    function: &Function,
    slots: &Slots,
    passed: &Passed<'_>,
    facts: &Facts<'_>,
    reads: &Reads,
) -> Vec<StaleRead> {
    let uses = |reader: Inst| {
        // What a load gets may be used where it is folded into the reader.
        let is_seen_through = |of| computes(function, of) || slots.may_move(of, reader);
        passed.behind(function.dfg.inst_values(reader), is_seen_through)
    };
    let mut known: BTreeMap<Inst, BTreeSet<Name>> = BTreeMap::new();
    let mut found: BTreeMap<(u32, Place), StaleRead> = BTreeMap::new();
    for &Read { at, reader, place, content } in &reads.list {
        let Some(call) = content.call else { continue };
        for (origin, names) in reads.references(content.origin) {
            let uses = known.entry(reader).or_insert_with(|| uses(reader));
            if let Some(&name) = names.first()
                && names.is_disjoint(uses)
            {
                let maker = facts.maker(origin);
                let read = StaleRead { at, reader, place, maker, name, call };
                found.entry((at, place)).or_insert(read);
            }
        }
    }
    found.into_values().collect()
}

/// A reload that is not read where it is used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnreadReload {
    /// The instruction that uses it.
    pub(crate) reader: Inst,
    /// What is loaded.
    pub(crate) value: Value,
    /// The load.
    pub(crate) access: SlotAccess,
    /// Its offset in the code.
    pub(crate) at: u32,
}

/// Instructions without an effect whose code, if they have any, uses all operands. That of others,
/// such as `uextend.i128`, may be about a part of the result only.
const COMPUTE: [Opcode; 6] =
    [Opcode::Band, Opcode::Bor, Opcode::Bxor, Opcode::Iadd, Opcode::Icmp, Opcode::Isub];

/// Instructions that go on by what they are given.
const DECIDE: [Opcode; 4] = [Opcode::BrTable, Opcode::Brif, Opcode::Trapnz, Opcode::Trapz];

/// Returns whether the code of an instruction, if it has any, uses all that it is given.
fn uses_all(function: &Function, instruction: Inst) -> bool {
    let opcode = function.dfg.insts[instruction].opcode();
    opcode.is_call()
        || opcode.is_return()
        || opcode.can_load()
        || opcode.can_store()
        || COMPUTE.contains(&opcode)
        || DECIDE.contains(&opcode)
        || (opcode == Opcode::Select && is_integer(function, instruction))
}

/// Returns whether the results of an instruction are integers. To choose between others, code jumps over
/// a move, and does not mention what is in the register already.
fn is_integer(function: &Function, instruction: Inst) -> bool {
    let results = function.dfg.inst_results(instruction);
    results.iter().all(|&result| function.dfg.value_type(result).is_int())
}

/// Returns the reloads that are operands of an instruction whose code does not read them.
pub(super) fn unread_reloads(
    function: &Function,
    passed: &Passed<'_>,
    reads: &Reads,
) -> Vec<UnreadReload> {
    let mut found = Vec::new();
    for (&reader, read) in &reads.readers {
        if read.is_partial || !read.uses || !uses_all(function, reader) {
            continue;
        }
        let operands = function.dfg.inst_args(reader).iter().copied();
        let operands = passed.behind(operands, |_| false);
        for name in operands {
            let Name::Value(value) = name else { continue };
            for &Loaded { at, origin, access } in reads.loaded.get(&value).into_iter().flatten() {
                let is_read = read.origins.iter().any(|&content| {
                    content == origin || reads.references(content).any(|(other, _)| other == origin)
                });
                if !is_read {
                    found.push(UnreadReload { reader, value, access, at });
                }
            }
        }
    }
    found
}
