//! Calls of a builder that mean nothing where they are made.

use thiserror::Error;

use super::Block;

/// A call of a builder that means nothing where it is made. A program keeps the first one, and is
/// not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Misuse {
    /// An operation, an instruction or an exit, and no block has begun.
    #[error("{what} is added before any block")]
    NoBlock {
        /// `an operation`, `an instruction` or `an exit`.
        what: &'static str,
    },
    /// An action, and no instruction of the current block has begun.
    #[error("an action is added to {block:?} before any instruction of it")]
    NoInstruction {
        /// The current block; the entry, if none has begun.
        block: Block,
    },
    /// A block has two exits.
    #[error("a second exit is added to {block:?}")]
    SecondExit {
        /// The block.
        block: Block,
    },
    /// Blocks are begun in another order than they were created in.
    #[error("{begun:?} is begun where {created:?}, which was created earlier, is next")]
    Order {
        /// The block that is begun.
        begun: Block,
        /// The block that is next.
        created: Block,
    },
    /// A block is begun that was not created, or a second time.
    #[error("{block:?} is begun, which is not one of the blocks that are created and not begun")]
    NotCreated {
        /// The block.
        block: Block,
    },
    /// A block was created, and never begun.
    #[error("{block:?} is created and never begun")]
    NotBegun {
        /// The block.
        block: Block,
    },
}

/// The blocks of a program that is being built: those that exist, and the current one.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    created: usize,
    begun: usize,
    has_exit: bool,
    has_instruction: bool,
    misuse: Option<Misuse>,
}

impl Progress {
    fn wrong(&mut self, misuse: Misuse) {
        self.misuse.get_or_insert(misuse);
    }

    fn current(&self) -> Block {
        Block::new(self.begun.saturating_sub(1))
    }

    pub(super) fn create(&mut self) -> Block {
        self.created += 1;
        Block::new(self.created - 1)
    }

    /// A block begins that was created.
    pub(super) fn begin(&mut self, block: Block) {
        let next = Block::new(self.begun);
        if !(self.begun..self.created).contains(&block.index()) {
            self.wrong(Misuse::NotCreated { block });
        } else if block != next {
            self.wrong(Misuse::Order { begun: block, created: next });
        }
        self.begun += 1;
        self.created = self.created.max(self.begun);
        (self.has_exit, self.has_instruction) = (false, false);
    }

    pub(super) fn item(&mut self, what: &'static str) {
        self.has_instruction = true;
        if self.begun == 0 {
            self.wrong(Misuse::NoBlock { what });
        }
    }

    pub(super) fn action(&mut self) {
        if !self.has_instruction {
            self.wrong(Misuse::NoInstruction { block: self.current() });
        }
    }

    pub(super) fn exit(&mut self) {
        if self.begun == 0 {
            self.wrong(Misuse::NoBlock { what: "an exit" });
        } else if self.has_exit {
            self.wrong(Misuse::SecondExit { block: self.current() });
        }
        self.has_exit = true;
    }

    pub(super) fn finish(mut self) -> Option<Misuse> {
        if self.begun < self.created {
            self.wrong(Misuse::NotBegun { block: Block::new(self.begun) });
        }
        self.misuse
    }
}
