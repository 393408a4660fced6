//! The addresses of the spiller's slots.

use crate::types::TypeId;

/// The position of a value that is no address.
const NONE: u32 = u32::MAX;

/// The addresses of the spiller's slots.
#[derive(Clone, Debug)]
pub(super) struct Addresses<I> {
    /// Each address, with the block and instruction that define it, in the order in which they were
    /// met.
    defined: Vec<Address<I>>,
    /// The position of each address in `defined`, by value index; none beyond the end.
    positions: Vec<u32>,
    /// Uses of addresses that are not defined earlier in the same block: value, block, user.
    pub(super) distant: Vec<(u32, u32, I)>,
    /// The type of the first address that the program uses.
    pub(super) program: Option<TypeId>,
}

/// The address of a slot of the spiller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address<I> {
    pub(super) value: u32,
    /// The block that defines it.
    pub(super) block: u32,
    /// The instruction that defines it.
    pub(super) at: I,
}

impl<I> Default for Addresses<I> {
    fn default() -> Self {
        let (defined, positions, distant) = (Vec::new(), Vec::new(), Vec::new());
        Addresses { defined, positions, distant, program: None }
    }
}

impl<I: Copy> Addresses<I> {
    /// Returns all addresses, in the order in which they were met.
    pub(super) fn all(&self) -> &[Address<I>] {
        &self.defined
    }

    /// Returns the address that a value is, if it has been seen to be one.
    pub(super) fn get(&self, value: u32) -> Option<&Address<I>> {
        self.defined.get(*self.positions.get(value as usize)? as usize)
    }

    /// Notes that the value is defined in `block`. Values are below `bound`.
    pub(super) fn define(&mut self, bound: usize, value: u32, block: u32, at: I) {
        if self.positions.is_empty() {
            self.positions = vec![NONE; bound];
        }
        let address = Address { value, block, at };
        match self.positions.get_mut(value as usize) {
            Some(position @ &mut NONE) => {
                *position = u32::try_from(self.defined.len()).unwrap_or(NONE);
                self.defined.push(address);
            }
            Some(&mut position) => self.defined[position as usize] = address,
            None => {}
        }
    }

    /// Notes that the value is used in `block`.
    pub(super) fn uses(&mut self, value: u32, block: u32, user: I) {
        if self.get(value).is_none_or(|address| address.block != block) {
            self.distant.push((value, block, user));
        }
    }

    /// Returns whether the value has been seen to be the address of a slot of the spiller.
    pub(super) fn is_one(&self, value: u32) -> bool {
        self.get(value).is_some()
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
