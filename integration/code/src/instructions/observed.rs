//! What machine instructions read.

use cranelift_codegen::ir::{Function, Inst};

use crate::facts::Facts;
use crate::machine::{
    Address, Control, Copies, Decoder, Direction, Instruction, Operand, Place, Register,
};

/// Says what instructions read.
pub(super) struct Observer<'o> {
    pub(super) function: &'o Function,
    pub(super) facts: &'o Facts<'o>,
    pub(super) decoder: &'o dyn Decoder,
    /// The stack pointer of the function's body.
    pub(super) base: i64,
}

/// The places that a machine instruction reads.
pub(super) struct Observed {
    /// Those whose content it uses.
    pub(super) used: Vec<Place>,
    /// That whose content it only copies to a register or a frame cell.
    pub(super) copied: Option<Place>,
    /// Whether it may use others.
    pub(super) is_partial: bool,
}

impl Observer<'_> {
    /// Returns what an instruction reads that is in the code of `reader`.
    pub(super) fn observed(
        &self,
        copies: &Copies<'_>,
        instruction: &Instruction,
        reader: Inst,
    ) -> Observed {
        let at = instruction.start;
        let cell = || {
            let cell = copies.cell(at, Direction::Read);
            cell.map(|(address, size)| Place::Cell { address, size })
        };
        let mut copied = None;
        let mut used: Vec<Place> = Vec::new();
        match instruction.copied {
            None => {
                used.extend(instruction.reads.iter().copied().map(Place::Register));
                // What a return reads is the address to which it returns, and what is read when the
                // frame is freed, registers of the caller.
                let frees = self.frees(instruction);
                used.extend(cell().filter(|_| instruction.control != Control::Return && !frees));
            }
            Some((Operand::Register(from), Operand::Memory))
                if self.is_seen(copies.cell(at, Direction::Write)) =>
            {
                used.push(Place::Register(from));
            }
            Some((Operand::Register(from), _)) => copied = Some(Place::Register(from)),
            Some((Operand::Memory, _)) => copied = cell(),
        }
        for access in &instruction.accesses {
            let registers = match access.address {
                Address::Offset(base, _) => vec![base],
                Address::Sum(a, b) => vec![a, b],
                Address::Elsewhere => Vec::new(),
            };
            used.extend(registers.into_iter().map(Place::Register));
        }
        let passed = match instruction.control {
            Control::Call => {
                self.facts.signature_of(reader).map(|callee| self.decoder.arguments(callee))
            }
            Control::Jump(_) | Control::Indirect if self.facts.is_tail_call(at) => {
                self.facts.signature_of(reader).map(|callee| self.decoder.arguments(callee))
            }
            Control::Return => Some(self.decoder.results(self.facts.own_signature())),
            Control::Next
            | Control::Jump(_)
            | Control::Branch(_)
            | Control::Indirect
            | Control::Trap => None,
        };
        let is_partial = passed == Some(None);
        // What a call copies to the register of an argument is read already.
        let is_copied =
            |register: &Register| instruction.writes.iter().any(|(written, _)| written == register);
        let passed = passed.flatten().into_iter().flatten();
        used.extend(passed.filter(|register| !is_copied(register)).map(Place::Register));
        // These never hold a reference, and all accesses of the frame read one of them.
        let pointers = [self.decoder.stack_pointer(), self.decoder.frame_pointer()];
        used.retain(|place| !pointers.map(Place::Register).contains(place));
        Observed { used, copied, is_partial }
    }

    /// Returns whether an instruction writes the frame pointer.
    fn frees(&self, instruction: &Instruction) -> bool {
        let frame = self.decoder.frame_pointer();
        instruction.writes.iter().any(|&(written, _)| written == frame)
    }

    /// Returns whether what is stored there is more than kept for later: it is in memory outside of
    /// the frame, or in a slot of the CLIF.
    fn is_seen(&self, cell: Option<(i64, u32)>) -> bool {
        let Some((address, _)) = cell else { return true };
        let offset = u32::try_from(address.wrapping_sub(self.base));
        offset.is_ok_and(|offset| self.facts.is_in_slot(offset))
    }
}
