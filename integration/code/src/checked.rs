//! What a finding is about: a function, its frame, and an address of the code.

use std::cell::OnceCell;

use cranelift_codegen::ir::{Block, Inst};
use stackmap_report::Part;
use stackmap_verifier::findings::Label;

use crate::calls::{Call, Calls};
use crate::frame::Frame;
use crate::printed::Printed;

/// A return address, and the instruction in whose code it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Linked {
    pub(crate) return_address: u32,
    pub(crate) instruction: Inst,
    pub(crate) block: Option<Block>,
}

impl Linked {
    /// Returns the addresses to which a call returns.
    pub(crate) fn of(call: &Call) -> impl Iterator<Item = Linked> {
        let Call { instruction, block, .. } = *call;
        let linked =
            move |&return_address| Linked { return_address, instruction, block: Some(block) };
        call.returns.iter().map(linked)
    }

    /// Returns the call that returns to an address.
    pub(crate) fn at(calls: &Calls, return_address: u32) -> Option<Linked> {
        let mut linked = calls.list.iter().flat_map(Linked::of);
        linked.find(|linked| linked.return_address == return_address)
    }
}

/// The function that is checked.
pub(crate) struct Checked<'f> {
    pub(crate) frame: Frame<'f>,
    /// Printed only if there is a finding.
    printed: OnceCell<Printed>,
}

impl<'f> Checked<'f> {
    pub(crate) fn new(frame: Frame<'f>) -> Self {
        Checked { frame, printed: OnceCell::new() }
    }

    /// Returns whether the map of a call lists something.
    pub(crate) fn has_entries(&self, call: Linked) -> bool {
        let entries = self.frame.function.dfg.user_stack_map_entries(call.instruction);
        entries.is_some_and(|entries| !entries.is_empty())
    }

    fn printed(&self) -> &Printed {
        self.printed.get_or_init(|| Printed::new(self.frame.function))
    }

    /// Returns a label at a linked instruction.
    pub(crate) fn label(&self, at: Linked, text: String) -> Label {
        match at.block {
            Some(block) => self.label_at(block, at.instruction, text),
            None => self.label_of_function(text),
        }
    }

    /// Returns a label at an instruction.
    pub(crate) fn label_at(&self, block: Block, instruction: Inst, text: String) -> Label {
        self.printed().label(block, instruction, text)
    }

    /// Returns a label at the function, for what is at no instruction.
    pub(crate) fn label_of_function(&self, text: String) -> Label {
        self.printed().label_of_function(text)
    }

    /// Returns the text that labels are in, if there are any.
    pub(crate) fn into_text(self) -> Option<Part> {
        self.printed.into_inner().map(|printed| printed.part)
    }
}
