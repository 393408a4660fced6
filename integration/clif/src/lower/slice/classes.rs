//! What the scan knows of each value.

use fixedbitset::FixedBitSet;

use crate::view::Function;

/// The value is in the slice.
const KEPT: u8 = 1;
/// The scan looks for a safepoint that the value lives across.
const WATCHED: u8 = 2;
/// The value is defined in the before function.
const DEFINED: u8 = 4;
/// The value is read in the before function.
const READ: u8 = 8;
/// The value is an alias in one of the functions.
const ALIAS: u8 = 16;

/// The classes of the values of both functions, by index, aliases resolved.
#[derive(Clone, Debug)]
pub(super) struct Classes(Vec<u8>);

impl Classes {
    /// Returns the classes to begin with: the values that only the after function has are in the
    /// slice.
    ///
    /// Cost: linear in the values.
    pub(super) fn new<F: Function>(before: &F, after: &F) -> Self {
        let bound = before.value_bound().max(after.value_bound());
        let mut classes = vec![0; bound];
        for (value, class) in (0..).zip(&mut classes) {
            if !before.defines(value) {
                *class |= KEPT;
            }
            if before.is_alias(value) || after.is_alias(value) {
                *class |= ALIAS;
            }
        }
        Classes(classes)
    }

    fn get(&self, value: u32) -> u8 {
        // Views have no other values.
        self.0.get(value as usize).copied().unwrap_or(KEPT)
    }

    fn add(&mut self, value: u32, class: u8) {
        if let Some(classes) = self.0.get_mut(value as usize) {
            *classes |= class;
        }
    }

    /// Puts these values into the slice.
    pub(super) fn keep(&mut self, values: &FixedBitSet) {
        self.add_to(values, KEPT);
    }

    /// Makes the scan look for a safepoint that one of these values lives across.
    pub(super) fn watch(&mut self, values: &FixedBitSet) {
        self.add_to(values, WATCHED);
    }

    fn add_to(&mut self, values: &FixedBitSet, class: u8) {
        for value in values.ones() {
            if let Some(classes) = self.0.get_mut(value) {
                *classes |= class;
            }
        }
    }

    /// Returns whether a value is an alias in one of the functions.
    pub(super) fn is_alias(&self, value: u32) -> bool {
        self.get(value) & ALIAS != 0
    }

    /// Returns what a value stands for in a function.
    pub(super) fn resolved<F: Function>(&self, view: &F, value: u32) -> u32 {
        if self.is_alias(value) { view.resolve(value) } else { value }
    }

    /// Returns whether a value of a function is in the slice.
    pub(super) fn is_kept<F: Function>(&self, view: &F, value: u32) -> bool {
        let class = self.get(value);
        // Few values are aliases.
        let class = if class & ALIAS == 0 { class } else { self.get(view.resolve(value)) };
        class & KEPT != 0
    }

    /// Notes that the before function reads the value, aliases resolved. Returns whether it is in
    /// the slice, and whether it is watched.
    pub(super) fn read(&mut self, value: u32) -> (bool, bool) {
        // Views have no other values.
        let Some(class) = self.0.get_mut(value as usize) else { return (true, false) };
        *class |= READ;
        (*class & KEPT != 0, *class & WATCHED != 0)
    }

    /// Notes that the before function defines the value. Returns whether it is watched.
    pub(super) fn define(&mut self, value: u32) -> bool {
        self.add(value, DEFINED);
        self.get(value) & WATCHED != 0
    }

    /// Returns whether each value that is read is defined.
    ///
    /// Cost: linear in the values.
    pub(super) fn all_are_defined(&self) -> bool {
        self.0.iter().all(|class| class & READ == 0 || class & DEFINED != 0)
    }
}
