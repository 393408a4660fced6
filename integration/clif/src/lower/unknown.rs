//! Opcodes that nobody knows.

use stackmap_verifier::model::OperationKind;

/// What an operation is taken for whose opcode nobody knows. It is neither harmless nor
/// known to be no safepoint, so a verdict holds only if it does not depend on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// A call: the collector may run.
    Collects,
    /// A copy: its results are what its operands are.
    Copies,
    /// Anything else.
    Computes,
}

impl Unknown {
    pub(super) const ALL: [Unknown; 3] = [Unknown::Collects, Unknown::Copies, Unknown::Computes];

    /// As what it stands in the model.
    pub(super) fn kind(self) -> OperationKind {
        match self {
            Unknown::Collects => OperationKind::Safepoint,
            Unknown::Copies => OperationKind::Forwards { first: 0 },
            Unknown::Computes => OperationKind::Plain,
        }
    }
}
