//! Operations with an unknown opcode.

use stackmap_verifier::model::OperationKind;

use crate::view::Role;

/// The interpretation of an operation with an unknown opcode. It is neither harmless nor known not
/// to be a safepoint, so a verdict holds only if it does not depend on the interpretation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// A call: the collector may run.
    Collects,
    /// A copy: its results are copies of its operands.
    Copies,
    /// Anything else.
    Computes,
}

impl Unknown {
    pub(super) const ALL: [Unknown; 3] = [Unknown::Collects, Unknown::Copies, Unknown::Computes];

    /// Returns the operation kind that the interpretation has in the model.
    pub(super) fn kind(self) -> OperationKind {
        match self {
            Unknown::Collects => OperationKind::Safepoint,
            Unknown::Copies => OperationKind::Forwards { first: 0 },
            Unknown::Computes => OperationKind::Plain,
        }
    }

    /// Returns the role of an instruction in this interpretation.
    pub(super) fn role(self, role: Role) -> Role {
        match (role, self) {
            (Role::Unknown, Unknown::Collects) => Role::Safepoint,
            (Role::Unknown, Unknown::Copies) => Role::Forward { first: 0 },
            (Role::Unknown, Unknown::Computes) => Role::Plain,
            (
                Role::Compute | Role::Forward { .. } | Role::Safepoint | Role::Jump | Role::Plain,
                _,
            ) => role,
        }
    }
}
