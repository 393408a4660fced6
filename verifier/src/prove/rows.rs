//! Items by a dense index, in compressed rows.

use std::ops::Range;

use fixedbitset::FixedBitSet;

/// For each index, a row of items.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    /// By row, where its items begin; one more for where the last row ends.
    first: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Rows<T> {
    /// No rows.
    fn default() -> Self {
        Rows { first: vec![0], items: Vec::new() }
    }
}

impl<T: Copy> Rows<T> {
    /// Groups items into `rows` rows. The items of a row keep their order.
    ///
    /// Cost: linear, by counting; goes through the items twice.
    pub(crate) fn sorted(rows: usize, items: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut first = vec![0u32; rows + 1];
        for (row, _) in items.clone() {
            first[row + 1] += 1;
        }
        for row in 0..rows {
            first[row + 1] += first[row];
        }
        let mut next = first.clone();
        let mut sorted: Vec<T> = items.clone().map(|(_, item)| item).collect();
        for (row, item) in items {
            sorted[next[row] as usize] = item;
            next[row] += 1;
        }
        Rows { first, items: sorted }
    }

    /// Puts rows behind each other.
    pub(crate) fn concatenated<R: IntoIterator<Item = T>>(
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        let mut all = Rows::default();
        for row in rows {
            all.items.extend(row);
            all.first.push(u32::try_from(all.items.len()).unwrap_or(u32::MAX));
        }
        all
    }

    /// Returns the number of rows.
    pub(crate) fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Returns the items of a row.
    pub(crate) fn of(&self, row: usize) -> &[T] {
        &self.items[self.range(row)]
    }

    /// Returns the items of all rows, in order.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// Adds to a set of rows all that is reached from it, where the items of a row lead to the
    /// rows that `index` gives, as far as `admits` lets an item in.
    ///
    /// Cost: linear in the rows that are reached and their items.
    pub(crate) fn close(
        &self,
        set: &mut FixedBitSet,
        index: impl Fn(T) -> usize,
        admits: impl Fn(T) -> bool,
    ) {
        let mut work: Vec<usize> = set.ones().collect();
        while let Some(row) = work.pop() {
            for &to in self.of(row) {
                if admits(to) && !set.put(index(to)) {
                    work.push(index(to));
                }
            }
        }
    }

    /// Returns the positions of a row's items among those of all rows.
    pub(crate) fn range(&self, row: usize) -> Range<usize> {
        self.first[row] as usize..self.first[row + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn items_of_a_row_keep_their_order() {
        let items = [(2, 'a'), (0, 'b'), (2, 'c'), (3, 'd'), (2, 'e')];
        let rows = Rows::sorted(5, items.into_iter());
        let expected: [&[char]; 5] = [&['b'], &[], &['a', 'c', 'e'], &['d'], &[]];
        assert_eq!([0, 1, 2, 3, 4].map(|row| rows.of(row)), expected);
        assert_eq!(rows.range(2), 1..4);
        let again = Rows::concatenated(expected.map(|row| row.iter().copied()));
        assert_eq!((again.len(), again.items()), (5, rows.items()));
        assert_eq!(Rows::<char>::sorted(0, [].into_iter()).len(), 0);
    }
}
