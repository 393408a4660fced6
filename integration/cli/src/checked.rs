//! The outcome of a task: a result, and what accompanies it.

use stackmap_clif::lower::AfterOnlyFunction;
use stackmap_html::{Picture, View, view, view_alone};
use stackmap_report::FunctionResult;
use stackmap_verifier::Options;
use stackmap_verifier::model::{After, Before, Value};

/// The result of one function, and what accompanies it.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) result: FunctionResult,
    /// The pictures of the findings, if a page is written.
    pub(crate) pictures: Vec<Picture>,
    /// The model that was verified, if models are kept.
    pub(crate) model: Option<Model>,
    /// The model and certificate as text, if they are written.
    pub(crate) certificate: Option<String>,
}

/// The model of a function, and the options it was verified with.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) program: Program,
    pub(crate) options: Options,
}

/// The programs of a model.
#[derive(Clone, Debug)]
pub(crate) enum Program {
    /// A function before and after spilling, and the values that are references.
    Pair(Box<(Before, Vec<Value>, After)>),
    /// A function without its counterpart.
    Alone(Box<AfterOnlyFunction>),
}

impl Model {
    /// Returns the view of the function, if there is one.
    pub(crate) fn view(&self) -> Option<View> {
        match &self.program {
            Program::Pair(pair) => {
                let (before, declared, after) = &**pair;
                view(before, declared, after, &self.options)
            }
            Program::Alone(function) => {
                view_alone(function.program.after(), &function.declared, &self.options)
            }
        }
    }
}

impl From<FunctionResult> for Checked {
    fn from(result: FunctionResult) -> Self {
        Checked { result, pictures: Vec::new(), model: None, certificate: None }
    }
}
