//! Puts the three records of each function together.
//!
//! A thread writes declared set, before, after, and then those of its next
//! function. The records of several threads are a shuffle of such sequences, which
//! the log may or may not tell apart: records of one [`Origin`] make a group. What
//! is said here is said of one group.
//!
//! # Sets and functions
//!
//! A record of declared values names no function, and need not have a value in
//! common with its text: a value that is declared need not be used, or even be there
//! any more. What is certain is this:
//!
//! * A set comes before its function. So wherever as many functions have come as
//!   sets, those sets belong to those functions, one to one; and every set of such a
//!   [component](sets) that comes before a function of it may be that function's.
//!   (Remove the two: the rest can still be paired.)
//! * Sets that are equal are interchangeable; the latest before the text is taken.
//!
//! A function for which several sets are possible gets all of them. Its verdict is
//! the one that it has with each, if that is one ([`Recording::readings`]).
//!
//! If there are more sets than functions, some have none: [`sets`] says what is made
//! of that. If there are more functions than sets, records have been lost, and the
//! functions that have come lately are ambiguous, unless the log looks like that of
//! one thread.
//!
//! # Functions before and after
//!
//! The function after names the one before by name and signature. If there are
//! several, the one it aligns with is meant ([`afters`]).
//!
//! # What is missing
//!
//! Where a set, or one of the two texts, has no function, the records around it may be
//! those of another thread than it looks like. What is put together there as if there were
//! one thread is [in doubt](super::Recording::in_doubt): the functions with the same name
//! and signature as a text that stands alone, those before a function without a set, and
//! those behind a set without a function.
//!
//! # Cost
//!
//! Linear in the records, but for a text after that several functions of one name and
//! signature may have: it is read with each of those that differ, up to [`afters`]' limit of
//! them. A limited number of functions waits at a time.
//!
//! [`Recording::readings`]: super::Recording::readings

mod afters;
mod befores;
mod function;
mod group;
mod sets;
mod skeleton;
mod window;

use std::collections::{BTreeMap, VecDeque};

use super::origin::Origin;
use super::record::Record;
use super::recording::LogResult;
use group::Group;

pub(super) use sets::Set;

/// The records that wait for others.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairing(BTreeMap<Origin, Group>);

impl Pairing {
    pub(super) fn add(&mut self, record: Record, ready: &mut VecDeque<LogResult>) {
        let one_thread = record.origin.thread.is_some();
        let group = self.0.entry(record.origin).or_insert_with(|| Group::new(one_thread));
        group.add(record.content, record.line, ready);
    }

    /// Nothing more will come: everything else is in the order of the log.
    pub(super) fn end(&mut self, ready: &mut VecDeque<LogResult>) {
        let mut rest = VecDeque::new();
        for group in self.0.values_mut() {
            group.end(&mut rest);
        }
        rest.make_contiguous().sort_by_key(|result| match result {
            Ok(recording) => recording.after.line,
            Err(error) => error.line,
        });
        ready.extend(rest);
    }
}
