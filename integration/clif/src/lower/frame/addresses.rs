//! The addresses of the spiller's slots.

use rustc_hash::FxHashMap;

use crate::types::TypeId;

/// The addresses of the spiller's slots.
#[derive(Clone, Debug)]
pub(super) struct Addresses<I> {
    /// The block and instruction that define each address, by value index.
    pub(super) defined: FxHashMap<u32, (u32, I)>,
    /// Uses of addresses that are not defined earlier in the same block: value, block, user.
    pub(super) distant: Vec<(u32, u32, I)>,
    /// The type of the first address that the program uses.
    pub(super) program: Option<TypeId>,
}

impl<I> Default for Addresses<I> {
    fn default() -> Self {
        Addresses { defined: FxHashMap::default(), distant: Vec::new(), program: None }
    }
}

impl<I: Copy> Addresses<I> {
    /// Notes that the value is defined in `block`.
    pub(super) fn define(&mut self, value: u32, block: u32, at: I) {
        self.defined.insert(value, (block, at));
    }

    /// Notes that the value is used in `block`.
    pub(super) fn uses(&mut self, value: u32, block: u32, user: I) {
        let is_here = self.defined.get(&value).is_some_and(|&(defined, _)| defined == block);
        if !is_here {
            self.distant.push((value, block, user));
        }
    }

    /// Returns whether the value has been seen to be the address of a slot of the spiller.
    pub(super) fn is_one(&self, value: u32) -> bool {
        !self.defined.is_empty() && self.defined.contains_key(&value)
    }

    /// Returns whether the type of the program's addresses is known.
    pub(super) fn knows_program(&self) -> bool {
        self.program.is_some()
    }

    /// Notes that the program uses an address of this type.
    pub(super) fn note_program(&mut self, r#type: Option<TypeId>) {
        self.program = r#type;
    }
}
