//! The ids that a program mentions.

/// A bound of the ids that a program mentions: all are below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentioned {
    bound: usize,
}

impl Mentioned {
    pub(super) fn note(&mut self, indices: impl IntoIterator<Item = usize>) {
        for index in indices {
            self.bound = self.bound.max(index + 1);
        }
    }

    pub(super) fn are_below(self, count: usize) -> bool {
        self.bound <= count
    }
}
