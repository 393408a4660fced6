//! What is known of machine code from what Cranelift records beside it, and from the CLIF.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use cranelift_codegen::ir::{Inst, InstructionData, Opcode, Signature};
use cranelift_codegen::isa::CallConv;

use crate::emitted::Handlers;
use crate::frame::Frame;
use crate::machine::Origin;
use crate::replay::{Owner, Replay};

/// Facts about the addresses of some machine code.
pub(crate) struct Facts<'f> {
    frame: Frame<'f>,
    replay: &'f Replay,
    /// The convention of calls that are not those of the CLIF.
    convention: CallConv,
    /// The addresses of the handlers of each call, by its return address.
    handlers: BTreeMap<u32, Vec<u32>>,
    relocations: BTreeSet<u32>,
}

impl<'f> Facts<'f> {
    pub(crate) fn new(frame: Frame<'f>, replay: &'f Replay, convention: CallConv) -> Self {
        let buffer = &replay.code.buffer;
        let handlers = buffer.call_sites().map(|site| {
            let handlers = Handlers::of(&site).handlers;
            (site.ret_addr, handlers.into_iter().map(|handler| handler.target).collect())
        });
        let relocations = buffer.relocs().iter().map(|relocation| relocation.offset);
        let (handlers, relocations) = (handlers.collect(), relocations.collect());
        Facts { frame, replay, convention, handlers, relocations }
    }

    /// Returns whose code the instruction at an address is.
    pub(crate) fn owner(&self, at: u32) -> Owner {
        // The range that an address is in is that of a call that returns to the next one.
        self.replay.owner(at.saturating_add(1))
    }

    /// Returns the instruction in whose code some content is made, if it is one of the CLIF's.
    pub(crate) fn maker(&self, origin: Origin) -> Option<Inst> {
        let owner = match origin {
            Origin::Made { at, .. } | Origin::Thrown { at, .. } => self.owner(at),
            Origin::Entry(_) | Origin::Joined { .. } => Owner::Unknown,
        };
        match owner {
            Owner::Instruction(maker) => Some(maker),
            Owner::Generator | Owner::Unknown => None,
        }
    }

    fn data(&self, at: u32) -> Option<InstructionData> {
        match self.owner(at) {
            Owner::Instruction(instruction) => Some(self.frame.function.dfg.insts[instruction]),
            Owner::Generator | Owner::Unknown => None,
        }
    }

    /// Returns the number of bytes from the stack pointer to the frame pointer.
    pub(crate) fn frame_size(&self) -> i64 {
        i64::from(self.frame.size())
    }

    /// Returns whether the byte at an offset from the stack pointer is in a stack slot.
    pub(crate) fn is_in_slot(&self, offset: u32) -> bool {
        self.frame.name(offset).is_some()
    }

    /// Returns where exceptions go that are thrown under the call that returns to this address.
    pub(crate) fn handlers(&self, return_address: u32) -> &[u32] {
        self.handlers.get(&return_address).map_or(&[], |handlers| handlers)
    }

    /// Returns whether the code at an address is that of a tail call.
    pub(crate) fn is_tail_call(&self, at: u32) -> bool {
        let opcode = self.data(at).map(|data| data.opcode());
        matches!(opcode, Some(Opcode::ReturnCall | Opcode::ReturnCallIndirect))
    }

    /// Returns whether a linker patches an instruction.
    pub(crate) fn is_relocated(&self, instruction: Range<u32>) -> bool {
        self.relocations.range(instruction).next().is_some()
    }

    /// Returns the number of targets, the default included, of the branch table that the code at an
    /// address is lowered from.
    pub(crate) fn targets(&self, at: u32) -> Option<usize> {
        let InstructionData::BranchTable { table, .. } = self.data(at)? else { return None };
        let table = self.frame.function.dfg.jump_tables.get(table)?;
        Some(table.all_branches().len())
    }

    /// Returns the instruction whose call returns to this address.
    fn call(&self, return_address: u32) -> Option<Inst> {
        match self.replay.owner(return_address) {
            Owner::Instruction(call) => Some(call),
            Owner::Generator | Owner::Unknown => None,
        }
    }

    /// Returns the signature of the call that returns to this address, if it is one of the CLIF's.
    pub(crate) fn signature(&self, return_address: u32) -> Option<&Signature> {
        self.signature_of(self.call(return_address)?)
    }

    /// Returns the signature of what an instruction calls, if it is a call.
    pub(crate) fn signature_of(&self, call: Inst) -> Option<&Signature> {
        let dfg = &self.frame.function.dfg;
        Some(&dfg.signatures[dfg.call_signature(call)?])
    }

    /// Returns the signature of the function itself.
    pub(crate) fn own_signature(&self) -> &Signature {
        &self.frame.function.signature
    }

    /// Returns the convention of the call that returns to this address.
    pub(crate) fn convention(&self, return_address: u32) -> CallConv {
        let signature = self.signature(return_address);
        signature.map_or(self.convention, |signature| signature.call_conv)
    }
}
