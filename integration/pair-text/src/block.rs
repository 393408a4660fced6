//! The block that is being read, of either program.

use stackmap_verifier::model::Block;

use crate::error::Problem;
use crate::line::{Line, Wrong};

/// Edges, with the block that each enters.
pub(crate) type Edges<O> = Vec<(Block, Vec<O>)>;

/// The block that is being read: its edges so far.
#[derive(Debug)]
pub(crate) struct Current<O> {
    /// The line of its header; `None` if there is no block yet.
    header: Option<u32>,
    edges: Edges<O>,
    leaves: bool,
}

impl<O> Current<O> {
    pub(crate) fn none() -> Self {
        Current { header: None, edges: Vec::new(), leaves: false }
    }

    /// Begins a block, whose header is on this line.
    pub(crate) fn begin(&mut self, line: u32) {
        *self = Current { header: Some(line), edges: Vec::new(), leaves: false };
    }

    /// Returns the edges of the block, if there is one, which ends before this line.
    pub(crate) fn finish(&mut self, line: u32) -> Result<Option<Edges<O>>, Wrong> {
        let Some(header) = self.header else { return Ok(None) };
        match self.edges.is_empty() && !self.leaves {
            true => Err((line, 1, Problem::NoExit { line: header })),
            false => Ok(Some(std::mem::take(&mut self.edges))),
        }
    }

    /// Checks that an operation or instruction may be here.
    pub(crate) fn item(&self, line: &Line<'_>) -> Result<(), Wrong> {
        self.is_open(line, self.leaves || !self.edges.is_empty())
    }

    /// Adds an edge.
    pub(crate) fn edge(
        &mut self,
        line: &Line<'_>,
        target: Block,
        arguments: Vec<O>,
    ) -> Result<(), Wrong> {
        self.is_open(line, self.leaves)?;
        self.edges.push((target, arguments));
        Ok(())
    }

    /// Adds an exit out of the function.
    pub(crate) fn leave(&mut self, line: &Line<'_>) -> Result<(), Wrong> {
        self.item(line)?;
        self.leaves = true;
        Ok(())
    }

    fn is_open(&self, line: &Line<'_>, has_exit: bool) -> Result<(), Wrong> {
        let column = line.origin().column;
        match self.header {
            None => Err(line.first("a block")),
            Some(header) if has_exit => {
                Err(line.wrong(column, Problem::BehindExit { line: header }))
            }
            Some(_) => Ok(()),
        }
    }
}
