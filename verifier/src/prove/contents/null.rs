//! Null, as a location of the solver and as the content of a location.

use crate::certificate::Otherwise;
use crate::model::Location;
use crate::prove::pair::Pair;

/// A location of the solver's own, behind those of the program, that always holds null:
/// that it holds a value says that the value means null.
pub(super) fn null_location(pair: &Pair<'_>) -> Location {
    Location::new(pair.after().location_count())
}

/// Returns which of the references that a location may hold are still good after a safepoint that
/// does not list it: null, if there is any.
pub(crate) fn left_good(pair: &Pair<'_>) -> Otherwise {
    if pair.has_null() { Otherwise::Null } else { Otherwise::Nothing }
}
