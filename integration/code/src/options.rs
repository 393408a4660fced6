//! Options.

/// Options of [`verify`](crate::verify).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether Cranelift's verifier looks at the function before it is lowered. Lowering a function
    /// that is not valid may panic, so do not turn this off for one that was read from a file.
    pub check_clif: bool,
}

impl Default for Options {
    /// The function is looked at.
    fn default() -> Self {
        Options { check_clif: true }
    }
}
