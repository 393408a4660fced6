//! What is known of a register or a frame cell.

/// What is known of the content of a register or of a cell of the frame. Addresses of the frame are
/// counted from the stack pointer at the entry of the function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Value {
    /// It is no address of the frame.
    #[default]
    Other,
    /// It is this address of the frame.
    Frame(i64),
    /// It may have been computed from an address of the frame.
    Derived,
}

impl Value {
    /// Returns what is known if it is one or the other.
    pub(crate) fn join(self, other: Value) -> Value {
        if self == other { self } else { Value::Derived }
    }

    /// Returns what is known of the sum with a constant.
    pub(crate) fn plus(self, offset: i64) -> Value {
        match self {
            Value::Frame(base) => Value::Frame(base.wrapping_add(offset)),
            Value::Other | Value::Derived => self,
        }
    }

    /// Returns what is known of a result that is computed from such values.
    pub(crate) fn computed(mut from: impl Iterator<Item = Value>) -> Value {
        if from.any(|value| value != Value::Other) { Value::Derived } else { Value::Other }
    }
}
