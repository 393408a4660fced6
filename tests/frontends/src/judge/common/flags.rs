//! The flags of an access, whatever the version calls them.

use super::codegen::ir::AliasRegion;

/// What the flags of an access say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) notrap: bool,
    pub(super) aligned: bool,
    /// Whether it may be moved, or is of what never changes.
    pub(super) movable: bool,
    /// Whether it says a byte order.
    pub(super) ordered: bool,
    pub(super) region: Option<AliasRegion>,
}
