//! Combines the three records of each function.
//!
//! A thread writes the declared set, before and after of one function, and then those of its next
//! function. The records of several threads are a shuffle of such sequences, and the log may or may
//! not identify the threads: the records of one [`Origin`] form a group. The following applies to
//! one group.
//!
//! # Sets and functions
//!
//! A record of declared values does not name its function, and need not have a value in common with
//! the function's text: a declared value need not be used, or even exist any more. The following is
//! certain:
//!
//! * A set comes before its function. So wherever as many functions have come as sets, those sets
//!   belong to those functions, one to one; and every set of such a [component](sets) that comes
//!   before a function of it may be that function's. (Remove the two: the rest can still be
//!   paired.)
//! * Equal sets are interchangeable; the latest before the text is taken.
//!
//! A function for which several sets are possible gets all of them. Its verdict is the common
//! verdict under all of them, if there is one ([`Recording::readings`]).
//!
//! If there are more sets than functions, some sets have no function: [`sets`] explains how they
//! are handled. If there are more functions than sets, records have been lost, and the most recent
//! functions are ambiguous, unless the log looks like that of one thread.
//!
//! # Functions before and after
//!
//! The function after names the function before by name and signature. If there are several, the
//! one it aligns with is meant ([`afters`]).
//!
//! # Missing records
//!
//! If a set, or one of the two texts, has no function, the records around it may belong to another
//! thread than they seem to. What is combined there as if there were one thread is [in
//! doubt](super::Recording::in_doubt): the functions with the same name and signature as a text
//! without a counterpart, those before a function without a set, and those behind a set without a
//! function.
//!
//! # Cost
//!
//! Linear in the records, except for a text after that may belong to several functions of one name
//! and signature: it is read with each of those that differ, up to the limit in [`afters`]. A
//! limited number of functions waits at a time.
//!
//! [`Recording::readings`]: super::Recording::readings

mod afters;
mod befores;
mod function;
mod group;
pub(super) mod sets;
mod skeleton;
mod window;

use std::collections::{BTreeMap, VecDeque};

use super::origin::Origin;
use super::record::Record;
use super::recording::LogResult;
use group::Group;

/// The records that wait for others, by origin.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairing(BTreeMap<Origin, Group>);

impl Pairing {
    pub(super) fn add(&mut self, record: Record, ready: &mut VecDeque<LogResult>) {
        let one_thread = record.origin.thread.is_some();
        let group = self.0.entry(record.origin).or_insert_with(|| Group::new(one_thread));
        group.add(record.content, record.line, ready);
    }

    /// Resolves all waiting records at the end of the log; the results are in the order of the log.
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
