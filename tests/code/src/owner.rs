//! Whose code an address is in.

use cranelift_codegen::CompiledCode;
use cranelift_codegen::ir::Inst;

/// Returns the instruction in whose code an offset is. The code must be that of a
/// [`Replay`](stackmap_code::Replay), whose source locations are numbers of instructions.
pub(crate) fn owner(code: &CompiledCode, at: u32) -> Option<Inst> {
    let mut ranges = code.buffer.get_srclocs_sorted().iter();
    let range = ranges.find(|range| (range.start..range.end).contains(&at))?;
    (!range.loc.is_default()).then(|| Inst::from_u32(range.loc.bits()))
}
