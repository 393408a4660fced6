//! The kinds of locations.

use super::Cell;
use crate::names::Name;

/// The kind of a location.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LocationKind {
    /// An SSA value of the after program.
    Value(Name),
    /// Bytes of a stack slot. Cells may overlap: writing one clobbers the rest.
    Cell(Cell),
    /// A machine register.
    Register(Name),
}
