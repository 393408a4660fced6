//! The flags of an access, whatever the version calls them.

use super::codegen::ir::AliasRegion;

/// The flags of an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) notrap: bool,
    pub(super) aligned: bool,
    /// Whether it may be moved, or accesses memory that never changes.
    pub(super) movable: bool,
    /// Whether it specifies a byte order.
    pub(super) ordered: bool,
    pub(super) region: Option<AliasRegion>,
}
