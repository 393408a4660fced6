//! Names and sites, for findings that do not need a run.

use std::ops::Deref;

use crate::findings::{Label, Site};
use crate::model::{After, Block, Location, Value};
use crate::prove::pair::{Pair, Point};

/// Orders findings: by the point at which they show, then by location.
pub(crate) type Anchor = (Point, Location);

/// Names things of a pair as the input does.
#[derive(Clone, Copy)]
pub(crate) struct Sites<'p> {
    pub(super) pair: &'p Pair<'p>,
    places: Places<'p>,
}

impl<'p> Sites<'p> {
    pub(crate) fn new(pair: &'p Pair<'p>) -> Self {
        Sites { pair, places: Places { after: pair.after() } }
    }

    /// A value's name.
    pub(crate) fn bare_value(&self, value: Value) -> String {
        self.pair.before().value_name(value).to_string()
    }

    /// A value's name, in backquotes.
    pub(crate) fn value(&self, value: Value) -> String {
        format!("`{}`", self.pair.before().value_name(value))
    }
}

impl<'p> Deref for Sites<'p> {
    type Target = Places<'p>;

    fn deref(&self) -> &Places<'p> {
        &self.places
    }
}

/// Names things of the after program as the input does.
#[derive(Clone, Copy)]
pub(crate) struct Places<'p> {
    pub(crate) after: &'p After,
}

impl Places<'_> {
    /// A location's name.
    pub(crate) fn bare_location(&self, at: Location) -> String {
        self.after.display_location(at).to_string()
    }

    /// A location's name, in backquotes.
    pub(crate) fn location(&self, at: Location) -> String {
        format!("`{}`", self.after.display_location(at))
    }

    /// The bytes of its slot that a cell covers.
    pub(crate) fn bytes(&self, at: Location) -> String {
        match self.after.cell(at) {
            Some(cell) => format!("bytes {}..{}", cell.offset, cell.end()),
            None => "no bytes".to_owned(),
        }
    }

    /// Returns the site of a point.
    pub(crate) fn site(&self, point: Point) -> Site {
        Site {
            block: self.after.block_name(point.block).to_string(),
            instruction: Some(point.instruction),
            origin: self.after.instruction_origin(point.instruction),
        }
    }

    /// Returns the site of the start of a block.
    pub(crate) fn block(&self, block: Block) -> Site {
        Site {
            block: self.after.block_name(block).to_string(),
            instruction: None,
            origin: self.after.block_origin(block),
        }
    }

    /// A label on a point.
    pub(crate) fn label(&self, point: Point, text: impl Into<String>) -> Label {
        Label { site: self.site(point), text: text.into() }
    }
}
