//! Cranelift as it is linked.

use cranelift_codegen as codegen;
use cranelift_reader as reader;

use codegen::ir::InstructionData;

#[path = "cranelift.rs"]
pub(crate) mod cranelift;

/// The slot that an instruction names, and the offset of an access.
fn slot_of(data: &InstructionData) -> (Option<u32>, i64) {
    if let InstructionData::StackAddr { stack_slot, offset, .. } = data {
        return (Some(stack_slot.as_u32()), i64::from(i32::from(*offset)));
    }
    (None, data.load_store_offset().map_or(0, i64::from))
}
