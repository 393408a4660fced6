//! The controlling type of an opcode: which there are, and where it is from.
//!
//! An opcode that works on several types has one that decides the others. It is
//! printed behind the opcode, `iadd.i32`, where it cannot be told from an operand
//! that is defined before in the same block. The sets are those of Cranelift's
//! type variables (cranelift/codegen/meta/src/shared/instructions.rs).

use crate::types::{Lane, Type};

/// A set of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeSet {
    /// How wide integers are, in bits: from, to.
    ints: (u16, u16),
    /// How wide floats are.
    floats: (u16, u16),
    /// Whether the reference types of early versions belong to it.
    references: bool,
    /// How many lanes there are.
    lanes: (u16, u16),
    /// How many lanes dynamic vectors have at least.
    dynamic: (u16, u16),
}

/// No width, or no number of lanes.
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

    /// Whether the type belongs to it.
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
/// What 8 bits in memory are extended to.
pub(super) const EXTENDED_8: TypeSet = TypeSet::ints(16, 64);
/// What 16 bits in memory are extended to, and addresses.
pub(super) const ADDRESS: TypeSet = TypeSet::ints(32, 64);
/// What 32 bits in memory are extended to.
pub(super) const EXTENDED_32: TypeSet = TypeSet::ints(64, 64);
/// Integers, and vectors of them.
pub(super) const INTS: TypeSet = INT.lanes(LANES.0, LANES.1);
/// The same, and dynamic vectors.
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
/// The same, and dynamic vectors.
pub(super) const FLOATS_DYNAMIC: TypeSet = FLOAT_LANES.dynamic(2, 16);
/// Anything but dynamic vectors.
pub(super) const ANY: TypeSet = TypeSet::any().lanes(LANES.0, LANES.1);
/// Anything.
pub(super) const ANY_DYNAMIC: TypeSet = ANY.dynamic(2, 32);
/// Vectors.
pub(super) const ANY_VECTORS: TypeSet = TypeSet::any().lanes(VECTORS.0, VECTORS.1);
/// Vectors, dynamic ones too.
pub(super) const ANY_VECTORS_DYNAMIC: TypeSet = ANY_VECTORS.dynamic(2, 32);
/// Dynamic vectors. Cranelift's own set has scalars as well, of which it panics.
pub(super) const DYNAMIC: TypeSet = TypeSet::any().lanes(NONE.0, NONE.1).dynamic(2, 32);
/// The reference types of early versions.
pub(super) const REFERENCE: TypeSet = TypeSet { ints: NONE, floats: NONE, ..TypeSet::any() };

/// Where the controlling type of an opcode is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// There is none, and none is printed.
    None,
    /// It is always printed.
    Printed(TypeSet),
    /// It is that of this value among the operands, unless printed.
    Operand(usize, TypeSet),
    /// Nobody knows: the opcode is unknown.
    Unknown,
}
