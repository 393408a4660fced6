//! Jump tables.

use iced_x86::{Instruction as Decoded, Mnemonic, OpKind, Register as Name};

use super::decoded::decoded;
use crate::machine::instruction::Instruction;

/// Returns where a jump through a table goes: the table stands behind the jump, and its entries are
/// 32-bit offsets from its start.
///
/// ```text
///     lea t, [rip + table]
///     movsxd u, [t + 4*index]
///     add t, u
///     jmp t
/// table:
/// ```
pub(super) fn targets(code: &[u8], jump: &Instruction, count: usize) -> Option<Vec<u32>> {
    // `movsxd` has a displacement with some registers.
    if ![14, 15].into_iter().any(|length| is_sequence(code, jump, length)) {
        return None;
    }
    let table = code.get(usize::try_from(jump.end).ok()?..)?;
    let entries = table.get(..count.checked_mul(4)?)?.chunks_exact(4);
    let target = |entry: &[u8]| {
        let offset = i32::from_le_bytes(entry.try_into().ok()?);
        jump.end.checked_add_signed(offset)
    };
    entries.map(target).collect()
}

/// Returns whether the jump ends such a sequence, which begins so many bytes before it.
fn is_sequence(code: &[u8], jump: &Instruction, length: u32) -> bool {
    let sequence = || {
        let lea = decoded(code, jump.start.checked_sub(length)?)?;
        let load = decoded(code, u32::try_from(lea.next_ip()).ok()?)?;
        let add = decoded(code, u32::try_from(load.next_ip()).ok()?)?;
        let jump = decoded(code, jump.start)?;
        Some([lea, load, add, jump])
    };
    sequence().is_some_and(|[lea, load, add, decoded]| {
        let base = lea.op0_register();
        lea.mnemonic() == Mnemonic::Lea
            && lea.is_ip_rel_memory_operand()
            && lea.ip_rel_memory_address() == u64::from(jump.end)
            && load.mnemonic() == Mnemonic::Movsxd
            && is_entry(&load, base)
            && add.mnemonic() == Mnemonic::Add
            && (add.op0_register(), add.op1_register()) == (base, load.op0_register())
            && add.next_ip() == u64::from(jump.start)
            && decoded.mnemonic() == Mnemonic::Jmp
            && decoded.op0_register() == base
    })
}

/// Returns whether an instruction loads an entry of the table at a base.
fn is_entry(load: &Decoded, base: Name) -> bool {
    load.op1_kind() == OpKind::Memory
        && load.memory_base() == base
        && load.memory_index_scale() == 4
        && load.memory_displacement64() == 0
}
