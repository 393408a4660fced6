//! CLIF types, as far as their sizes and derived types matter.
//!
//! A spiller picks a slot by a type's size, and a stack map entry names a type, so the reader must
//! know the size of a stored value in bytes. CLIF prints a type only where it cannot be inferred;
//! types are inferred here according to the type constraints in
//! cranelift/codegen/meta/src/shared/instructions.rs.

use std::fmt;

/// The kind of value in one lane of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Int,
    Float,
    /// The reference types `r32` and `r64` of early versions.
    Reference,
}

impl Lane {
    fn letter(self) -> char {
        match self {
            Lane::Int => 'i',
            Lane::Float => 'f',
            Lane::Reference => 'r',
        }
    }
}

/// An identifier of a type: two types of one front end are equal if their identifiers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeId(pub u32);

/// A scalar or vector type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    pub(crate) lane: Lane,
    /// The number of bits in one lane.
    pub(crate) bits: u16,
    /// The number of lanes; 1 for a scalar.
    pub(crate) lanes: u16,
    /// Whether `lanes` is only a minimum (`i32x4xN`).
    pub(crate) dynamic: bool,
}

impl Type {
    /// `i8`: the type of comparison results and overflow flags.
    pub const I8: Type = Type::of(Lane::Int, 8, 1);
    /// `i32`.
    pub const I32: Type = Type::of(Lane::Int, 32, 1);
    /// `i64`.
    pub const I64: Type = Type::of(Lane::Int, 64, 1);
    /// `i8x16`.
    pub const I8X16: Type = Type::of(Lane::Int, 8, 16);
    /// `i16x8`.
    pub const I16X8: Type = Type::of(Lane::Int, 16, 8);
    /// `i32x4`.
    pub const I32X4: Type = Type::of(Lane::Int, 32, 4);
    /// `i64x2`.
    pub const I64X2: Type = Type::of(Lane::Int, 64, 2);
    /// `f16`.
    pub const F16: Type = Type::of(Lane::Float, 16, 1);
    /// `f32`.
    pub const F32: Type = Type::of(Lane::Float, 32, 1);
    /// `f64`.
    pub const F64: Type = Type::of(Lane::Float, 64, 1);
    /// `f128`.
    pub const F128: Type = Type::of(Lane::Float, 128, 1);
    /// `f32x4`.
    pub const F32X4: Type = Type::of(Lane::Float, 32, 4);
    /// `f64x2`.
    pub const F64X2: Type = Type::of(Lane::Float, 64, 2);

    const fn of(lane: Lane, bits: u16, lanes: u16) -> Type {
        Type { lane, bits, lanes, dynamic: false }
    }

    /// Parses the name of a type: `i32`, `f64`, `i8x16`, `i32x4xN`.
    pub fn parse(text: &str) -> Option<Type> {
        // Most types are one of these two.
        match text {
            "i32" => return Some(Type::I32),
            "i64" => return Some(Type::I64),
            _ => {}
        }
        let mut parts = text.split('x');
        let scalar = parts.next()?;
        let (lane, widths): (_, &[u16]) = match scalar.as_bytes().first()? {
            b'i' => (Lane::Int, &[8, 16, 32, 64, 128]),
            b'f' => (Lane::Float, &[16, 32, 64, 128]),
            b'r' => (Lane::Reference, &[32, 64]),
            _ => return None,
        };
        let bits = number(&scalar[1..]).filter(|bits| widths.contains(bits))?;
        let lanes = match parts.next() {
            None => 1,
            Some(count) => number(count).filter(|n| *n <= 256 && n.is_power_of_two())?,
        };
        let fixed = Type { lane, bits, lanes, dynamic: false };
        if lane == Lane::Reference && lanes > 1 {
            return None;
        }
        match (parts.next(), parts.next()) {
            (None, _) => Some(fixed),
            (Some("N"), None) => fixed.to_dynamic(),
            (Some(_), _) => None,
        }
    }

    /// Returns the dynamic vector whose minimum number of lanes is the number of lanes of this
    /// type.
    #[must_use]
    pub fn to_dynamic(self) -> Option<Type> {
        let is_vector = self.lanes > 1 && !self.dynamic;
        let exists = is_vector && self.bytes().is_some_and(|bytes| bytes <= 32);
        exists.then_some(Type { dynamic: true, ..self })
    }

    /// Returns an identifier that no other type has.
    pub fn id(self) -> TypeId {
        let lane = match self.lane {
            Lane::Int => 0,
            Lane::Float => 1,
            Lane::Reference => 2,
        };
        let log2 = |n: u16| n.checked_ilog2().unwrap_or(0);
        TypeId(lane | u32::from(self.dynamic) << 2 | log2(self.bits) << 3 | log2(self.lanes) << 8)
    }

