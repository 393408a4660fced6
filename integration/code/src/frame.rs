//! The places of stack slots in the frame.

use cranelift_codegen::MachBufferFrameLayout;
use cranelift_codegen::ir::{Function, Inst, StackSlot, Type, UserStackMapEntry};

use crate::error::CodeError;

/// A place that a stack map should list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The offset from the stack pointer.
    pub(crate) offset: u32,
    pub(crate) r#type: Type,
    /// The slot and the offset in it: `ss0+8`.
    pub(crate) name: String,
}

impl Place {
    /// Returns the place in words: `` `ss0` (SP+8)``.
    pub(crate) fn describe(&self) -> String {
        format!("`{}` (SP+{})", self.name, self.offset)
    }
}

/// The frame of a function.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'f> {
    pub(crate) function: &'f Function,
    pub(crate) layout: &'f MachBufferFrameLayout,
}

impl Frame<'_> {
    /// Returns the number of bytes from the stack pointer to the frame pointer.
    pub(crate) fn size(self) -> u32 {
        self.layout.frame_to_fp_offset
    }

    /// Returns the places of the entries of a call, without repetitions, by offset.
    pub(crate) fn places(self, call: Inst) -> Vec<Place> {
        let entries = self.function.dfg.user_stack_map_entries(call).unwrap_or_default();
        let mut places: Vec<Place> = entries.iter().map(|entry| self.place(entry)).collect();
        places.sort_by_key(|place| (place.offset, place.r#type.index()));
        places.dedup();
        places
    }

    fn place(self, entry: &UserStackMapEntry) -> Place {
        let start = self.layout.stackslots[entry.slot].offset;
        // A frame is smaller than 2 GiB.
        let offset = start.saturating_add(entry.offset);
        Place { offset, r#type: entry.ty, name: name(entry.slot, entry.offset) }
    }

    /// Returns the place at an offset from the stack pointer in words: ``SP+8 (`ss0`)``.
    pub(crate) fn describe(self, offset: u32) -> String {
        match self.name(offset) {
            Some(name) => format!("SP+{offset} (`{name}`)"),
            None => format!("SP+{offset} (in no slot)"),
        }
    }

    /// Returns the name of the place at an offset from the stack pointer, if it is in a slot.
    pub(crate) fn name(self, offset: u32) -> Option<String> {
        self.function.sized_stack_slots.iter().find_map(|(slot, data)| {
            let inside = offset.checked_sub(self.layout.stackslots[slot].offset)?;
            (inside < data.size).then(|| name(slot, inside))
        })
    }
}

fn name(slot: StackSlot, offset: u32) -> String {
    match offset {
        0 => slot.to_string(),
        offset => format!("{slot}+{offset}"),
    }
}

/// Checks that stack map entries are inside slots that exist, without which Cranelift panics.
///
/// # Errors
///
/// Returns [`CodeError::Invalid`] if one is not. That is a fault of the CLIF, and what is verified
/// of the CLIF says more about it.
pub(crate) fn check_entries(function: &Function) -> Result<(), CodeError> {
    for block in function.layout.blocks() {
        for instruction in function.layout.block_insts(block) {
            let entries = function.dfg.user_stack_map_entries(instruction).unwrap_or_default();
            for entry in entries {
                let slot = function.sized_stack_slots.get(entry.slot);
                if slot.is_none_or(|slot| entry.offset >= slot.size) {
                    let name = name(entry.slot, entry.offset);
                    let what = format!("a stack map entry names {name}, which is in no slot");
                    return Err(CodeError::Invalid(what));
                }
            }
        }
    }
    Ok(())
}
