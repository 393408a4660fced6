//! Lowers the CLIF again, in a way that shows which instruction each byte is of.

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::dominator_tree::DominatorTree;
use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::function::FunctionParameters;
use cranelift_codegen::ir::{Function, Inst, RelSourceLoc, SourceLoc};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{CodegenResult, CompiledCode, MachSrcLoc};

use crate::emitted::{Emitted, Relocations};
use crate::mask::first_difference;
use crate::reachable::Reachable;
use crate::unsupported::Difference;

/// The code of a function whose source locations are the numbers of its instructions.
pub struct Replay {
    pub(crate) code: CompiledCode,
    pub(crate) reachable: Reachable,
}

impl Replay {
    /// Lowers a copy of the function as it is: no pass runs before.
    ///
    /// Source locations are no input of lowering or register allocation, so the code is that of the
    /// function itself, which [`verify`](crate::verify) compares.
    ///
    /// # Errors
    ///
    /// If it cannot be lowered.
    pub fn new(function: &Function, isa: &dyn TargetIsa) -> CodegenResult<Replay> {
        let graph = ControlFlowGraph::with_function(function);
        let dominators = DominatorTree::with_function(function, &graph);
        let mut numbered = function.clone();
        numbered.stencil.srclocs.clear();
        for block in function.layout.blocks() {
            for instruction in function.layout.block_insts(block) {
                // Set directly: `set_srcloc` counts from the first location that the function ever
                // had, and loses the one that this maps to "none".
                let number = RelSourceLoc::new(instruction.as_u32());
                numbered.stencil.srclocs[instruction] = number;
            }
        }
        let stencil = isa.compile_function(
            &numbered,
            &dominators,
            &mut regalloc2::Ctx::default(),
            false,
            &mut ControlPlane::default(),
        )?;
        // With the base 0 a location is its number.
        let mut parameters = FunctionParameters::new();
        parameters.ensure_base_srcloc(SourceLoc::new(0));
        let reachable = Reachable::of(function);
        Ok(Replay { code: stencil.apply_params(&parameters), reachable })
    }

    /// Returns the code.
    pub fn code(&self) -> &CompiledCode {
        &self.code
    }

    /// Returns how the emitted code differs from that of the replay; `None` if it is the same.
    pub(crate) fn difference(&self, emitted: &Emitted<'_>) -> Option<Difference> {
        let (code, relocations) = (self.code.buffer.data(), self.code.buffer.relocs());
        if code.len() != emitted.code.len() {
            let (emitted, lowered) = (emitted.code.len(), code.len());
            return Some(Difference::Length { emitted, lowered });
        }
        let patched = match emitted.relocations {
            Relocations::Listed(listed) if listed != relocations => {
                return Some(Difference::Relocations);
            }
            Relocations::Listed(_) => &[],
            Relocations::Applied => relocations,
        };
        first_difference(code, emitted.code, patched).map(Difference::Byte)
    }

    /// Returns whose code a call is in that returns to this address.
    pub(crate) fn owner(&self, return_address: u32) -> Owner {
        // They are disjoint, so that their ends are sorted, too.
        let ranges = self.code.buffer.get_srclocs_sorted();
        let range = &ranges[ranges.partition_point(|range| range.end < return_address)..];
        match range.first() {
            Some(MachSrcLoc { start, loc, .. }) if *start < return_address => {
                match loc.is_default() {
                    true => Owner::Generator,
                    false => Owner::Instruction(Inst::from_u32(loc.bits())),
                }
            }
            Some(_) | None => Owner::Unknown,
        }
    }
}

/// Whose code a call is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// That of an instruction.
    Instruction(Inst),
    /// What the code generator adds around the instructions, such as a stack probe.
    Generator,
    /// It is in no range of the code.
    Unknown,
}
