//! The facts about one opcode.

use super::class::Class;
use super::control::Control;
use super::format::Format;
use super::results::{Derived, Results};
use crate::types::Type;

/// One opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opcode {
    /// The name in CLIF; empty if the opcode is not in the table.
    pub name: &'static str,
    /// The class of the opcode.
    pub class: Class,
    /// The format of the text behind the opcode; `None` if it is unknown.
    pub format: Option<Format>,
    /// The source of the controlling type.
    pub control: Control,
    /// The types of the results.
    pub results: Results,
}

impl Opcode {
    /// Returns whether the opcode has a controlling type.
    pub fn is_typed(&self) -> bool {
        matches!(self.control, Control::Printed(_) | Control::Operand(..))
    }

    /// Returns whether the controlling type is always printed.
    pub fn prints_type(&self) -> bool {
        matches!(self.control, Control::Printed(_))
    }

    /// Returns the name of a type that the opcode works on.
    pub fn example(&self) -> &'static str {
        let names = ["i32", "i64", "i32x4", "f32", "r64"];
        let set = match self.control {
            Control::Printed(set) | Control::Operand(_, set) => Some(set),
            Control::None | Control::Unknown => None,
        };
        let is_in =
            |name: &&str| set.zip(Type::parse(name)).is_some_and(|(set, t)| set.contains(t));
        names.into_iter().find(is_in).unwrap_or("i32")
    }

    /// Returns the number of results; `None` if the opcode does not determine it.
    pub fn result_count(&self) -> Option<usize> {
        match self.results {
            Results::None => Some(0),
            Results::Fixed(_) => Some(1),
            Results::Of(Derived::Flagged | Derived::Halves) => Some(2),
            Results::Of(_) => Some(1),
            Results::Signature | Results::Unknown => None,
        }
    }

    /// Returns the type of a result, given the controlling type.
    pub fn result_type(&self, control: Option<Type>, result: usize) -> Option<Type> {
        match (self.results, result) {
            (Results::Fixed(fixed), 0) => Some(fixed),
            (Results::Of(derived), _) => derived.of(control?, result),
            (Results::None | Results::Signature | Results::Fixed(_) | Results::Unknown, _) => None,
        }
    }
}
