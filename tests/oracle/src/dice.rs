//! Choices, drawn from bytes.

use arbitrary::Unstructured;

/// Draws choices from the bytes of a fuzzer or test. When the bytes are used up, each choice is
/// the first one, so generation terminates.
#[derive(Debug)]
pub struct Dice<'b>(Unstructured<'b>);

impl<'b> Dice<'b> {
    /// Creates dice that are determined by these bytes.
    pub fn new(bytes: &'b [u8]) -> Self {
        Dice(Unstructured::new(bytes))
    }

    /// Returns a number below `limit`, or 0 if `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        match limit {
            0 => 0,
            // It only fails if the bytes are used up.
            _ => self.0.int_in_range(0..=limit - 1).unwrap_or(0),
        }
    }

    /// Returns a number of at least `low` and at most `high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// Returns `true` in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        // Bytes that are used up mean "no".
        self.below(100) >= 100 - percent
    }

    /// Returns one of the elements, or `None` if there are none.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).cloned()
    }
}

/// Returns the bytes for the dice of a test, which depend on the seed only.
pub fn bytes(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed;
    let words = (0..count.div_ceil(8)).flat_map(|_| {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)).to_le_bytes()
    });
    words.take(count).collect()
}
