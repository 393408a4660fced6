//! The first version of Cranelift that can stand beside the one that is linked.

use cranelift_codegen_0132 as codegen;
use cranelift_reader_0132 as reader;

use codegen::ir::InstructionData;

#[path = "cranelift.rs"]
pub(crate) mod cranelift;

fn slot_of(data: &InstructionData) -> (Option<u32>, i64) {
    if let InstructionData::StackLoad { stack_slot, offset, .. }
    | InstructionData::StackStore { stack_slot, offset, .. } = data
    {
        return (Some(stack_slot.as_u32()), i64::from(i32::from(*offset)));
    }
    (None, data.load_store_offset().map_or(0, i64::from))
}
