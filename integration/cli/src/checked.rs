//! The outcome of a task: a result, and the pictures and certificate that accompany it.

use stackmap_html::Picture;
use stackmap_report::FunctionResult;

/// The result of one function, and the pictures and certificate that accompany it.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) result: FunctionResult,
    /// The pictures of the findings, if a page is written.
    pub(crate) pictures: Vec<Picture>,
    /// The model and certificate as text, if they are written.
    pub(crate) certificate: Option<String>,
}

impl From<FunctionResult> for Checked {
    fn from(result: FunctionResult) -> Self {
        Checked { result, pictures: Vec::new(), certificate: None }
    }
}
