//! The types of results.

use crate::types::Type;

/// How the types of the results follow from the controlling type: the one that
/// is printed after the opcode, or else the type of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// The same type.
    Same,
    /// The same type, then an `i8` flag.
    Flagged,
    /// What a comparison gives.
    Truthy,
    /// The type of one lane.
    Lane,
    /// Twice the lanes, half as wide.
    Split,
    /// Half the lanes, twice as wide.
    Merge,
    /// Two results of half the width.
    Halves,
    /// One of double width.
    Double,
    /// The vector behind a dynamic one.
    Vector,
}

/// What is known about an opcode's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// There are none.
    None,
    /// What the callee's signature returns.
    Signature,
    /// One, always of this type.
    Fixed(Type),
    /// Derived from the controlling type.
    Of(Derived),
    /// Anything: the opcode is unknown.
    Unknown,
}

impl Derived {
    /// The type of a result, given the controlling type.
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
