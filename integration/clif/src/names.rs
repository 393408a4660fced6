//! Entity numbers of the input, renumbered densely.
//!
//! `v4294967295` is a valid name of a value, so tables are indexed by the order in which names
//! occur, not by the numbers in them. The before and the after function of a pair are read with the
//! same [`Names`]: an index then denotes the same value, block or slot in both.

use rustc_hash::FxHashMap;

/// The numbers of one kind of entity.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    numbers: Vec<u32>,
    /// The indices of small numbers; [`NONE`] for numbers that have not been seen.
    small: Vec<u32>,
    /// The indices of the other numbers.
    large: FxHashMap<u32, u32>,
}

/// The index that stands for no index: there are never that many entities.
const NONE: u32 = u32::MAX;

impl Numbers {
    /// Returns the index of this number; a new index if the number has not been seen.
    pub fn intern(&mut self, number: u32) -> u32 {
        if let Some(index) = self.index(number) {
            return index;
        }
        let index = u32::try_from(self.numbers.len()).unwrap_or(NONE);
        self.numbers.push(number);
        // A number is small if a table up to it is not much longer than the list of numbers seen so
        // far. The numbers that printers assign are small.
        let place = number as usize;
        if place >= 8 * self.numbers.len() + 64 {
            self.large.insert(number, index);
            return index;
        }
        if place >= self.small.len() {
            self.small.resize(place + 1, NONE);
        }
        self.small[place] = index;
        index
    }

    /// Returns the index of this number, if it has been seen.
    pub fn index(&self, number: u32) -> Option<u32> {
        match self.small.get(number as usize) {
            Some(&index) if index != NONE => Some(index),
            // A large number may have become small since it was added.
            Some(_) | None if self.large.is_empty() => None,
            Some(_) | None => self.large.get(&number).copied(),
        }
    }

    /// Returns the number with this index.
    pub fn number(&self, index: u32) -> u32 {
        self.numbers[index as usize]
    }

    /// Returns how many numbers have been seen.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Returns whether no number has been seen.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}

/// The numbers of the entities that a function and its rewritten form share.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// SSA values, `v0`.
    pub values: Numbers,
    /// Blocks, `block0`.
    pub blocks: Numbers,
    /// Stack slots of fixed size, `ss0`.
    pub slots: Numbers,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_dense_whatever_the_numbers() {
        let mut numbers = Numbers::default();
        let seen = [0, u32::MAX, 7, 1000, 1, u32::MAX, 1000, 7];
        let indices: Vec<u32> = seen.iter().map(|&number| numbers.intern(number)).collect();
        assert_eq!(indices, [0, 1, 2, 3, 4, 1, 3, 2]);
        assert_eq!((numbers.len(), numbers.number(1)), (5, u32::MAX));
        assert_eq!((numbers.index(1000), numbers.index(999)), (Some(3), None));
    }

    #[test]
    fn a_large_number_keeps_its_index_when_it_is_no_longer_large() {
        let mut numbers = Numbers::default();
        assert_eq!(numbers.intern(5000), 0);
        for number in 0..5000 {
            assert_eq!(numbers.intern(number), number + 1);
        }
        assert_eq!(numbers.intern(5000), 0);
        assert_eq!(numbers.len(), 5001);
    }

    #[test]
    fn a_table_is_not_allocated_by_a_number() {
        let mut numbers = Numbers::default();
        numbers.intern(u32::MAX - 1);
        assert!(numbers.small.is_empty());
    }
}
