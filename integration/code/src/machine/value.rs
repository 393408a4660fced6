//! What is known of a register or a frame cell.

/// What is known of the content of a register or of a cell of the frame. Addresses of the frame are
/// counted from the stack pointer at the entry of the function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Value {
    /// It is no address of the frame.
    #[default]
    Other,
    /// It is this number.
    Constant(i64),
    /// It is this address of the frame.
    Frame(i64),
    /// It is one of these addresses of the frame, by the path; the first is the lower one.
    Either(i64, i64),
    /// It may have been computed from an address of the frame.
    Derived,
}

impl Value {
    /// Returns what is known if it is one or the other.
    pub(crate) fn join(self, other: Value) -> Value {
        match (self, other) {
            (a, b) if a == b => a,
            (Value::Other | Value::Constant(_), Value::Other | Value::Constant(_)) => Value::Other,
            (Value::Frame(a), Value::Frame(b)) => Value::Either(a.min(b), a.max(b)),
            (Value::Frame(one), either @ Value::Either(a, b))
            | (either @ Value::Either(a, b), Value::Frame(one))
                if [a, b].contains(&one) =>
            {
                either
            }
            (_, _) => Value::Derived,
        }
    }

    /// Returns what is known of the sum with a constant.
    pub(crate) fn plus(self, offset: i64) -> Value {
        match self {
            Value::Constant(number) => Value::Constant(number.wrapping_add(offset)),
            Value::Frame(base) => Value::Frame(base.wrapping_add(offset)),
            Value::Either(a, b) => match (a.checked_add(offset), b.checked_add(offset)) {
                (Some(a), Some(b)) => Value::Either(a, b),
                (_, _) => Value::Derived,
            },
            Value::Other | Value::Derived => self,
        }
    }

    /// Returns what is known of the sum with another value.
    pub(crate) fn sum(self, other: Value) -> Value {
        match (self, other) {
            (Value::Constant(number), value) | (value, Value::Constant(number)) => {
                value.plus(number)
            }
            (_, _) => Value::computed([self, other].into_iter()),
        }
    }

    /// Returns the addresses of the frame that it may be; `None` if that is not known.
    pub(crate) fn addresses(self) -> Option<Vec<i64>> {
        match self {
            Value::Frame(address) => Some(vec![address]),
            Value::Either(a, b) => Some(vec![a, b]),
            Value::Other | Value::Constant(_) | Value::Derived => None,
        }
    }

    /// Returns what is known of a result that is computed from such values.
    pub(crate) fn computed(mut from: impl Iterator<Item = Value>) -> Value {
        let is_no_address = |value| matches!(value, Value::Other | Value::Constant(_));
        if from.any(|value| !is_no_address(value)) { Value::Derived } else { Value::Other }
    }
}
