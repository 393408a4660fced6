//! The outcome of a task: a result, and what else was made of the function.

use stackmap_html::Picture;
use stackmap_report::FunctionResult;

/// The result of one function, and what else was made of it.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) result: FunctionResult,
    /// The pictures of its findings, if there is a page.
    pub(crate) pictures: Vec<Picture>,
    /// Its model and certificate as text, if they are written down.
    pub(crate) certificate: Option<String>,
}

impl From<FunctionResult> for Checked {
    fn from(result: FunctionResult) -> Self {
        Checked { result, pictures: Vec::new(), certificate: None }
    }
}
