//! Which values have been met, and which of them defined.
//!
//! Ids are given out in the order in which values are met, so that the model
//! depends on nothing but the input. A use may come first: layout order is not
//! dominance order.

#[derive(Clone, Copy, Debug)]
enum Met<I> {
    No,
    Used(I),
    Defined(I),
}

/// By value index, the id in the model.
#[derive(Clone, Debug)]
pub(super) struct Definitions<I>(Vec<Met<I>>);

impl<I: Copy> Definitions<I> {
    /// For values with an index below `bound`.
    pub(super) fn new(bound: usize) -> Self {
        Definitions(vec![Met::No; bound])
    }

    /// The id of a value that is used; a new one if it has not been met.
    pub(super) fn used(&mut self, value: u32, new: impl FnOnce() -> I) -> I {
        match self.0.get(value as usize) {
            Some(&(Met::Used(id) | Met::Defined(id))) => id,
            Some(Met::No) | None => self.met(value, new(), Met::Used),
        }
    }

    /// The id of a value that is defined here; a new one if it has not been met.
    pub(super) fn define(&mut self, value: u32, new: impl FnOnce() -> I) -> I {
        match self.0.get(value as usize) {
            Some(&(Met::Used(id) | Met::Defined(id))) => self.met(value, id, Met::Defined),
            Some(Met::No) | None => self.met(value, new(), Met::Defined),
        }
    }

    /// Values beyond the bound get an id each time: views do not have them.
    fn met(&mut self, value: u32, id: I, met: fn(I) -> Met<I>) -> I {
        if let Some(slot) = self.0.get_mut(value as usize) {
            *slot = met(id);
        }
        id
    }

    /// The id of a value that has been defined.
    pub(super) fn defined(&self, value: u32) -> Option<I> {
        match self.0.get(value as usize) {
            Some(&Met::Defined(id)) => Some(id),
            Some(Met::No | Met::Used(_)) | None => None,
        }
    }

    /// A value that has been used but not defined.
    pub(super) fn undefined(&self) -> Option<u32> {
        let position = self.0.iter().position(|met| matches!(met, Met::Used(_)));
        position.and_then(|index| u32::try_from(index).ok())
    }
}
