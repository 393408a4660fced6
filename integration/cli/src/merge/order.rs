//! Records of many shards, in the order of the inputs.

use std::io;
use std::iter::Peekable;

use super::run::Plan;
use super::shard::{Entry, Records};

/// The records of all shards. Each shard is in order, and no input is in two.
pub(super) struct Ordered {
    shards: Vec<Peekable<Box<dyn Iterator<Item = io::Result<Entry>>>>>,
}

impl Ordered {
    pub(super) fn of(plan: &Plan) -> Self {
        let of = |(shard, base): &(_, usize)| {
            let base = *base;
            let records = Records::of(shard).map(move |entry| entry.map(|e| e.after(base)));
            let records: Box<dyn Iterator<Item = io::Result<Entry>>> = Box::new(records);
            records.peekable()
        };
        Ordered { shards: plan.shards().iter().map(of).collect() }
    }
}

impl Iterator for Ordered {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<io::Result<Entry>> {
        let mut first: Option<(usize, usize)> = None;
        for (shard, records) in self.shards.iter_mut().enumerate() {
            let index = match records.peek() {
                Some(Ok(entry)) => entry.index(),
                // Now rather than later.
                Some(Err(_)) => return records.next(),
                None => continue,
            };
            if first.is_none_or(|(least, _)| index < least) {
                first = Some((index, shard));
            }
        }
        let (_, shard) = first?;
        self.shards.get_mut(shard)?.next()
    }
}
