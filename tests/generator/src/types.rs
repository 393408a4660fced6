//! The types of values.

use stackmap_oracle::dice::Dice;

/// A type. Several have one size, since slots are shared by size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    I32,
    I64,
    F64,
    I128,
    I32X4,
}

impl Type {
    pub(crate) fn any(dice: &mut Dice<'_>) -> Type {
        match dice.below(10) {
            0..4 => Type::I32,
            4..7 => Type::I64,
            7 => Type::F64,
            8 => Type::I128,
            _ => Type::I32X4,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F64 => "f64",
            Type::I128 => "i128",
            Type::I32X4 => "i32x4",
        }
    }

    pub(crate) fn bytes(self) -> usize {
        match self {
            Type::I32 => 4,
            Type::I64 | Type::F64 => 8,
            Type::I128 | Type::I32X4 => 16,
        }
    }

    /// Another type of the same size, and how `bitcast` is told so.
    pub(crate) fn twin(self) -> Option<(Type, &'static str)> {
        match self {
            Type::I32 => None,
            Type::I64 => Some((Type::F64, "bitcast.f64")),
            Type::F64 => Some((Type::I64, "bitcast.i64")),
            Type::I128 => Some((Type::I32X4, "bitcast.i32x4 little")),
            Type::I32X4 => Some((Type::I128, "bitcast.i128 little")),
        }
    }
}
