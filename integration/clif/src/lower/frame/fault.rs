//! Turns differences into findings.

use stackmap_verifier::findings::{Code, Finding, Label, Site, changed_program, misplaced_access};
use stackmap_verifier::model::Origin;

use super::{Fault, Frame};
use crate::view::Function;

/// The maximum number of further places that one finding names.
const MAX_NOTES: usize = 8;

/// The label for an instruction that the after function must not contain.
const NOT_ALLOWED: &str = "the spiller may insert spills and reloads, and nothing else";

impl<F: Function> Frame<'_, F> {
    /// Reports that a declaration or a block differs from the program's.
    pub(super) fn changed_declaration(&mut self, message: String, after: String, before: String) {
        let primary = label(String::new(), Origin::default(), after);
        let secondary = vec![label(String::new(), Origin::default(), before)];
        self.faults.push(changed_program(message, primary, secondary));
    }

    /// Reports that the header of a block differs from the program's.
    pub(super) fn changed_block(&mut self, block: u32, message: String) -> Fault {
        let at = |layout: &super::Layout<'_, F>, text: &str| {
            let name = layout.block_name(block).to_string();
            label(name, layout.view.block_origin(block), text.to_owned())
        };
        let primary = at(self.after, "in the after function");
        let secondary = match self.before.id(block) {
            Some(_) => vec![at(self.before, "in the before function")],
            None => Vec::new(),
        };
        self.faults.push(changed_program(message, primary, secondary));
        Fault
    }

    /// Reports that `instruction` does not do what the program does: `operation`, if the program
    /// has one at this place.
    pub(super) fn changed(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        operation: Option<F::Instruction>,
        message: String,
    ) -> Fault {
        let primary = self.at(block, instruction, NOT_ALLOWED.to_owned());
        let meant = operation.map(|operation| {
            let name = self.before.block_name(block).to_string();
            let text = format!("the program has `{}` here", self.before.view.describe(operation));
            label(name, self.before.view.origin(operation), text)
        });
        self.faults.push(changed_program(message, primary, meant.into_iter().collect()));
        Fault
    }

    /// Reports that `instruction` accesses memory that it must not access.
    pub(super) fn misplaced(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        slot: Option<u32>,
        why: String,
    ) -> Fault {
        let view = self.after.view;
        let slot = slot.map_or_else(String::new, |slot| self.slot_name(slot));
        let message = format!("`{}` {why}", view.describe(instruction));
        let primary = self.at(block, instruction, why);
        // A slot that is too small, for example, is one defect, however many accesses reveal it.
        let is_same = |known: &&mut Finding| {
            known.code == Code::MisplacedAccess && known.slot.as_deref() == Some(slot.as_str())
        };
        match self.faults.iter_mut().find(is_same) {
            Some(known) if known.notes.len() < MAX_NOTES => known.notes.push(primary),
            Some(_) => {}
            None => self.faults.push(misplaced_access(message, slot, primary, Vec::new())),
        }
        Fault
    }

    /// Returns the name of a slot.
    pub(super) fn slot_name(&self, slot: u32) -> String {
        format!("ss{}", self.after.view.slot_number(slot))
    }

    fn at(&self, block: u32, instruction: F::Instruction, text: String) -> Label {
        let name = self.after.block_name(block).to_string();
        label(name, self.after.view.origin(instruction), text)
    }
}

fn label(block: String, origin: Origin, text: String) -> Label {
    Label { site: Site { block, instruction: None, origin }, text }
}
