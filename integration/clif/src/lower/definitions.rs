//! Tracks which values have been met, and which of them have been defined.
//!
//! Ids are assigned in the order in which values are met, so that the model depends only on the
//! input. A use may come before its definition: layout order is not dominance order.

use std::marker::PhantomData;

use stackmap_verifier::model::{Location, Value};

/// An id of the model.
pub(super) trait Id: Copy {
    fn new(index: usize) -> Self;
    fn index(self) -> usize;
}

impl Id for Value {
    fn new(index: usize) -> Self {
        Value::new(index)
    }

    fn index(self) -> usize {
        self.index()
    }
}

impl Id for Location {
    fn new(index: usize) -> Self {
        Location::new(index)
    }

    fn index(self) -> usize {
        self.index()
    }
}

/// The state of a value in one word: twice its id, plus one if it is defined. Models have fewer
/// than 2^31 values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Met(u32);

impl Met {
    const NO: Met = Met(u32::MAX);

    fn new<I: Id>(id: I, is_defined: bool) -> Met {
        let id = u32::try_from(id.index()).unwrap_or(u32::MAX);
        Met(id.wrapping_mul(2) | u32::from(is_defined))
    }

    fn is_defined(self) -> bool {
        self != Met::NO && self.0 % 2 == 1
    }

    fn id<I: Id>(self) -> Option<I> {
        (self != Met::NO).then(|| I::new((self.0 / 2) as usize))
    }
}

/// The ids of values in the model, by value index.
#[derive(Clone, Debug)]
pub(super) struct Definitions<I>(Vec<Met>, PhantomData<I>);

impl<I: Id> Definitions<I> {
    /// Creates a table for values with an index below `bound`.
    pub(super) fn new(bound: usize) -> Self {
        Definitions(vec![Met::NO; bound], PhantomData)
    }

    fn met(&self, value: u32) -> Met {
        self.0.get(value as usize).copied().unwrap_or(Met::NO)
    }

    /// Returns the id of a value that is used; a new id if the value has not been met.
    pub(super) fn used(&mut self, value: u32, new: impl FnOnce() -> I) -> I {
        self.met(value).id().unwrap_or_else(|| self.meet(value, new(), false))
    }

    /// Returns the id of a value that is defined here; a new id if the value has not been met.
    pub(super) fn define(&mut self, value: u32, new: impl FnOnce() -> I) -> I {
        let id = self.met(value).id().unwrap_or_else(new);
        self.meet(value, id, true)
    }

    /// Values beyond the bound get a new id each time: views do not have such values.
    fn meet(&mut self, value: u32, id: I, is_defined: bool) -> I {
        if let Some(met) = self.0.get_mut(value as usize) {
            *met = Met::new(id, is_defined);
        }
        id
    }

    /// Returns the id of a value that has been defined.
    pub(super) fn defined(&self, value: u32) -> Option<I> {
        Some(self.met(value)).filter(|met| met.is_defined())?.id()
    }

    /// Returns a value that has been used but not defined, if there is one.
    pub(super) fn undefined(&self) -> Option<u32> {
        let position = self.0.iter().position(|&met| met != Met::NO && !met.is_defined());
        position.and_then(|index| u32::try_from(index).ok())
    }
}
