//! Options.

/// Options of [`verify`](crate::verify).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether Cranelift's verifier looks at the function before it is lowered. Lowering a function
    /// that is not valid may panic, so do not turn this off for one that was read from a file.
    pub check_clif: bool,
    /// Whether to list the calls, with what the collector reads at each.
    pub list_calls: bool,
}

impl Default for Options {
    /// The function is looked at, and its calls are not listed.
    fn default() -> Self {
        Options { check_clif: true, list_calls: false }
    }
}
