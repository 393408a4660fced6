//! Dense ids, and pools that hold many small lists in one vector.

use std::fmt;

/// A count as an id: models hold fewer than 2^32 of anything, and one that does
/// not saturates here and is then refused for its dangling ids.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

macro_rules! entity {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The id with this dense index.
            pub fn new(index: usize) -> Self {
                $name(count(index))
            }

            /// The dense index, from 0.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

entity!(
    /// A basic block, of either program. The entry is block 0.
    Block, "block#"
);
entity!(
    /// An SSA value of the before program.
    Value, "value#"
);
entity!(
    /// A place of the after program that can hold a value: a cell of a stack
    /// slot, an SSA value of the after program, or a register.
    Location, "location#"
);
entity!(
    /// A stack slot of the after program.
    Slot, "slot#"
);
entity!(
    /// An operation of the before program.
    OperationId, "operation#"
);
entity!(
    /// An instruction of the after program.
    InstructionId, "instruction#"
);
entity!(
    /// The position of an edge among its block's edges, from 0.
    EdgeIndex, "edge#"
);

/// Many small lists in one vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pool<T>(Vec<T>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool(Vec::new())
    }
}

impl<T> Pool<T> {
    /// Appends a list and returns its `(start, length)`.
    pub(super) fn extend(&mut self, items: impl IntoIterator<Item = T>) -> (u32, u32) {
        let start = self.0.len();
        self.0.extend(items);
        (count(start), count(self.0.len() - start))
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }

    pub(super) fn get(&self, (start, len): (u32, u32)) -> &[T] {
        let start = start as usize;
        self.0.get(start..start + len as usize).unwrap_or(&[])
    }
}
