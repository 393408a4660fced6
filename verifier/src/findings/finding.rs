//! A finding: data, which renderers turn into text.

use super::{Code, Severity};
use crate::model::{Block, EdgeIndex, InstructionId, Location, Origin};

/// A place in the after program. In a secondary label of [`super::changed_program`] or
/// [`super::misplaced_access`] it may be one in the before program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// The block, as the input calls it; empty for a place before the first block,
    /// among the function's declarations.
    pub block: String,
    /// The instruction; `None` for a place at the start of the block, or for one that
    /// is not in the after program.
    pub instruction: Option<InstructionId>,
    /// The place in the input.
    pub origin: Origin,
}

/// A site, with a text about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub site: Site,
    /// The event, in words.
    pub text: String,
}

/// One block of a witness path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessBlock {
    /// The block, in the after program.
    pub block: Block,
    /// The edge of the block before it by which the path came; none for the
    /// entry.
    pub entered_by: Option<EdgeIndex>,
    /// The block's header.
    pub site: Site,
    /// Whether the path came here by a back edge, around a loop.
    pub by_back_edge: bool,
    /// The events in it that matter, in order.
    pub events: Vec<Label>,
}

/// A finding of the verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The kind of finding.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// The slot or other place it is about, as the input calls it.
    pub slot: Option<String>,
    /// The location of [`slot`](Self::slot) in the after program, if it is one.
    pub location: Option<Location>,
    /// The values it is about, the one that is lost or wrong first.
    pub values: Vec<String>,
    /// The safepoint at which it matters.
    pub safepoint: Option<Site>,
    /// The place at which it shows.
    pub primary: Label,
    /// The places that led there.
    pub secondary: Vec<Label>,
    /// A path from the entry on which it shows; empty if it shows on none in
    /// particular.
    pub witness: Vec<WitnessBlock>,
    /// Further information: next uses, and consequences of the same defect.
    pub notes: Vec<Label>,
    /// Advice on how to mend it.
    pub help: &'static str,
}

impl Finding {
    /// Returns the severity.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
