//! What the function before spilling and the function after it have in common.

/// Something of the function before and of the function after; of a part that only one of them has,
/// the other is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sides<T> {
    pub(crate) before: Option<T>,
    pub(crate) after: Option<T>,
}

impl<T> Sides<T> {
    /// Returns those that are there.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.before.iter().chain(&self.after)
    }

    /// Returns those that are there, to be changed alike.
    pub(crate) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.before.iter_mut().chain(&mut self.after)
    }

    /// Returns the one that decides what the program does: that of the function before, if it has
    /// one.
    pub(crate) fn main(&self) -> Option<&T> {
        self.before.as_ref().or(self.after.as_ref())
    }

    /// Returns that of one function.
    pub(crate) fn of(&self, side: Side) -> Option<&T> {
        match side {
            Side::Before => self.before.as_ref(),
            Side::After => self.after.as_ref(),
        }
    }

    /// Returns that of one function, to be changed.
    pub(crate) fn of_mut(&mut self, side: Side) -> Option<&mut T> {
        match side {
            Side::Before => self.before.as_mut(),
            Side::After => self.after.as_mut(),
        }
    }

    /// Returns what a function makes of each of them.
    pub(crate) fn map<U>(&self, mut of: impl FnMut(&T) -> U) -> Sides<U> {
        Sides { before: self.before.as_ref().map(&mut of), after: self.after.as_ref().map(of) }
    }
}

/// One of the two functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

impl Side {
    pub(crate) const BOTH: [Side; 2] = [Side::Before, Side::After];
}
