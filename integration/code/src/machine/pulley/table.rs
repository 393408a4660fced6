//! Jump tables.

use pulley_interpreter::{BrTable32, Op};

use super::decoded::decoded;
use crate::machine::instruction::Instruction;

/// The number of bytes of an entry.
const ENTRY: u32 = 4;

/// Returns where a jump through a table goes: the table stands behind it, and its entries are offsets
/// from themselves.
pub(super) fn targets(code: &[u8], jump: &Instruction, count: usize) -> Option<Vec<u32>> {
    let (Op::BrTable32(BrTable32 { amt, .. }), _) = decoded(code, jump.start)? else {
        return None;
    };
    (usize::try_from(amt) == Ok(count)).then_some(())?;
    let table = code.get(usize::try_from(jump.end).ok()?..)?;
    let entries = table.get(..count.checked_mul(4)?)?.chunks_exact(4);
    let places = (0..).map(|number: u32| jump.end.checked_add(number.checked_mul(ENTRY)?));
    let target = |(place, entry): (Option<u32>, &[u8])| {
        place?.checked_add_signed(i32::from_le_bytes(entry.try_into().ok()?))
    };
    places.zip(entries).map(target).collect()
}
