//! The types of results.

use crate::types::Type;

/// The derivation of result types from the controlling type, which is the type printed after the
/// opcode, or else the type of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// The controlling type itself.
    Same,
    /// The controlling type, then an `i8` flag.
    Flagged,
    /// The result type of a comparison.
    Truthy,
    /// The type of one lane.
    Lane,
    /// Twice the number of lanes, half as wide.
    Split,
    /// Half the number of lanes, twice as wide.
    Merge,
    /// Two results of half the width.
    Halves,
    /// One result of double width.
    Double,
    /// The fixed-length vector that corresponds to a dynamic one.
    Vector,
}

/// The result types of an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// The opcode has no results.
    None,
    /// The results are those of the callee's signature.
    Signature,
    /// One result, always of this type.
    Fixed(Type),
    /// The types are derived from the controlling type.
    Of(Derived),
    /// The results are unknown, because the opcode is unknown.
    Unknown,
}

impl Derived {
    /// Returns the type of a result, given the controlling type.
    pub(super) fn of(self, control: Type, result: usize) -> Option<Type> {
        match (self, result) {
            (Derived::Same | Derived::Flagged, 0) => Some(control),
            (Derived::Flagged, 1) => Some(Type::I8),
            (Derived::Truthy, 0) => Some(control.as_truthy()),
            (Derived::Lane, 0) => Some(control.lane_of()),
            (Derived::Split, 0) => control.split_lanes(),
            (Derived::Merge, 0) => control.merge_lanes(),
            (Derived::Halves, 0 | 1) => control.half_width(),
            (Derived::Double, 0) => control.double_width(),
            (Derived::Vector, 0) => control.dynamic_to_vector(),
            (
                Derived::Same
                | Derived::Flagged
                | Derived::Truthy
                | Derived::Lane
                | Derived::Split
                | Derived::Merge
                | Derived::Halves
                | Derived::Double
                | Derived::Vector,
                _,
            ) => None,
        }
    }
}
