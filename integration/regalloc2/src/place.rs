//! The way back from the after program to the output of the allocator.

use regalloc2::Inst;

/// The origin of an instruction of the after program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An instruction of the function.
    Instruction(Inst),
    /// The edit with this index in the output.
    Edit(usize),
}
