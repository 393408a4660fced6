//! Models with random ids.

use stackmap_oracle::dice::Dice;
use stackmap_oracle::garbage::garbage;

use crate::verdict::{COLLECTORS, verdict};

/// Models with random ids in all places get a result, and do not cause a panic.
pub fn models(bytes: &[u8]) {
    let built = garbage(&mut Dice::new(bytes));
    for collector in COLLECTORS {
        verdict(&built.before, &built.declared, &built.after, collector);
    }
}
