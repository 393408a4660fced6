//! Records of many shards, in the order of the inputs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::iter::Peekable;

use super::run::Plan;
use super::shard::{Entry, Records};

/// The records of all shards. Each shard is in order, and no input is in two shards.
///
/// Cost per record: logarithmic in the number of shards.
pub(super) struct Ordered {
    shards: Vec<Peekable<Box<dyn Iterator<Item = io::Result<Entry>>>>>,
    /// The shards that have further records, by the input of the next record; a shard with a read
    /// error comes first.
    next: BinaryHeap<Reverse<(Option<usize>, usize)>>,
}

impl Ordered {
    pub(super) fn of(plan: &Plan) -> Self {
        let of = |(shard, base): &(_, usize)| {
            let base = *base;
            let records = Records::of(shard).map(move |entry| entry.map(|e| e.after(base)));
            let records: Box<dyn Iterator<Item = io::Result<Entry>>> = Box::new(records);
            records.peekable()
        };
        let shards = plan.shards().iter().map(of).collect();
        let mut ordered = Ordered { shards, next: BinaryHeap::new() };
        (0..plan.shards().len()).for_each(|shard| ordered.look(shard));
        ordered
    }

    /// Peeks at the next record of a shard.
    fn look(&mut self, shard: usize) {
        match self.shards.get_mut(shard).and_then(Peekable::peek) {
            Some(Ok(entry)) => self.next.push(Reverse((Some(entry.index()), shard))),
            Some(Err(_)) => self.next.push(Reverse((None, shard))),
            None => {}
        }
    }
}

impl Iterator for Ordered {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((_, shard)) = self.next.pop()?;
        let record = self.shards.get_mut(shard)?.next();
        self.look(shard);
        record
    }
}
