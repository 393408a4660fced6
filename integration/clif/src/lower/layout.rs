//! The blocks of one function: their ids in the model, and which of them are reachable.

use stackmap_verifier::cfg::Cfg;
use stackmap_verifier::model::{Block, Name};

use super::{LowerError, Site};
use crate::view::Function;

/// The position of a block that is not in the layout.
const NONE: u32 = u32::MAX;

/// The blocks of one function.
pub(super) struct Layout<'f, F> {
    pub(super) view: &'f F,
    /// `before` or `after`.
    pub(super) program: &'static str,
    /// The position of each block in the layout, by block index: its id in the model.
    positions: Vec<u32>,
    reachable: Vec<bool>,
}

impl<'f, F: Function> Layout<'f, F> {
    pub(super) fn new(view: &'f F, program: &'static str) -> Result<Self, LowerError> {
        let mut positions = vec![NONE; view.block_bound()];
        let mut entry = None;
        for (position, block) in (0..).zip(view.blocks()) {
            entry.get_or_insert(block);
            if let Some(slot) = positions.get_mut(block as usize) {
                *slot = position;
            }
        }
        let Some(entry) = entry else { return Err(LowerError::Empty { program }) };
        let reachable = vec![false; positions.len()];
        let mut layout = Layout { view, program, positions, reachable };
        layout.search(entry)?;
        Ok(layout)
    }

    /// Returns the layout of a view of `program` that shows the same blocks and edges.
    pub(super) fn of<'g, G>(&self, view: &'g G, program: &'static str) -> Layout<'g, G> {
        let (positions, reachable) = (self.positions.clone(), self.reachable.clone());
        Layout { view, program, positions, reachable }
    }

    /// Finds the reachable blocks, and checks that all edges among them lead to blocks in the
    /// layout.
    fn search(&mut self, entry: u32) -> Result<(), LowerError> {
        let mut stack = vec![entry];
        while let Some(block) = stack.pop() {
            if std::mem::replace(&mut self.reachable[block as usize], true) {
                continue;
            }
            let Some(terminator) = self.view.terminator(block) else {
                let (program, block) = (self.program, self.block_name(block).to_string());
                return Err(LowerError::NoTerminator { program, block });
            };
            for edge in self.view.edges(terminator) {
                let target = self.view.target(edge);
                if self.id(target).is_none() {
                    let site = self.site(terminator);
                    return Err(LowerError::NoSuchBlock { program: self.program, site });
                }
                if !self.reachable[target as usize] {
                    stack.push(target);
                }
            }
        }
        Ok(())
    }

    /// Returns the block's id in the model, if the block is in the layout.
    pub(super) fn id(&self, block: u32) -> Option<Block> {
        let position = *self.positions.get(block as usize)?;
        (position != NONE).then(|| Block::new(position as usize))
    }

    /// Returns whether the block is reachable from the entry.
    pub(super) fn is_reachable(&self, block: u32) -> bool {
        self.reachable.get(block as usize).copied().unwrap_or(false)
    }

    /// Returns whether edges may enter the block: whether it is reachable, and not the entry.
    pub(super) fn is_entered(&self, block: u32) -> bool {
        let is_entry = self.positions.get(block as usize) == Some(&0);
        self.is_reachable(block) && !is_entry
    }

    /// Returns the reachable blocks in layout order, each with its id.
    pub(super) fn reachable(&self) -> impl Iterator<Item = (u32, Block)> {
        let reachable = self.view.blocks().filter(|&block| self.is_reachable(block));
        reachable.filter_map(|block| Some((block, self.id(block)?)))
    }

    /// Returns the control-flow graph. Unreachable blocks have no edges.
    pub(super) fn cfg(&self) -> Cfg {
        let view = self.view;
        Cfg::new(view.blocks().map(|block| {
            let terminator = view.terminator(block).filter(|_| self.is_reachable(block));
            let edges = terminator.into_iter().flat_map(|terminator| view.edges(terminator));
            let targets = edges.filter_map(|edge| self.id(view.target(edge)));
            targets.collect::<Vec<_>>()
        }))
    }

    /// Returns the error for an instruction that comes after a terminator.
    pub(super) fn after_terminator(&self, instruction: F::Instruction) -> LowerError {
        LowerError::AfterTerminator { program: self.program, site: self.site(instruction) }
    }

    /// Returns the error for an edge that passes a result which no call of its block has.
    pub(super) fn no_such_result(&self, branch: F::Instruction) -> LowerError {
        LowerError::NoSuchResult { program: self.program, site: self.site(branch) }
    }

    pub(super) fn block_name(&self, block: u32) -> Name {
        Name::Numbered("block", self.view.block_number(block))
    }

    pub(super) fn value_name(&self, value: u32) -> Name {
        Name::Numbered("v", self.view.value_number(value))
    }

    pub(super) fn site(&self, instruction: F::Instruction) -> Site {
        let text = self.view.describe(instruction);
        Site { text, origin: self.view.origin(instruction) }
    }
}
