//! The controlling type of an opcode: the set of possible types, and its source.
//!
//! An opcode that works on several types has a controlling type that determines the others. It is
//! printed behind the opcode, `iadd.i32`, if it cannot be inferred from an operand that is defined
//! earlier in the same block. The sets are those of Cranelift's type variables
//! (cranelift/codegen/meta/src/shared/instructions.rs).

use crate::types::{Lane, Type};

/// A set of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeSet {
    /// The minimum and maximum width of integers in bits.
    ints: (u16, u16),
    /// The minimum and maximum width of floats in bits.
    floats: (u16, u16),
    /// Whether the set contains the reference types of early versions.
    references: bool,
    /// The minimum and maximum number of lanes.
    lanes: (u16, u16),
    /// The range of the minimum number of lanes of dynamic vectors.
    dynamic: (u16, u16),
}

/// The empty range of widths or numbers of lanes.
const NONE: (u16, u16) = (1, 0);
const WIDTHS: (u16, u16) = (8, 128);
const FLOATS: (u16, u16) = (16, 128);
const LANES: (u16, u16) = (1, 256);
const VECTORS: (u16, u16) = (2, 256);

impl TypeSet {
    const fn ints(from: u16, to: u16) -> TypeSet {
        TypeSet { ints: (from, to), floats: NONE, references: false, lanes: (1, 1), dynamic: NONE }
    }

    const fn floats() -> TypeSet {
        TypeSet { ints: NONE, floats: FLOATS, ..TypeSet::ints(8, 8) }
    }

    const fn any() -> TypeSet {
        TypeSet { ints: WIDTHS, floats: FLOATS, references: true, ..TypeSet::ints(8, 8) }
    }

    const fn lanes(self, from: u16, to: u16) -> TypeSet {
        TypeSet { lanes: (from, to), ..self }
    }

    const fn dynamic(self, from: u16, to: u16) -> TypeSet {
        TypeSet { dynamic: (from, to), ..self }
    }

    /// Returns whether the set contains the type.
    pub fn contains(self, r#type: Type) -> bool {
        let within = |n: u16, (from, to): (u16, u16)| (from..=to).contains(&n);
        let lanes = if r#type.dynamic { self.dynamic } else { self.lanes };
        let has_lane = match r#type.lane {
            Lane::Int => within(r#type.bits, self.ints),
            Lane::Float => within(r#type.bits, self.floats),
            Lane::Reference => self.references,
        };
        has_lane && within(r#type.lanes, lanes)
    }
}

/// Integers.
pub(super) const INT: TypeSet = TypeSet::ints(8, 128);
/// Integers of up to 64 bits.
pub(super) const INT_TO_64: TypeSet = TypeSet::ints(8, 64);
/// Integers of 16 bits and more.
pub(super) const INT_FROM_16: TypeSet = TypeSet::ints(16, 128);
/// The integers that 8 bits in memory are extended to.
pub(super) const EXTENDED_8: TypeSet = TypeSet::ints(16, 64);
/// The integers that 16 bits in memory are extended to, and addresses.
pub(super) const ADDRESS: TypeSet = TypeSet::ints(32, 64);
/// The integers that 32 bits in memory are extended to.
pub(super) const EXTENDED_32: TypeSet = TypeSet::ints(64, 64);
/// Integers, and vectors of them.
pub(super) const INTS: TypeSet = INT.lanes(LANES.0, LANES.1);
/// Integers, and vectors of them, including dynamic ones.
pub(super) const INTS_DYNAMIC: TypeSet = INTS.dynamic(2, 32);
/// Vectors of integers.
pub(super) const INT_VECTORS: TypeSet = INT.lanes(VECTORS.0, VECTORS.1);
/// Vectors whose lanes can be made half as wide.
pub(super) const NARROWED: TypeSet = TypeSet::ints(16, 64).lanes(2, 8).dynamic(2, 8);
/// Vectors whose lanes can be made twice as wide.
pub(super) const WIDENED: TypeSet = TypeSet::ints(8, 32).lanes(2, 16).dynamic(2, 16);
/// Vectors of fixed-point numbers.
pub(super) const FIXED_POINT: TypeSet = TypeSet::ints(16, 32).lanes(4, 8);
/// Floats.
pub(super) const FLOAT: TypeSet = TypeSet::floats();
/// Floats, and vectors of them.
pub(super) const FLOAT_LANES: TypeSet = FLOAT.lanes(LANES.0, LANES.1);
/// Floats, and vectors of them, including dynamic ones.
pub(super) const FLOATS_DYNAMIC: TypeSet = FLOAT_LANES.dynamic(2, 16);
/// All types except dynamic vectors.
pub(super) const ANY: TypeSet = TypeSet::any().lanes(LANES.0, LANES.1);
/// All types.
pub(super) const ANY_DYNAMIC: TypeSet = ANY.dynamic(2, 32);
/// Vectors.
pub(super) const ANY_VECTORS: TypeSet = TypeSet::any().lanes(VECTORS.0, VECTORS.1);
/// Vectors, including dynamic ones.
pub(super) const ANY_VECTORS_DYNAMIC: TypeSet = ANY_VECTORS.dynamic(2, 32);
/// Dynamic vectors. Cranelift's own set also has scalars, on which it panics.
pub(super) const DYNAMIC: TypeSet = TypeSet::any().lanes(NONE.0, NONE.1).dynamic(2, 32);
/// The reference types of early versions.
pub(super) const REFERENCE: TypeSet = TypeSet { ints: NONE, floats: NONE, ..TypeSet::any() };

/// The source of the controlling type of an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The opcode has no controlling type, and none is printed.
    None,
    /// The controlling type is always printed.
    Printed(TypeSet),
    /// The controlling type is that of the operand with this number, unless it is printed.
    Operand(usize, TypeSet),
    /// Unknown, because the opcode is unknown.
    Unknown,
}
