//! The results that a `try_call` defines on its edges.
//!
//! CLIF has no values for the results of a `try_call`: `ret0` and `exn0` exist
//! only as arguments of its edges. In the model they are ordinary values that
//! the operation defines and its edges pass on.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use stackmap_verifier::model::Name;

use crate::view::{Argument, Function, Role};

/// A result that a `try_call` defines on one of its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum EdgeResult {
    Return(u32),
    Exception(u32),
}

impl EdgeResult {
    /// Returns the name of the result, `ret0 of block3`: a block has at most one `try_call`, its
    /// last instruction.
    pub(super) fn name(self, block: &Name) -> Name {
        let text = match self {
            EdgeResult::Return(n) => format!("ret{n} of {block}"),
            EdgeResult::Exception(n) => format!("exn{n} of {block}"),
        };
        Name::Text(text.into())
    }
}

/// An argument that an edge passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    Value(u32),
    Result(EdgeResult),
}

impl From<Argument> for Passed {
    fn from(argument: Argument) -> Passed {
        match argument {
            Argument::Value(value) => Passed::Value(value),
            Argument::Return(n) => Passed::Result(EdgeResult::Return(n)),
            Argument::Exception(n) => Passed::Result(EdgeResult::Exception(n)),
        }
    }
}

/// The edge results of one instruction, without duplicates, in order of appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct EdgeResults(IndexSet<EdgeResult, FxBuildHasher>);

impl EdgeResults {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of<F: Function>(view: &F, instruction: F::Instruction, role: Role) -> Self {
        let mut results = EdgeResults::default();
        if role != Role::Safepoint || !view.is_terminator(instruction) {
            return results;
        }
        for edge in view.edges(instruction) {
            for argument in view.arguments(edge) {
                match Passed::from(argument) {
                    Passed::Value(_) => {}
                    Passed::Result(result) => {
                        results.0.insert(result);
                    }
                }
            }
        }
        results
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = EdgeResult> {
        self.0.iter().copied()
    }

    pub(super) fn position(&self, result: EdgeResult) -> Option<usize> {
        self.0.get_index_of(&result)
    }
}
