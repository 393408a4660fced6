//! Why a function could not be verified.

use std::error::Error;
use std::fmt;

use stackmap_clif::lower::LowerError;

/// Why a function could not be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unchecked {
    /// Something about the function before or after is unknown that the proof depends on.
    Lower(LowerError),
    /// `make_stack_map_alias_region` was called on the builder, but not by `Settings::prepare`, so
    /// the function was spilled without what it chooses.
    HiddenAliasRegions,
    /// The values with these numbers were declared to be references and the builder did not keep
    /// them, so that the spiller did not see them.
    LostDeclarations(Vec<u32>),
    /// The function that is made to show the declared values does not show them: of one block in
    /// which all are live across a call, what is spilled, listed and reloaded is not the same.
    Probe,
}

impl fmt::Display for Unchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unchecked::Lower(error) => error.fmt(f),
            Unchecked::HiddenAliasRegions => f.write_str(
                "make_stack_map_alias_region was called on the builder: \
                 call it in `Settings::prepare`",
            ),
            Unchecked::LostDeclarations(values) => {
                let values: Vec<String> = values.iter().map(|value| format!("v{value}")).collect();
                let values = values.join(", ");
                write!(f, "the builder lost declared references, which are not spilled: {values}")
            }
            Unchecked::Probe => f.write_str(
                "in one block in which declared values are live across a call, the spiller does \
                 not spill, list and reload the same values",
            ),
        }
    }
}

impl Error for Unchecked {}
