//! The before program with its names.

use std::ops::Deref;

use stackmap_kernel::model as kernel;

use super::mentioned::Mentioned;
use super::misuse::{Misuse, Progress};
use super::{Block, OperationId, OperationKind, Value};
use crate::names::{Headers, Name, Names, Origin, Origins};

/// The before program, in SSA form. Block 0 is the entry; its parameters are
/// the function's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    program: kernel::Before,
    values: Names,
    blocks: Headers,
    origins: Origins,
    /// The positions of the forwarding operations. There are few of them, and they are queried
    /// separately.
    forwarding: Vec<(Block, OperationId)>,
    mentioned: Mentioned,
    misuse: Option<Misuse>,
}

impl Deref for Before {
    type Target = kernel::Before;

    fn deref(&self) -> &kernel::Before {
        &self.program
    }
}

impl Before {
    /// Returns the name of a value in the input.
    pub fn value_name(&self, value: Value) -> Name {
        self.values.get(value.index())
    }

    /// Returns the name of a block in the input.
    pub fn block_name(&self, block: Block) -> Name {
        self.blocks.names.get(block.index())
    }

    /// Returns the position of a block's header in the input.
    pub fn block_origin(&self, block: Block) -> Origin {
        self.blocks.origins.get(block.index())
    }

    /// Returns the position of an operation in the input.
    pub fn operation_origin(&self, id: OperationId) -> Origin {
        self.origins.get(id.index())
    }

    /// The operations of the kind [`OperationKind::Forwards`], and their blocks.
    pub fn forwarding(&self) -> &[(Block, OperationId)] {
        &self.forwarding
    }

    /// Returns the first call of the builder that meant nothing where it was made, if there is one.
    pub fn misuse(&self) -> Option<Misuse> {
        self.misuse
    }

    /// Whether every value that is mentioned exists.
    pub fn mentions_only_values(&self) -> bool {
        self.mentioned.are_below(self.value_count())
    }
}

/// Builds a [`Before`]: values first or as they come, then block after block,
/// each with its operations and its exit.
#[derive(Clone, Debug, Default)]
pub struct BeforeBuilder {
    program: kernel::BeforeBuilder,
    values: Names,
    blocks: Headers,
    origins: Origins,
    forwarding: Vec<(Block, OperationId)>,
    mentioned: Mentioned,
    progress: Progress,
}

impl BeforeBuilder {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for about as many values and operations.
    pub fn reserve(&mut self, values: usize, operations: usize) {
        self.values.reserve(values);
        self.program.reserve(values, operations);
    }

    /// Adds a value.
    pub fn value(&mut self, name: Name) -> Value {
        self.values.push(name);
        self.program.value()
    }

    /// Begins a new block; the first is the entry.
    pub fn block(&mut self, name: Name, origin: Origin, params: &[Value]) -> Block {
        let block = self.create_block();
        self.begin(block, name, origin, params);
        block
    }

    /// Creates a block that begins later, so that an edge can lead to it before it does. Blocks
    /// begin in the order in which they are created; the first is the entry.
    pub fn create_block(&mut self) -> Block {
        self.progress.create()
    }

    /// Begins a block that was created: it is the current one, to which operations and its exit
    /// are added. Its parameters are values.
    pub fn begin(&mut self, block: Block, name: Name, origin: Origin, params: &[Value]) {
        self.progress.begin(block);
        self.mentioned.note(params.iter().map(|value| value.index()));
        self.blocks.push(name, origin);
        self.program.block(params);
    }

    /// Adds an operation to the current block. The operation of the terminator is the last one:
    /// a branch uses its condition, and a return what it returns.
    pub fn operation(
        &mut self,
        kind: OperationKind,
        uses: &[Value],
        defs: &[Value],
        origin: Origin,
    ) -> OperationId {
        self.progress.item("an operation");
        self.mentioned.note(uses.iter().chain(defs).map(|value| value.index()));
        let id = self.program.operation(kind, uses, defs);
        self.origins.push(id.index(), origin);
        if let OperationKind::Forwards { .. } = kind {
            self.forwarding.push((Block::new(self.blocks.len().saturating_sub(1)), id));
        }
        id
    }

    /// Says how control leaves the current block: along these edges, or out of
    /// the function if there are none. To be called once for each block.
    pub fn leave<'e>(&mut self, edges: impl IntoIterator<Item = (Block, &'e [Value])>) {
        self.progress.exit();
        let mentioned = &mut self.mentioned;
        self.program.leave(edges.into_iter().inspect(|(_, arguments)| {
            mentioned.note(arguments.iter().map(|value| value.index()));
        }));
    }

    /// The finished program. If the builder was misused, that is [kept](Before::misuse) in it,
    /// and it is not verified.
    pub fn finish(self) -> Before {
        let BeforeBuilder { program, values, blocks, origins, forwarding, mentioned, progress } =
            self;
        let misuse = progress.finish();
        Before { program: program.finish(), values, blocks, origins, forwarding, mentioned, misuse }
    }
}