    /// Returns whether this is a floating-point or vector type.
    pub fn is_float(self) -> bool {
        self.lane == Lane::Float || self.lanes > 1 || self.dynamic
    }

    /// Returns the size in bytes; `None` if only the running machine knows it.
    pub fn bytes(self) -> Option<u32> {
        let bits = u32::from(self.bits) * u32::from(self.lanes);
        (!self.dynamic).then_some(bits.div_ceil(8))
    }

    /// Returns the type of one lane.
    #[must_use]
    pub fn lane_of(self) -> Type {
        Type { lanes: 1, dynamic: false, ..self }
    }

    /// Returns the result type of comparing two values: `i8`, or a vector of integer masks.
    #[must_use]
    pub fn as_truthy(self) -> Type {
        match (self.lanes, self.dynamic) {
            (1, false) => Type::I8,
            _ => Type { lane: Lane::Int, ..self },
        }
    }

    /// Returns the type with twice as many lanes of half the width.
    #[must_use]
    pub fn split_lanes(self) -> Option<Type> {
        let half = self.half_width()?;
        Some(Type { lanes: half.lanes.checked_mul(2)?, ..half })
    }

    /// Returns the type with half as many lanes of twice the width.
    #[must_use]
    pub fn merge_lanes(self) -> Option<Type> {
        let double = self.double_width()?;
        (double.lanes >= 2).then_some(Type { lanes: double.lanes / 2, ..double })
    }

    /// Returns the type with lanes of half the width.
    #[must_use]
    pub fn half_width(self) -> Option<Type> {
        self.with_lane_bits(self.bits / 2)
    }

    /// Returns the type with lanes of twice the width.
    #[must_use]
    pub fn double_width(self) -> Option<Type> {
        self.with_lane_bits(self.bits.checked_mul(2)?)
    }

    /// Returns the fixed-length vector that corresponds to a dynamic one's minimum.
    #[must_use]
    pub fn dynamic_to_vector(self) -> Option<Type> {
        self.dynamic.then_some(Type { dynamic: false, ..self })
    }

    fn with_lane_bits(self, bits: u16) -> Option<Type> {
        let exists = match self.lane {
            Lane::Int => (8..=128).contains(&bits),
            Lane::Float => (16..=128).contains(&bits),
            Lane::Reference => false,
        };
        exists.then_some(Type { bits, ..self })
    }
}

/// Parses a decimal number without sign or leading zero.
fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.lane.letter(), self.bits)?;
        if self.lanes > 1 || self.dynamic {
            write!(f, "x{}", self.lanes)?;
        }
        if self.dynamic { f.write_str("xN") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_prints_as_it_is_read() {
        for text in ["i8", "i16", "i32", "i64", "i128", "f16", "f32", "f64", "f128", "r64"] {
            assert_eq!(Type::parse(text).unwrap().to_string(), text);
        }
        for text in ["i8x16", "f32x4", "i64x2", "i32x4xN"] {
            assert_eq!(Type::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        let no_type = [
            "",
            "i",
            "i7",
            "i032",
            "v3",
            "i32x",
            "i32x0",
            "i32x3",
            "i32x04",
            "i32x512",
            "i32x4xM",
            "i32x4xNxN",
            "i32x16xN",
            "i32xN",
            "f8",
            "r64x2",
        ];
        for text in no_type {
            assert_eq!(Type::parse(text), None, "{text}");
        }
        assert_eq!(Type::parse("i32x1"), Some(Type::I32));
    }

    #[test]
    fn different_types_have_different_ids() {
        let texts = ["i8", "i32", "i64", "i128", "f32", "f64", "r32", "r64", "i8x16", "i32x4"];
        let dynamic = ["i32x4xN", "i8x16xN", "f32x4xN"];
        let ids = texts.iter().chain(&dynamic).map(|text| Type::parse(text).unwrap().id().0);
        let ids: std::collections::BTreeSet<u32> = ids.collect();
        assert_eq!(ids.len(), texts.len() + dynamic.len());
    }

    #[test]
    fn sizes() {
        let bytes = |text| Type::parse(text).unwrap().bytes();
        assert_eq!(bytes("i8"), Some(1));
        assert_eq!(bytes("r32"), Some(4));
        assert_eq!(bytes("i32x4"), Some(16));
        assert_eq!(bytes("i32x4xN"), None);
    }
}
