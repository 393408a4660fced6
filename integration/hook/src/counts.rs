//! Counts of what a hook saw.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The counts so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Functions that the spiller ran on, and that were handed to the callback. If
    /// there are none after something with references was compiled, the records do
    /// not come.
    pub functions: usize,
    /// Callbacks, or verifications, that panicked. The panic went no further.
    pub panics: usize,
    /// The number of times that records did not come in threes, so that some belong to no function
    /// that could be verified: the spiller panicked, a thread ended meanwhile, the hook
    /// came in the middle, or something made records of one thread another's. Each
    /// function of which there is a text was handed to the callback, with a
    /// [`Unchecked`](crate::Unchecked).
    pub dropped: usize,
}

/// Counts, shared by the logger and its handle.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) functions: AtomicUsize,
    pub(crate) panics: AtomicUsize,
    pub(crate) dropped: AtomicUsize,
    /// The program's own maximum level, as a number.
    pub(crate) max_level: AtomicUsize,
}

impl Counts {
    /// The counts so far.
    pub(crate) fn seen(&self) -> Seen {
        Seen {
            functions: self.functions.load(Ordering::Acquire),
            panics: self.panics.load(Ordering::Acquire),
            dropped: self.dropped.load(Ordering::Acquire),
        }
    }
}
